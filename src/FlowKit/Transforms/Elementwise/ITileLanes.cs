using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>A map of some elements side by side, one a lane, each with its own parameters.</summary>
internal unsafe interface ITileLanes<T, V> where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
{
    /// <summary>Value and log-slope, of the map or of its inverse.</summary>
    (V Value, V LogSlope) Apply(V at, T* theta, bool inverse);

    /// <summary>The gradient of the argument; that of the parameters is written, laid out as theta.</summary>
    V Backward(V at, T* theta, bool inverse, V gradValue, V gradLogSlope, T* gradTheta);
}
