namespace FlowKit.Copulas;

/// <summary>The law of a sample itself: F is linear between its order statistics, with F = r / (N + 1) at the one of rank r, and exponential beyond the outermost.</summary>
/// <remarks>
/// <para>The density is constant between neighbors, of mass 1 / (N + 1), and very uneven: for its distribution function and quantiles rather than for its density. Equal numbers share their average rank, so that F of the
/// sample is its <see cref="PseudoObservations"/>.</para>
/// <para>Tails: mass 1 / (N + 1) on either side, falling off exponentially at the mean excess of the outermost ⌈√N⌉ numbers over the next. Where tails matter, use <see cref="TailedMargin"/>.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// var margin = EmpiricalMargin.Fit(tensor(new[] { 3.0, 1, 4, 1, 5 }));
/// Console.WriteLine(margin.Cdf(tensor(new[] { 1.0, 3, 3.5, 4 })).npstr());     // => [0.25, 0.5, 0.58333, 0.66667]
/// Console.WriteLine(margin.Quantile(tensor(new[] { 0.5 })).npstr());           // => [3]
/// </code></example>
public sealed class EmpiricalMargin : Margin
{
    private readonly double[] knots, levels;         // ascending: distinct numbers, and F there
    private readonly double lower, upper;            // scales of the tails

    private EmpiricalMargin(double[] knots, double[] levels, double lower, double upper) : base(nameof(EmpiricalMargin))
    {
        (this.knots, this.levels, this.lower, this.upper) = (knots, levels, lower, upper);
        RegisterComponents();
    }

    /// <summary>The law of these numbers.</summary>
    /// <param name="x">(N) or (N, 1), finite, not all the same.</param>
    /// <exception cref="ArgumentException">It is not such.</exception>
    public static EmpiricalMargin Fit(Tensor x)
    {
        double[] sorted = MarginData.Sorted(x, least: 2);
        var groups = sorted.Select((value, i) => (value, rank: i + 1.0)).GroupBy(one => one.value).Select(group => (X: group.Key, F: group.Average(one => one.rank) / (sorted.Length + 1))).ToArray();
        int outer = Math.Min(sorted.Length - 1, (int)Math.Ceiling(Math.Sqrt(sorted.Length)));
        double range = sorted[^1] - sorted[0], least = range / (1e3 * sorted.Length);       // where all of the outermost are the same
        return new([.. groups.Select(group => group.X)], [.. groups.Select(group => group.F)],
            Math.Max(least, sorted[outer] - sorted[..outer].Average()), Math.Max(least, sorted[^outer..].Average() - sorted[^(outer + 1)]));
    }

    /// <inheritdoc/>
    protected override (Tensor Below, Tensor Above) LogTails(Tensor x)
    {
        var at = Interval(x, knots);
        var inside = at.F0 + (at.X - at.X0) / (at.X1 - at.X0) * (at.F1 - at.F0);
        var (low, high) = (Math.Log(levels[0]) - (knots[0] - x).clamp_min(0) / lower, Math.Log(1 - levels[^1]) - (x - knots[^1]).clamp_min(0) / upper);
        var (isLow, isHigh) = (x.lt(knots[0]), x.gt(knots[^1]));
        return (where(isLow, low, where(isHigh, high.exp().neg().log1p(), inside.log())), where(isHigh, high, where(isLow, low.exp().neg().log1p(), inside.neg().log1p())));
    }

    /// <inheritdoc/>
    protected override Tensor LogDensity(Tensor x)
    {
        var at = Interval(x, knots);
        var inside = ((at.F1 - at.F0) / (at.X1 - at.X0)).log();
        var (low, high) = (Math.Log(levels[0] / lower) - (knots[0] - x).clamp_min(0) / lower, Math.Log((1 - levels[^1]) / upper) - (x - knots[^1]).clamp_min(0) / upper);
        return where(x.lt(knots[0]), low, where(x.gt(knots[^1]), high, inside));
    }

    /// <inheritdoc/>
    protected override Tensor QuantileCore(Tensor p, bool upper)
    {
        var (below, above) = upper ? (1 - p, p) : (p, 1 - p);
        var at = Interval(below, levels);
        var inside = at.X0 + (at.X - at.F0) / (at.F1 - at.F0) * (at.X1 - at.X0);
        var low = knots[0] + lower * (below.clamp_max(levels[0]) / levels[0]).log();
        var high = knots[^1] - this.upper * (above.clamp_max(1 - levels[^1]) / (1 - levels[^1])).log();
        return where(below.lt(levels[0]), low, where(above.lt(1 - levels[^1]), high, inside));
    }

    // The interval between neighbors that holds a number, among the knots or the levels, and the number moved into their range.
    private (Tensor X, Tensor X0, Tensor X1, Tensor F0, Tensor F1) Interval(Tensor value, double[] among)
    {
        var (x, f) = (Numbers(knots, value), Numbers(levels, value));
        var inside = value.clamp(among[0], among[^1]);
        var i = searchsorted(ReferenceEquals(among, knots) ? x : f, inside.detach().contiguous(), right: true).sub(1).clamp(0, knots.Length - 2);
        return (inside, x.index_select(0, i), x.index_select(0, i + 1), f.index_select(0, i), f.index_select(0, i + 1));
    }
}
