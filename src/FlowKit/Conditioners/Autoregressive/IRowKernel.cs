using System.Numerics;

namespace FlowKit.Conditioners;

/// <summary>What is computed from a position's parameters, over rows of plain numbers: at one position a step, tensor operations would cost more than the mathematics.</summary>
internal interface IRowKernel
{
    /// <summary>The values of one position for a batch, and what they add to a total, as log-slopes.</summary>
    /// <param name="given">What the position is given, a row of a length that full vectors divide.</param>
    /// <param name="theta">Its P parameters, rows of that length one after the other.</param>
    /// <param name="value">Receives the values.</param>
    /// <param name="total">Is added to.</param>
    void Apply<T>(ReadOnlySpan<T> given, ReadOnlySpan<T> theta, Span<T> value, Span<T> total) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
