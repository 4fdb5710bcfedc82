namespace FlowKit.Training;

/// <summary>A copy of a module's parameters and buffers, as those of its best step.</summary>
internal sealed class KeptWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> kept = [];

    /// <summary>The copies by name; none before the first.</summary>
    public IReadOnlyDictionary<string, Tensor> Memory => kept;

    /// <summary>Copies tensors, over the copies before.</summary>
    public void Keep(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var none = no_grad();
        foreach (var (name, tensor) in weights)
            if (kept.TryGetValue(name, out var copy)) copy.copy_(tensor);
            else kept[name] = tensor.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        foreach (var tensor in kept.Values) tensor.Dispose();
        kept.Clear();
    }

    public void Dispose() => Clear();
}
