namespace FlowKit.Training;

/// <summary>Weights in the safetensors format, which Python and others read and write.</summary>
/// <remarks>
/// <para>A file is the length of its header (8 bytes, little-endian), a JSON header {name: {dtype, shape, data_offsets}}, and the tensors' bytes without gaps,
/// see https://github.com/huggingface/safetensors. A file is written whole or not at all, and carries a SHA-256 that is verified where it is present.</para>
/// <para>Errors: a file that is truncated, damaged or of another format is an <see cref="InvalidDataException"/> that names the file and what is wrong with it.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var flow = RealNvp.Create(features: 2, layers: 2, hidden: [8]);
/// SafeTensors.Save(flow, "flow.safetensors");
/// var other = RealNvp.Create(features: 2, layers: 2, hidden: [8]);
/// SafeTensors.Load(other, "flow.safetensors");
/// var x = randn(5, 2);
/// Console.WriteLine(flow.LogProb(x).allclose(other.LogProb(x)));         // => True
/// Console.WriteLine(SafeTensors.Read("flow.safetensors").Keys.First());  // => transform.layers.0.conditioner.layers.0.bias
/// </code></example>
public static class SafeTensors
{
    /// <summary>Writes a module's parameters and buffers under the names of its state dictionary.</summary>
    /// <exception cref="IOException">The file cannot be written; an existing file is left unchanged.</exception>
    public static void Save(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        Write(path, module.state_dict());
    }

    /// <summary>Reads a module's parameters and buffers; the module is unchanged unless every name, shape and dtype is its own.</summary>
    /// <exception cref="ArgumentException">The file's tensors are not the module's; the message names them.</exception>
    public static void Load(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        var weights = module.state_dict();
        var read = Read(path);
        if (Weights.Difference(weights, read) is { } difference)
            throw new ArgumentException($"{path} does not hold the weights of this {module.GetName()}: {difference}.", nameof(path));
        Weights.Copy(read, weights);
    }

    /// <summary>Writes tensors by name.</summary>
    /// <exception cref="ArgumentException">A tensor's dtype has no place in the format (complex numbers).</exception>
    /// <exception cref="IOException">The file cannot be written; an existing file is left unchanged.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors) => Write(path, tensors, new Dictionary<string, string>());

    /// <summary>Reads every tensor of a file, on the CPU, in the caller's dispose scope.</summary>
    public static Dictionary<string, Tensor> Read(string path) => SafeTensorsReader.Read(path).Tensors;

    internal static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(tensors);
        SafeTensorsWriter.Write(path, tensors, metadata);
    }
}
