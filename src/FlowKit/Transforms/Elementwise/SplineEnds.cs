namespace FlowKit.Transforms;

/// <summary>What happens at the two ends of a spline's interval.</summary>
internal enum SplineEnds
{
    /// <summary>Slope 1, and the identity outside: K - 1 free slopes.</summary>
    Identity,

    /// <summary>Free slopes, and nothing outside: K + 1 free slopes.</summary>
    Free,

    /// <summary>One slope for both, as the ends are one point: K free slopes.</summary>
    Glued,
}
