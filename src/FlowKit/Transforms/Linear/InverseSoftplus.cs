namespace FlowKit.Transforms;

/// <summary>Where softplus(a) = ln(1 + e^a) takes a given value: what to start a positive parameter from.</summary>
internal static class InverseSoftplus
{
    /// <summary>The a with softplus(a) = y, for y > 0.</summary>
    public static double Of(double y) => y + Math.Log(-double.ExpM1(-y));
}
