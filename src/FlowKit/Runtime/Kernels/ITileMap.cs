using System.Numerics;

namespace FlowKit;

/// <summary>An elementwise map over a tile: element e of sample s, with its own parameters, goes to a value and adds to the sample's log-determinant.</summary>
/// <remarks>With n elements and P parameters each, parameter p of element e is row p n + e of theta, (P n, 64).</remarks>
internal unsafe interface ITileMap
{
    /// <summary>The map, or its inverse.</summary>
    /// <param name="at">Where, (n, 64).</param>
    /// <param name="theta">The parameters, (P n, 64).</param>
    /// <param name="value">The result, (n, 64); may be the memory of <paramref name="at"/>.</param>
    /// <param name="logDet">The sum over the elements of the logarithm of the slope is added to it, (64).</param>
    /// <param name="n">Elements.</param>
    /// <param name="inverse">Whether it is the inverse map.</param>
    void Forward<T, V>(T* at, T* theta, T* value, T* logDet, int n, bool inverse) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>;

    /// <summary>The gradients of <see cref="Forward"/>.</summary>
    /// <param name="at">Where, (n, 64).</param>
    /// <param name="theta">The parameters, (P n, 64).</param>
    /// <param name="gradValue">The gradient of the result, (n, 64).</param>
    /// <param name="gradLogDet">The gradient of the log-determinant, (64): the same for every element of a sample.</param>
    /// <param name="gradAt">Receives the gradient of <paramref name="at"/>, (n, 64); may be the memory of <paramref name="gradValue"/>.</param>
    /// <param name="gradTheta">Receives the gradient of the parameters, (P n, 64).</param>
    /// <param name="n">Elements.</param>
    /// <param name="inverse">Whether it is the inverse map.</param>
    void Backward<T, V>(T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>;
}
