using System.Globalization;

namespace FlowKit.Copulas;

/// <summary>The numbers that a margin is fitted to.</summary>
internal static class MarginData
{
    /// <summary>In ascending order.</summary>
    /// <param name="x">(N) or (N, 1), finite, not all the same.</param>
    /// <param name="least">The least N.</param>
    /// <exception cref="ArgumentException">It is not such.</exception>
    public static double[] Sorted(Tensor x, int least)
    {
        Guard.Number(x);
        if (x.Dimensions is not (1 or 2) || x.Dimensions == 2 && x.size(1) != 1) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected a column, (N,) or (N, 1).", nameof(x));
        if (x.size(0) < least) throw new ArgumentException($"x holds {x.size(0)} numbers; expected at least {least}.", nameof(x));
        Guard.Finite(x);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double[] sorted = x.detach().to(float64).cpu().flatten().sort(0).Values.contiguous().data<double>().ToArray();
        return sorted[0] < sorted[^1] ? sorted : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"x is {sorted[0]:G6} in every row; a margin has a density, which a constant has not."), nameof(x));
    }

    /// <summary>Linear between neighbors: sorted[at] at whole numbers, 0 &lt;= at &lt;= N - 1.</summary>
    public static double Between(double[] sorted, double at)
    {
        int i = Math.Clamp((int)at, 0, sorted.Length - 2);
        return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
    }
}
