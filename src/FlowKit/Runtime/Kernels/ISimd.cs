using System.Numerics;

namespace FlowKit;

/// <summary>A vector of numbers as wide as the hardware's registers, so that a formula is written once and the width is a type parameter.</summary>
/// <remarks>A comparison gives a mask: all bits set in the lanes where it holds. Only <see cref="Select"/>, <c>&amp;</c>, <c>|</c> and <see cref="Any"/> read one.</remarks>
/// <typeparam name="V">The vector itself.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface ISimd<V, T> where V : struct, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Vectors side by side of which the registers hold six rows with room to spare: 4 where there are 32 registers, 2 where there are 16.</summary>
    static abstract int Abreast { get; }

    /// <summary>0 in every lane.</summary>
    static abstract V Zero { get; }

    /// <summary>The same number in every lane.</summary>
    static abstract V Of(T value);

    /// <summary>The same number in every lane, rounded to <typeparamref name="T"/>: for the constants of a formula.</summary>
    static abstract implicit operator V(double value);

    /// <summary>Reads a vector.</summary>
    static abstract V Load(T* from);

    /// <summary>Writes this vector.</summary>
    void Store(T* to);

    /// <summary>a + b.</summary>
    static abstract V operator +(V a, V b);

    /// <summary>a - b.</summary>
    static abstract V operator -(V a, V b);

    /// <summary>-a.</summary>
    static abstract V operator -(V a);

    /// <summary>a b.</summary>
    static abstract V operator *(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V operator /(V a, V b);

    /// <summary>Where a &lt; b.</summary>
    static abstract V operator <(V a, V b);

    /// <summary>Where a > b.</summary>
    static abstract V operator >(V a, V b);

    /// <summary>Where a &lt;= b.</summary>
    static abstract V operator <=(V a, V b);

    /// <summary>Where a >= b.</summary>
    static abstract V operator >=(V a, V b);

    /// <summary>Where both masks hold.</summary>
    static abstract V operator &(V a, V b);

    /// <summary>Where either mask holds.</summary>
    static abstract V operator |(V a, V b);

    /// <summary>a where the mask holds, b elsewhere.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>Whether a mask holds in any lane.</summary>
    static abstract bool Any(V mask);

    /// <summary>a b + c, rounded once where the hardware can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>The larger one; b where either is NaN on x64, NaN on Arm. So <c>Max(bound, x)</c> keeps the NaN of x everywhere.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller one; b where either is NaN on x64, NaN on Arm.</summary>
    static abstract V Min(V a, V b);

    /// <summary>|a|.</summary>
    static abstract V Abs(V a);

    /// <summary>√a.</summary>
    static abstract V Sqrt(V a);

    /// <summary>eᵃ.</summary>
    static abstract V Exp(V a);

    /// <summary>ln a.</summary>
    static abstract V Log(V a);

    /// <summary>The sum over the lanes.</summary>
    static abstract T Sum(V a);
}
