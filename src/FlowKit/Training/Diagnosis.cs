namespace FlowKit.Training;

/// <summary>Finds the batch and the layer at which a training stopped being finite, by running the failed batch again.</summary>
internal sealed class Diagnosis(nn.Module model, Objective objective) : IDisposable
{
    private readonly KeptWeights kept = new();
    private Dictionary<string, Tensor> changing = [];
    private Tensor? random;
    private bool wasFirst = true;

    /// <summary>Remembers what a batch starts from: the random stream, and what its forward pass may change.</summary>
    /// <param name="isFirst">Whether it is the training's first, by whose data a module may set its parameters; later ones change buffers only.</param>
    public void BeforeBatch(bool isFirst)
    {
        random?.Dispose();
        random = get_rng_state().DetachFromDisposeScope();
        if (isFirst || wasFirst)
        {
            kept.Clear();
            changing = isFirst ? model.state_dict() : model.named_buffers().ToDictionary(buffer => buffer.name, buffer => buffer.buffer);
        }
        wasFirst = isFirst;
        kept.Keep(changing);
    }

    /// <summary>Undoes what the failed batch did to the module, and names the first module whose output is not finite and the batch's rows.</summary>
    /// <param name="progress">The share of the steps that was done.</param>
    public (string? Module, IReadOnlyList<long> Rows) Explain(double progress)
    {
        var after = get_rng_state();
        string? module = null;
        try
        {
            Weights.Copy(kept.Memory, changing);
            set_rng_state(random!);
            objective.Batches?.Rewind();
            using var scope = NewDisposeScope();
            using var trace = new FiniteTrace(model);
            objective.Loss(progress);
            module = trace.First;
        }
        finally
        {
            Weights.Copy(kept.Memory, changing);
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
