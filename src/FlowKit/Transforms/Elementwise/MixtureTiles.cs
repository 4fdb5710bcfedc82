using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>y = logit(F(x)) exp(a) + b over tiles, F the distribution function of a mixture of logistics, and its inverse.</summary>
internal sealed unsafe class MixtureTiles(LogisticMixtureMap map) : ITileMap
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse)
    {
        var lanes = new MixtureLanes<T, V>(map, step: n * Tile.Lanes);
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
        var lanes = new MixtureLanes<T, V>(map, step: n * Tile.Lanes);
        for (int e = 0; e < n; e++)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                int i = e * Tile.Lanes + lane;
                lanes.Backward(V.Load(at + i), theta + i, inverse, V.Load(gradValue + i), V.Load(gradLogDet + lane), gradTheta + i).Store(gradAt + i);
            }
    }
}
