using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>What an LSTM remembers of a text: (B, T) whole numbers to (B, H). The encoder of a variational language model, as <see cref="Inference.Vae"/> takes it.</summary>
/// <remarks>Bowman et al. 2016, arXiv:1511.06349. What lies outside 0 .. V - 1 is read as the nearer end, NaN as 0.</remarks>
/// <example><code>
/// manual_seed(0);
/// var encoder = new RecurrentEncoder(classes: 8, hidden: 32);
/// Console.WriteLine(encoder.forward(new TopicChains(symbols: 8).Sample(5)));  // => [5x32], type = Float32, device = cpu
/// </code></example>
public sealed class RecurrentEncoder : nn.Module<Tensor, Tensor>
{
    private readonly int classes;
    private readonly Embedding embedding;
    private readonly LSTM lstm;

    /// <summary>A network with random weights.</summary>
    /// <param name="classes">V >= 2.</param>
    /// <param name="hidden">H >= 1, numbers in its state and in the code of a symbol.</param>
    public RecurrentEncoder(int classes, int hidden) : base(nameof(RecurrentEncoder))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        this.classes = classes;
        embedding = nn.Embedding(classes, hidden);
        lstm = nn.LSTM(hidden, hidden, batchFirst: true);
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The last state, (B, H).</summary>
    /// <param name="input">(B, T).</param>
    public override Tensor forward(Tensor input)
    {
        Guard.Number(input);
        if (input.Dimensions != 2 || input.size(1) == 0) throw new ArgumentException($"input has shape {Guard.Describe(input)}; expected (B, T) with T >= 1.", nameof(input));
        using var scope = NewDisposeScope();
        var (output, _, _) = lstm.forward(embedding.forward(input.detach().nan_to_num(0).clamp(0, classes - 1).to(int64)));
        return scope.MoveToOuter(output.select(1, -1).clone());
    }
}
