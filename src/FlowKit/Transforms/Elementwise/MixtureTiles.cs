namespace FlowKit.Transforms;

/// <summary>y = logit(F(x)) exp(a) + b over tiles, F the distribution function of a mixture of logistics, and its inverse.</summary>
internal sealed unsafe class MixtureTiles(LogisticMixtureMap map) : ITileMap
{
    void ITileMap.Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse) =>
        LanesLoop.Forward<T, V, MixtureLanes<T, V>>(new(map, step: n * Tile.Lanes), at, theta, value, logDet, n, inverse);

    void ITileMap.Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse) =>
        LanesLoop.Backward<T, V, MixtureLanes<T, V>>(new(map, step: n * Tile.Lanes), at, theta, gradValue, gradLogDet, gradAt, gradTheta, n, inverse);
}
