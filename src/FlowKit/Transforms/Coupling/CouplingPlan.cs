namespace FlowKit.Transforms;

/// <summary>One direction of a coupling: how features are split, and how an element is mapped.</summary>
internal sealed record CouplingPlan(FeatureSplit Split, ElementwiseMap Map, bool Inverse)
{
    /// <summary>The features mapped with theta, (B, P |B|, ...), in ordinary operations, and the log-slopes.</summary>
    public (Tensor Y, Tensor LogSlope) Apply(Tensor transformed, Tensor theta)
    {
        theta = theta.unflatten(1, [Map.ParameterCount, Split.Transformed]);
        return Inverse ? Map.Inverse(transformed, theta) : Map.Forward(transformed, theta);
    }
}
