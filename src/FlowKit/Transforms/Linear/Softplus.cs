namespace FlowKit.Transforms;

/// <summary>softplus(a) = ln(1 + e^a) > 0.</summary>
internal static class Softplus
{
    /// <summary>The a with softplus(a) = y, for y > 0.</summary>
    public static double Inverse(double y) => y + Math.Log(-double.ExpM1(-y));
}
