using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>softplus(x) = ln(1 + e^x) of one number, for loops: to full precision also far below zero, where it is e^x.</summary>
internal static class ScalarSoftplus
{
    /// <summary>ln(1 + e^x).</summary>
    public static T Of<T>(T x) where T : IBinaryFloatingPointIeee754<T> => T.Max(x, T.Zero) + Log1p(T.Exp(-T.Abs(x)));

    // .NET's LogP1 is Log(x + 1), which is 0 for a small x. What the sum has lost of x is put back by a factor (Kahan).
    private static T Log1p<T>(T x) where T : IBinaryFloatingPointIeee754<T>
    {
        T sum = x + T.One;
        return sum == T.One ? x : T.Log(sum) * (x / (sum - T.One));
    }
}
