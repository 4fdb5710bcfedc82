using System.Numerics;

namespace FlowKit.Training;

/// <summary>The squared norm of a gradient.</summary>
internal static class SquaredNorm
{
    /// <summary>Sum of squares, in double between blocks.</summary>
    public static double Of<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Block = 4096;
        double total = 0;
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
        {
            var block = values[..Math.Min(Block, values.Length)];
            var (even, odd) = (Vector<T>.Zero, Vector<T>.Zero);
            int width = Vector<T>.Count, i = 0;
            for (; i <= block.Length - 2 * width; i += 2 * width)
            {
                var (a, b) = (new Vector<T>(block[i..]), new Vector<T>(block[(i + width)..]));
                even += a * a;
                odd += b * b;
            }
            T sum = Vector.Sum(even + odd);
            for (; i < block.Length; i++) sum += block[i] * block[i];
            total += double.CreateChecked(sum);
        }
        return total;
    }
}
