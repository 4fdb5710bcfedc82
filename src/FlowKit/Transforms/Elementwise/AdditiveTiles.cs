using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>y = x + t over tiles, and its inverse.</summary>
internal sealed unsafe class AdditiveTiles : ITileMap
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse)
    {
        for (int i = 0; i < n * Tile.Lanes; i += V.Count)
            (inverse ? V.Load(at + i) - V.Load(theta + i) : V.Load(at + i) + V.Load(theta + i)).Store(value + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ITileMap.Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse)
    {
        for (int i = 0; i < n * Tile.Lanes; i += V.Count)
        {
            var gradient = V.Load(gradValue + i);
            gradient.Store(gradAt + i);
            (inverse ? -gradient : gradient).Store(gradTheta + i);
        }
    }
}
