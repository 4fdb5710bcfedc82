using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline over tiles, and its inverse.</summary>
internal sealed unsafe class SplineTiles(RationalQuadraticSpline spline) : ITileMap
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse)
    {
        var lanes = new SplineLanes<T, V>(spline, step: n * Tile.Lanes);
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                var (y, logSlope) = lanes.Apply(V.Load(at + i), theta + i, inverse);
                y.Store(value + i);
                (V.Load(logDet + lane) + logSlope).Store(logDet + lane);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse)
    {
        var lanes = new SplineLanes<T, V>(spline, step: n * Tile.Lanes);
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                lanes.Backward(V.Load(at + i), theta + i, inverse, V.Load(gradValue + i), V.Load(gradLogDet + lane), gradTheta + i).Store(gradAt + i);
            }
    }
}
