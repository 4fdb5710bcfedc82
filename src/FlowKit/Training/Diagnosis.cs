namespace FlowKit.Training;

/// <summary>Finds the batch and the layer at which a training stopped being finite, by running the failed batch again.</summary>
internal sealed class Diagnosis(nn.Module model, Objective objective) : IDisposable
{
    private readonly Dictionary<string, Tensor> buffers = model.named_buffers().ToDictionary(buffer => buffer.name, buffer => buffer.buffer);
    private readonly KeptWeights kept = new();
    private Tensor? random;

    /// <summary>Remembers what a batch starts from: the random stream, and the buffers that its forward pass may change.</summary>
    public void BeforeBatch()
    {
        random?.Dispose();
        random = get_rng_state().DetachFromDisposeScope();
        if (buffers.Count > 0) kept.Keep(buffers);
    }

    /// <summary>Undoes what the failed batch did to the buffers, and names the first module whose output is not finite and the batch's rows.</summary>
    public (string? Module, IReadOnlyList<long> Rows) Explain()
    {
        var after = get_rng_state();
        string? module = null;
        try
        {
            Weights.Copy(kept.Memory, buffers);
            set_rng_state(random!);
            objective.Batches?.Rewind();
            using var scope = NewDisposeScope();
            using var trace = new FiniteTrace(model);
            objective.Loss();
            module = trace.First;
        }
        finally
        {
            Weights.Copy(kept.Memory, buffers);
            set_rng_state(after);
        }
        return (module, objective.Batches?.Rows ?? []);
    }

    public void Dispose()
    {
        random?.Dispose();
        kept.Dispose();
    }
}
