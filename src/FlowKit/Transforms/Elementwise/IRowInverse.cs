using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>A map whose inverse also runs over rows of plain numbers: at one feature a step, tensor operations would cost more than the mathematics.</summary>
internal interface IRowInverse
{
    /// <summary>x = tau⁻¹(y; theta), and ln|dx/dy| added to the slopes.</summary>
    /// <param name="y">A row, of a length that full vectors divide.</param>
    /// <param name="theta">P rows of that length, one after the other.</param>
    /// <param name="x">Receives the result.</param>
    /// <param name="logSlopes">Is added to.</param>
    void InverseRow<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> theta, Span<T> x, Span<T> logSlopes) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
