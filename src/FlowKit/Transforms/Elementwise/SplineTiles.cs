namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline over tiles, and its inverse.</summary>
internal sealed unsafe class SplineTiles(RationalQuadraticSpline spline) : ITileMap
{
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse) =>
        LanesLoop.Forward<T, V, SplineLanes<T, V>>(new(spline, step: n * Tile.Lanes), at, theta, value, logDet, n, inverse);

    void ITileMap.Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse) =>
        LanesLoop.Backward<T, V, SplineLanes<T, V>>(new(spline, step: n * Tile.Lanes), at, theta, gradValue, gradLogDet, gradAt, gradTheta, n, inverse);
}
