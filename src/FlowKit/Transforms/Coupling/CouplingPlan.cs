namespace FlowKit.Transforms;

/// <summary>One direction of a coupling: how features are split, how an element is mapped, and the same coupling in ordinary operations.</summary>
internal sealed record CouplingPlan(Partition Partition, ElementwiseMap Map, bool Inverse, Func<Tensor, Tensor?, (Tensor Y, Tensor LogDet)> Ordinary)
{
    /// <summary>The map as a loop; only for a map that has one.</summary>
    public IElementLoop Loop => (IElementLoop)Map;
}
