using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowKit;

/// <summary>The operations on tiles for a precision, in the widest vectors of this hardware.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract unsafe class TileKernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>All kinds that run on this hardware, the best one first.</summary>
    public static IReadOnlyList<TileKernels<T>> All { get; } = Vector512.IsHardwareAccelerated ? [new VectorTileKernels<T, Simd512<T>>(), new VectorTileKernels<T, SimdN<T>>()] : [new VectorTileKernels<T, SimdN<T>>()];

    /// <summary>The one to use.</summary>
    public static TileKernels<T> Best { get; } = All[0];

    /// <summary>See <see cref="TileLinear.Forward"/>.</summary>
    public abstract void Forward(TileLinear layer, T* weight, T* bias, T* x, nint xStep, T* y, nint yStep, int tiles, Gate gate);

    /// <summary>See <see cref="TileLinear.InputGradient"/>.</summary>
    public abstract void InputGradient(TileLinear layer, T* weight, T* gy, nint gyStep, T* gx, nint gxStep, int tiles, Gate gate, T* x, nint xStep);

    /// <summary>See <see cref="TileLinear.WeightGradient"/>.</summary>
    public abstract void WeightGradient(TileLinear layer, T* gy, nint gyStep, T* transposed, nint step, int tiles, T* gw, T* gb, bool add, int part, int parts);

    /// <summary>c = gate(A b + bias), or c = gate(A b + c), for one tile and a dense A of which rows are wanted a few at a time.</summary>
    /// <param name="a">A, row-major.</param>
    /// <param name="aStep">Numbers from one of its rows to the next.</param>
    /// <param name="rows">Of A.</param>
    /// <param name="columns">Of A; with none there is nothing to add.</param>
    /// <param name="b">(columns, 64).</param>
    /// <param name="bias">(rows); null to add to what c holds.</param>
    /// <param name="c">(rows, 64).</param>
    /// <param name="gate">What becomes of the sums.</param>
    public abstract void Dense(T* a, nint aStep, int rows, int columns, T* b, T* bias, T* c, Gate gate);

    /// <summary>See <see cref="ITileMap.Forward"/>.</summary>
    public abstract void Forward(ITileMap map, T* at, T* theta, T* value, T* logDet, int n, bool inverse);

    /// <summary>See <see cref="ITileMap.Backward"/>.</summary>
    public abstract void Backward(ITileMap map, T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse);
}
