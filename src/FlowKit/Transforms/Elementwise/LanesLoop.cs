using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>Goes over a tile's elements, some lanes at a time: an <see cref="ITileMap"/> from what it does to the lanes.</summary>
internal static unsafe class LanesLoop
{
    /// <inheritdoc cref="ITileMap.Forward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V, L>(L lanes, T* at, T* theta, T* value, T* logDet, int n, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T> where L : struct, ITileLanes<T, V>, allows ref struct
    {
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                var (y, logSlope) = lanes.Apply(V.Load(at + i), theta + i, inverse);
                y.Store(value + i);
                (V.Load(logDet + lane) + logSlope).Store(logDet + lane);
            }
    }

    /// <inheritdoc cref="ITileMap.Backward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V, L>(L lanes, T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T> where L : struct, ITileLanes<T, V>, allows ref struct
    {
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                lanes.Backward(V.Load(at + i), theta + i, inverse, V.Load(gradValue + i), V.Load(gradLogDet + lane), gradTheta + i).Store(gradAt + i);
            }
    }
}
