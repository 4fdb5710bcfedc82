using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>y = x exp(s) + t over tiles, s the bounded a, and its inverse. theta = (a, t).</summary>
internal sealed unsafe class AffineTiles(AffineMap map) : ITileMap
{
    private readonly bool isRational = map.Bound == ScaleBound.Rational;
    private readonly double bound = map.MaxLogScale;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse)
    {
        T* shifts = theta + n * Tile.Lanes;
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                V x = V.Load(at + i), t = V.Load(shifts + i), s = Bounded<T, V>(V.Load(theta + i));
                if (inverse) s = -s;
                V slope = V.Exp(s);
                (inverse ? (x - t) * slope : V.MultiplyAdd(x, slope, t)).Store(value + i);
                (V.Load(logDet + lane) + s).Store(logDet + lane);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse)
    {
        int shifts = n * Tile.Lanes;
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                V a = V.Load(theta + i), s = Bounded<T, V>(a), x = V.Load(at + i), ofValue = V.Load(gradValue + i), ofLogDet = V.Load(gradLogDet + lane);
                V gradient = ofValue * V.Exp(inverse ? -s : s);
                V ofScale = inverse ? gradient * (V.Load(theta + shifts + i) - x) - ofLogDet : V.MultiplyAdd(gradient, x, ofLogDet);
                gradient.Store(gradAt + i);
                (inverse ? -gradient : ofValue).Store(gradTheta + shifts + i);
                (ofScale * Slope<T, V>(a)).Store(gradTheta + i);
            }
    }

    // s of a.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Bounded<T, V>(V a) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T> => isRational
        ? a / V.MultiplyAdd(V.Abs(a), 1 / bound, 1)
        : Arctangent<T, V>(a * (1 / bound)) * (2 * bound / Math.PI);

    // ds/da.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Slope<T, V>(V a) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        V share = V.Abs(a) * (1 / bound), q = share + 1;
        return isRational ? 1 / (q * q) : 2 / Math.PI / V.MultiplyAdd(share, share, 1);
    }

    // atan u = pi/2 - atan(1/u) for u > 1, and 2 atan(u / (1 + sqrt(1 + u²))), twice; then its series, of which twelve terms leave less than 1e-18.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Arctangent<T, V>(V x) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        V size = V.Abs(x), isLarge = size > 1, u = V.Select(isLarge, 1 / size, size);
        for (int i = 0; i < 2; i++) u /= 1 + V.Sqrt(V.MultiplyAdd(u, u, 1));

        V minusSquare = -(u * u), sum = V.Zero;
        for (int power = 23; power > 0; power -= 2) sum = V.MultiplyAdd(sum, minusSquare, 1.0 / power);
        V angle = 4 * u * sum;
        angle = V.Select(isLarge, Math.PI / 2 - angle, angle);
        return V.Select(x < 0, -angle, angle);
    }
}
