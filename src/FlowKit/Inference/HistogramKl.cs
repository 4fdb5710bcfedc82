using FlowKit.Integration;

namespace FlowKit.Inference;

/// <summary>How far draws are from a known density of the plane: KL(q || p) of the two as laws of the cells of a grid.</summary>
/// <param name="Divergence">Sum of q_i ln(q_i / p_i), nats: q_i is the part of the draws in cell i, p_i the cell's probability. What lies outside the grid is one more cell.
/// Infinite where draws fall into a cell of which p rounds to 0.</param>
/// <param name="Floor">What it is on average for N draws of p itself, (m - 1) / (2 N) where m cells are expected to hold any: chance alone, to first order in 1/N.</param>
/// <remarks>It does not see what happens within a cell, and is at most the divergence of the densities themselves, up to chance.</remarks>
/// <example><code>
/// manual_seed(0);
/// var law = new StandardNormal(2);
/// var fit = HistogramKl.Of(law.Sample(50_000), z => law.LogProb(z), bounds: (-4, 4), cells: 20);
/// var shifted = HistogramKl.Of(law.Sample(50_000) + 0.1, z => law.LogProb(z), bounds: (-4, 4), cells: 20);
/// Console.WriteLine($"{fit.Divergence / fit.Floor:F0}");        // => 1
/// Console.WriteLine(shifted.Divergence > 3 * shifted.Floor);  // => True
/// </code></example>
public readonly record struct HistogramKl(double Divergence, double Floor)
{
    private const int Inner = 10;                     // midpoints a cell and side, for its probability

    /// <summary>Of draws against a density.</summary>
    /// <param name="draws">(N, 2), finite, N >= 1.</param>
    /// <param name="logProb">log p, normalized, (B, 2) to (B); it is given float64.</param>
    /// <param name="bounds">Of the grid, along both axes.</param>
    /// <param name="cells">Along each side, >= 2.</param>
    /// <exception cref="ArgumentException">The draws are not (N, 2) or not finite, or the density is not normalized: its mass on the grid exceeds 1.</exception>
    public static HistogramKl Of(Tensor draws, Func<Tensor, Tensor> logProb, (double Low, double High) bounds, int cells = 40)
    {
        Guard.Number(draws);
        if (draws.Dimensions != 2 || draws.size(1) != 2 || draws.size(0) == 0) throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected (N, 2) with N >= 1.", nameof(draws));
        Guard.Finite(draws);
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 2);
        Quadrature.Check(bounds, nameof(bounds));

        double[] p = Probabilities(logProb, bounds, cells), counts = Counts(draws, bounds, cells);
        double total = draws.size(0), sum = 0;
        for (int i = 0; i < p.Length; i++)
            if (counts[i] > 0) sum += counts[i] / total * Math.Log(counts[i] / total / p[i]);
        double occupied = p.Sum(part => 1 - Math.Exp(-total * part));
        return new(sum, (occupied - 1) / (2 * total));
    }

    // Of the cells, row by row, and of all that lies outside.
    private static double[] Probabilities(Func<Tensor, Tensor> logProb, (double Low, double High) bounds, int cells)
    {
        double[] fine = Quadrature.Evaluate(z => logProb(z).exp(), bounds, bounds, cells * Inner);
        double area = Math.Pow((bounds.High - bounds.Low) / (cells * Inner), 2);
        double[] p = new double[cells * cells + 1];
        for (int i = 0; i < fine.Length; i++) p[i / (cells * Inner) / Inner * cells + i % (cells * Inner) / Inner] += fine[i] * area;
        double mass = p.Sum();
        if (!(mass <= 1 + 1e-3)) throw new ArgumentException($"The mass of exp(logProb) on the grid is {mass:G6}; expected a normalized log-density, whose mass is at most 1.", nameof(logProb));
        p[^1] = Math.Max(0, 1 - mass);
        return p;
    }

    private static double[] Counts(Tensor draws, (double Low, double High) bounds, int cells)
    {
        using var scope = NewDisposeScope();
        var cell = ((draws.detach().to(float64).cpu() - bounds.Low) * (cells / (bounds.High - bounds.Low))).floor();
        var outside = cell.lt(0).logical_or(cell.ge(cells)).any(1);
        var index = cell.select(1, 1) * cells + cell.select(1, 0);
        return bincount(index.masked_fill(outside, cells * cells).to(int64), minlength: cells * cells + 1).to(float64).data<double>().ToArray();
    }
}
