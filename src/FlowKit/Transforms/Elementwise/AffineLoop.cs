using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowKit.Transforms;

/// <summary>y = x exp(s) + t, s the bounded a, and its inverse, element by element with theta = (a, t).</summary>
internal static class AffineLoop
{
    public static (Tensor Value, Tensor LogSlope) Forward(AffineMap map, Tensor at, Tensor theta, bool inverse)
    {
        var (value, logSlope) = (empty_like(at), empty_like(at));
        if (at.dtype == ScalarType.Float32) Forward<float>(map, Values<float>(at), Values<float>(theta), Values<float>(value), Values<float>(logSlope), Width(at), inverse);
        else Forward<double>(map, Values<double>(at), Values<double>(theta), Values<double>(value), Values<double>(logSlope), Width(at), inverse);
        return (value, logSlope);
    }

    public static (Tensor At, Tensor Theta) Backward(AffineMap map, Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogSlope, bool inverse)
    {
        var (gradAt, gradTheta) = (empty_like(at), empty_like(theta));
        if (at.dtype == ScalarType.Float32)
            Backward<float>(map, Values<float>(at), Values<float>(theta), Values<float>(gradValue), Values<float>(gradLogSlope), Values<float>(gradAt), Values<float>(gradTheta), Width(at), inverse);
        else
            Backward<double>(map, Values<double>(at), Values<double>(theta), Values<double>(gradValue), Values<double>(gradLogSlope), Values<double>(gradAt), Values<double>(gradTheta), Width(at), inverse);
        return (gradAt, gradTheta);
    }

    private static void Forward<T>(AffineMap map, Span<T> at, Span<T> theta, Span<T> value, Span<T> logSlope, int n, bool inverse) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bound = new Bound<T>(map);
        for (int i = 0, row = 0; row < at.Length; row += n)
            for (int k = 0; k < n; k++, i++)
            {
                T a = theta[2 * row + k], t = theta[2 * row + n + k];
                T s = bound.Of(a);
                (value[i], logSlope[i]) = inverse ? ((at[i] - t) * T.Exp(-s), -s) : (at[i] * T.Exp(s) + t, s);
            }
    }

    private static void Backward<T>(AffineMap map, Span<T> at, Span<T> theta, Span<T> gradValue, Span<T> gradLogSlope, Span<T> gradAt, Span<T> gradTheta, int n, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bound = new Bound<T>(map);
        for (int i = 0, row = 0; row < at.Length; row += n)
            for (int k = 0; k < n; k++, i++)
            {
                int ia = 2 * row + k, it = ia + n;
                T a = theta[ia], bounded = bound.Of(a);
                T slope = T.Exp(inverse ? -bounded : bounded);
                gradAt[i] = gradValue[i] * slope;
                gradTheta[it] = inverse ? -gradAt[i] : gradValue[i];
                T s = inverse ? gradAt[i] * (theta[it] - at[i]) - gradLogSlope[i] : gradAt[i] * at[i] + gradLogSlope[i];
                gradTheta[ia] = s * bound.Slope(a);
            }
    }

    private static int Width(Tensor at) => (int)at.size(1);

    private static Span<T> Values<T>(Tensor x) where T : unmanaged => MemoryMarshal.Cast<byte, T>(x.bytes);

    /// <summary>s of a, and ds/da.</summary>
    private readonly struct Bound<T>(AffineMap map) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly bool isRational = map.Bound == ScaleBound.Rational;
        private readonly T perBound = T.CreateChecked(1 / map.MaxLogScale), height = T.CreateChecked(2 * map.MaxLogScale / Math.PI), slope = T.CreateChecked(2 / Math.PI);

        public T Of(T a) => isRational ? a / (T.One + T.Abs(a) * perBound) : height * T.Atan(a * perBound);

        public T Slope(T a)
        {
            T q = isRational ? T.One + T.Abs(a) * perBound : T.One + a * a * perBound * perBound;
            return isRational ? T.One / (q * q) : slope / q;
        }
    }
}
