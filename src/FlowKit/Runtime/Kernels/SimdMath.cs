using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Functions of vectors that .NET does not have.</summary>
internal static class SimdMath
{
    /// <summary>tanh x, to a few units in the last place.</summary>
    /// <remarks>
    /// Below 5/8 the convergent of Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + ...))) that ends with 15, whose relative error there is under 1e-17 and whose coefficients are all positive;
    /// above it (e²ˣ - 1)/(e²ˣ + 1), where nothing cancels. Both are fractions, so one division serves. From 20 on tanh x rounds to 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V size = V.Min(20, V.Abs(x)), z = x * x;
        V above = V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(36, z, 6930), z, 270_270), z, 2_027_025) * size;
        V below = V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(z + 630, z, 51_975), z, 945_945), z, 2_027_025);
        V power = V.Exp(size + size), isSmall = size < 0.625;
        V result = V.Select(isSmall, above, power - 1) / V.Select(isSmall, below, power + 1);
        return V.Select(x < V.Zero, -result, result);
    }
}
