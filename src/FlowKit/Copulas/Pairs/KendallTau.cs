using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowKit.Copulas;

/// <summary>Kendall's tau of data: how many more pairs of rows are ordered alike than unlike, in [-1, 1].</summary>
/// <remarks>tau-b (Kendall 1945, Biometrika 33:239): (P - Q) / √((M - T)(M - U)), with P pairs of rows that are ordered alike, Q unlike, M in all, and T and U tied in x and in y.
/// It takes n log n steps (Knight 1966, Journal of the American Statistical Association 61:436).</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{KendallTau.Of([1, 2, 3, 4], [1, 3, 2, 4]):F4}");    // => 0.6667
/// </code></example>
public static class KendallTau
{
    /// <summary>tau of two columns.</summary>
    /// <param name="x">n >= 2 numbers, not all the same.</param>
    /// <param name="y">As many.</param>
    /// <exception cref="ArgumentException">The lengths differ, there are fewer than two numbers, one is NaN, or a column is constant.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"x has {x.Length} numbers and y {y.Length}; expected as many.", nameof(y));
        if (x.Length < 2) throw new ArgumentException($"Expected at least two pairs; got {x.Length}.", nameof(x));
        Check(x);
        Check(y);

        // By x, and by y where x is tied.
        int n = x.Length;
        var (first, second) = (x.ToArray(), y.ToArray());
        Array.Sort(first, second);
        long tiedX = 0, tiedBoth = 0;
        for (int start = 0, end; start < n; start = end)
        {
            for (end = start + 1; end < n && first[end] == first[start];) end++;
            if (end - start == 1) continue;
            Array.Sort(second, start, end - start);
            tiedX += Pairs(end - start);
            tiedBoth += Ties(second.AsSpan(start, end - start));
        }
        long swaps = Sort(second);
        long tiedY = Ties(second), all = Pairs(n);
        return (all - tiedX - tiedY + tiedBoth - 2 * swaps) / (Math.Sqrt(all - tiedX) * Math.Sqrt(all - tiedY));
    }

    /// <summary>tau of the two columns of x.</summary>
    /// <param name="x">(N, 2), N >= 2.</param>
    /// <inheritdoc cref="Of(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double Of(Tensor x)
    {
        var (u, v) = Columns(x);
        return Of(u, v);
    }

    /// <summary>How probable it is that |tau| of n independent pairs without ties is at least this: for large n, z = tau √(9 n (n - 1) / (2 (2 n + 5))) is standard normal.</summary>
    /// <remarks>Genest, Favre 2007, Journal of Hydrologic Engineering 12:347.</remarks>
    /// <param name="tau">In [-1, 1].</param>
    /// <param name="count">n >= 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double IndependencePValue(double tau, long count)
    {
        if (!(tau >= -1 && tau <= 1)) throw new ArgumentOutOfRangeException(nameof(tau), tau, "Expected Kendall's tau in [-1, 1].");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double n = count;
        return MathNet.Numerics.SpecialFunctions.Erfc(Math.Abs(tau) * Math.Sqrt(9 * n * (n - 1) / (2 * (2 * n + 5)) / 2));
    }

    /// <summary>The two columns of a tensor (N, 2).</summary>
    internal static (double[] U, double[] V) Columns(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Guard.Batch(x, [2], name);
        Guard.Number(x, name);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var columns = x.detach().to(float64).cpu().t().contiguous();
        var numbers = MemoryMarshal.Cast<byte, double>(columns.bytes);
        int n = numbers.Length / 2;
        return (numbers[..n].ToArray(), numbers[n..].ToArray());
    }

    private static void Check(ReadOnlySpan<double> x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        bool varies = false;
        foreach (double value in x)
        {
            if (double.IsNaN(value)) throw new ArgumentException($"{name} holds NaN, which has no order.", name);
            varies |= value != x[0];
        }
        if (!varies) throw new ArgumentException($"Every number of {name} is {x[0]}; tau needs some that differ.", name);
    }

    private static long Pairs(long n) => n * (n - 1) / 2;

    private static long Ties(ReadOnlySpan<double> sorted)
    {
        long ties = 0, run = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            run = sorted[i] == sorted[i - 1] ? run + 1 : 1;
            ties += run - 1;
        }
        return ties;
    }

    // Merge sort, from runs of one upward; it counts how often a number passes a larger one before it.
    private static long Sort(double[] values)
    {
        long swaps = 0;
        var (from, to) = (values, new double[values.Length]);
        for (long width = 1; width < from.Length; width *= 2)
        {
            for (long start = 0; start < from.Length; start += 2 * width)
            {
                int middle = (int)Math.Min(start + width, from.Length), end = (int)Math.Min(start + 2 * width, from.Length);
                int left = (int)start, right = middle;
                for (int k = left; k < end; k++)
                {
                    if (left < middle && (right == end || from[left] <= from[right])) to[k] = from[left++];
                    else
                    {
                        to[k] = from[right++];
                        swaps += middle - left;
                    }
                }
            }
            (from, to) = (to, from);
        }
        if (from != values) from.CopyTo(values, 0);
        return swaps;
    }
}
