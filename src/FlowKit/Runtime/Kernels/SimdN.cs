using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;

namespace FlowKit;

/// <summary>The vector that the runtime finds widest without AVX-512: 256 bits with AVX2, 128 with NEON.</summary>
internal readonly unsafe struct SimdN<T>(Vector<T> lanes) : ISimd<SimdN<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> lanes = lanes;

    /// <inheritdoc/>
    public static int Count { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Vector<T>.Count; }

    /// <inheritdoc/>
    public static int Abreast { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => AdvSimd.IsSupported ? 4 : 2; }

    /// <inheritdoc/>
    public static SimdN<T> Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector<T>.Zero); }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Of(T value) => new(Vector.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator SimdN<T>(double value) => typeof(T) == typeof(float) ? new(Vector.Create((float)value).As<float, T>()) : new(Vector.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Load(T* from) => new(Vector.Load(from));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* to) => Vector.Store(lanes, to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator +(SimdN<T> a, SimdN<T> b) => new(a.lanes + b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator -(SimdN<T> a, SimdN<T> b) => new(a.lanes - b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator -(SimdN<T> a) => new(-a.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator *(SimdN<T> a, SimdN<T> b) => new(a.lanes * b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator /(SimdN<T> a, SimdN<T> b) => new(a.lanes / b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator <(SimdN<T> a, SimdN<T> b) => new(Vector.LessThan(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator >(SimdN<T> a, SimdN<T> b) => new(Vector.GreaterThan(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator <=(SimdN<T> a, SimdN<T> b) => new(Vector.LessThanOrEqual(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator >=(SimdN<T> a, SimdN<T> b) => new(Vector.GreaterThanOrEqual(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator &(SimdN<T> a, SimdN<T> b) => new(a.lanes & b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> operator |(SimdN<T> a, SimdN<T> b) => new(a.lanes | b.lanes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Select(SimdN<T> mask, SimdN<T> a, SimdN<T> b) => new(Vector.ConditionalSelect(mask.lanes, a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(SimdN<T> mask) => !Vector.EqualsAll(mask.lanes.As<T, long>(), Vector<long>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> MultiplyAdd(SimdN<T> a, SimdN<T> b, SimdN<T> c) => typeof(T) == typeof(float)
        ? new(Vector.MultiplyAddEstimate(a.lanes.As<T, float>(), b.lanes.As<T, float>(), c.lanes.As<T, float>()).As<float, T>())
        : new(Vector.MultiplyAddEstimate(a.lanes.As<T, double>(), b.lanes.As<T, double>(), c.lanes.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Max(SimdN<T> a, SimdN<T> b) => new(Vector.MaxNative(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Min(SimdN<T> a, SimdN<T> b) => new(Vector.MinNative(a.lanes, b.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Abs(SimdN<T> a) => new(Vector.Abs(a.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Sqrt(SimdN<T> a) => new(Vector.SquareRoot(a.lanes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Exp(SimdN<T> a) => typeof(T) == typeof(float) ? new(Vector.Exp(a.lanes.As<T, float>()).As<float, T>()) : new(Vector.Exp(a.lanes.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdN<T> Log(SimdN<T> a) => typeof(T) == typeof(float) ? new(Vector.Log(a.lanes.As<T, float>()).As<float, T>()) : new(Vector.Log(a.lanes.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(SimdN<T> a) => Vector.Sum(a.lanes);
}
