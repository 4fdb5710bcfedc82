namespace FlowKit.Copulas;

/// <summary>A margin whose tails follow a belief: between two thresholds F is a spline through the data's quantiles, beyond them a generalized Pareto, exponential or Gaussian tail.</summary>
/// <remarks>
/// <para>Wiese, Knobloch, Korn 2019, arXiv:1907.03361, section 4; McNeil, Frey, Embrechts 2005, Quantitative Risk Management, section 7.2. A flow with affine layers on a Gaussian base has Gaussian tails whatever it is trained on
/// (their theorem 1): what lies beyond the data has to be said.</para>
/// <para>F and the density are continuous. Both parameters of a tail are those of highest likelihood of the excesses over its threshold, and the end slope of the spline is set to the tail's density there: so the tail keeps
/// the properties of its estimate, where the authors bind beta to the body's slope.</para>
/// <para>The body is a monotone rational-quadratic spline whose K intervals have equal mass; its slopes at the inner knots are those of the parabola through three neighbors.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = new StudentT().Fixed(degreesOfFreedom: full(1, 2.0), location: zeros(1), scale: ones(1)).to(float64).Sample(10_000);
/// var margin = TailedMargin.Fit(x);
/// Console.WriteLine(Math.Abs(margin.Upper.Xi - 0.5) &lt; 3 * margin.Upper.XiStandardError);                          // => True
/// Console.WriteLine(Math.Abs(margin.SurvivalQuantile(tensor(new[] { 1e-3 })).ToDouble() / 22.327 - 1) &lt; 0.2);     // => True
/// </code></example>
public sealed class TailedMargin : Margin
{
    private const int LeastExcesses = 10;
    private readonly SplineCdf body;

    private TailedMargin(MarginTail lower, MarginTail upper, SplineCdf body) : base(nameof(TailedMargin))
    {
        (Lower, Upper, this.body) = (lower, upper, body);
        RegisterComponents();
    }

    /// <summary>The lower tail: excesses are threshold - x.</summary>
    public MarginTail Lower { get; }

    /// <summary>The upper tail: excesses are x - threshold.</summary>
    public MarginTail Upper { get; }

    /// <inheritdoc/>
    protected override (double Low, double High) Support => (Lower.Threshold - Lower.End, Upper.Threshold + Upper.End);

    /// <summary>The margin of these numbers.</summary>
    /// <param name="x">(N) or (N, 1), finite; at least 10 of them beyond each threshold, and different ones between.</param>
    /// <param name="options">Thresholds and beliefs; null for Pareto tails of the outer 5 % on either side.</param>
    /// <exception cref="ArgumentException">There are too few numbers, or so many ties that a tail or the body is empty.</exception>
    public static TailedMargin Fit(Tensor x, TailedMarginOptions? options = null)
    {
        double[] sorted = MarginData.Sorted(x, least: 2);
        options ??= new();
        int n = sorted.Length, low = (int)Math.Round(options.LowerShare * n), high = n - 1 - (int)Math.Round(options.UpperShare * n);

        // The innermost number of a tail's share is its threshold; what equals it belongs to the body.
        int first = Math.Max(0, Array.FindIndex(sorted, value => value >= sorted[Math.Clamp(low, 0, n - 1)])), last = Array.FindLastIndex(sorted, value => value <= sorted[Math.Clamp(high, 0, n - 1)]);
        var (lower, upper) = (Tail(options.Lower, sorted[first], [.. sorted[..first].Select(value => sorted[first] - value)], "lower"), Tail(options.Upper, sorted[last], [.. sorted[(last + 1)..].Select(value => value - sorted[last])], "upper"));
        if (!(lower.Threshold < upper.Threshold)) throw new ArgumentException($"The lower and the upper threshold of x are both {lower.Threshold}: one value fills the body. A margin has a density, which ties have not.", nameof(x));
        return new(lower, upper, Body(sorted[first..(last + 1)], lower, upper, options.Bins ?? Math.Clamp((int)Math.Cbrt(n), 4, 64)));

        MarginTail Tail(TailBelief belief, double threshold, double[] excesses, string name) => excesses.Length >= LeastExcesses
            ? new(belief, threshold, excesses, (double)excesses.Length / n)
            : throw new ArgumentException($"The {name} tail of x has {excesses.Length} of {n} numbers; expected at least {LeastExcesses}. Raise the tail's share, or check for ties at {threshold}.", nameof(x));
    }

    /// <inheritdoc/>
    protected override (Tensor Below, Tensor Above) LogTails(Tensor x)
    {
        var (isLow, isHigh, f) = (x.lt(Lower.Threshold), x.gt(Upper.Threshold), body.At(Inside(x)).F);
        var (low, high) = (Lower.LogTail(BelowThreshold(x)), Upper.LogTail(AboveThreshold(x)));
        return (where(isLow, low, where(isHigh, high.exp().neg().log1p(), f.log())), where(isHigh, high, where(isLow, low.exp().neg().log1p(), f.neg().log1p())));
    }

    /// <inheritdoc/>
    protected override Tensor LogDensity(Tensor x) => where(x.lt(Lower.Threshold), Lower.LogDensity(BelowThreshold(x)),
        where(x.gt(Upper.Threshold), Upper.LogDensity(AboveThreshold(x)), body.At(Inside(x)).Density.log()));

    /// <inheritdoc/>
    protected override Tensor QuantileCore(Tensor p, bool upper)
    {
        var (below, above) = upper ? (1 - p, p) : (p, 1 - p);
        var (low, high) = (Lower.Threshold - Lower.Quantile(below.clamp_max(Lower.Share)), Upper.Threshold + Upper.Quantile(above.clamp_max(Upper.Share)));
        var inside = body.Inverse(below.clamp(Lower.Share, 1 - Upper.Share));
        return where(below.lt(Lower.Share), low, where(above.lt(Upper.Share), high, inside));
    }

    private Tensor Inside(Tensor x) => x.clamp(Lower.Threshold, Upper.Threshold);

    private Tensor BelowThreshold(Tensor x) => (Lower.Threshold - x).clamp_min(0);

    private Tensor AboveThreshold(Tensor x) => (x - Upper.Threshold).clamp_min(0);

    // Knots at quantiles of equal steps; those that fall together are one, and the intervals beside it have the mass of two.
    private static SplineCdf Body(double[] sorted, MarginTail lower, MarginTail upper, int bins)
    {
        double mass = 1 - lower.Share - upper.Share;
        var knots = new List<(double X, double F)> { (lower.Threshold, lower.Share) };
        for (int i = 1; i < bins; i++)
        {
            double x = MarginData.Between(sorted, (sorted.Length - 1) * (double)i / bins), least = (upper.Threshold - lower.Threshold) * 1e-9;
            if (x > knots[^1].X + least && x < upper.Threshold - least) knots.Add((x, lower.Share + mass * i / bins));
        }
        knots.Add((upper.Threshold, 1 - upper.Share));

        double[] widths = [.. knots.Zip(knots.Skip(1), (a, b) => b.X - a.X)], steep = [.. knots.Zip(knots.Skip(1), (a, b) => (b.F - a.F) / (b.X - a.X))];
        var inner = Enumerable.Range(1, widths.Length - 1).Select(i => (steep[i - 1] * widths[i] + steep[i] * widths[i - 1]) / (widths[i - 1] + widths[i]));
        return new([.. knots.Select(knot => knot.X)], [.. knots.Select(knot => knot.F)], [lower.Density, .. inner, upper.Density]);
    }
}
