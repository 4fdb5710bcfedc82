using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A Gaussian kernel estimate: f(x) = mean of N(x; x_i, h²), F(x) = mean of Phi((x - x_i) / h).</summary>
/// <remarks>
/// <para>By default h is Silverman's (1986, equation 3.31): 0.9 min(s, IQR / 1.349) N^(-1/5). Its tails are Gaussian, h wide, beyond the outermost data: for power laws see <see cref="TailedMargin"/>.</para>
/// <para>Above 2000 numbers they are first moved to a grid of step h / 16, each split between its two neighbors so that the mean stays; the variance grows by at most h² / 1024, and the density changes by some 0.1 % where it is
/// not far below its peak. The law is then exactly that of the grid's mixture: its density, distribution function and quantiles agree to rounding.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var margin = KernelMargin.Fit(randn(1000, dtype: float64));
/// Console.WriteLine($"{margin.Bandwidth:F2}");                          // => 0.22
/// var x = margin.Quantile(tensor(new[] { 0.5, 0.975 }));
/// Console.WriteLine(margin.Cdf(x).npstr());                             // => [0.5, 0.975]
/// </code></example>
public sealed class KernelMargin : Margin
{
    private const int ExactCount = 2000, StepsPerBandwidth = 16, Block = 1 << 18, Together = 512;
    private const double Least = 1e-320;
    private readonly double[] centers, weights;
    private readonly Lazy<(double[] X, double[] Logits)> table;

    private KernelMargin(double[] centers, double[] weights, double bandwidth) : base(nameof(KernelMargin))
    {
        (this.centers, this.weights, Bandwidth) = (centers, weights, bandwidth);
        table = new(Tabulate);
        RegisterComponents();
    }

    /// <summary>h, the standard deviation of a kernel.</summary>
    public double Bandwidth { get; }

    /// <summary>The estimate from these numbers.</summary>
    /// <param name="x">(N) or (N, 1), finite, not all the same.</param>
    /// <param name="bandwidth">h > 0; null for Silverman's.</param>
    /// <exception cref="ArgumentException">x or h is not such.</exception>
    public static KernelMargin Fit(Tensor x, double? bandwidth = null)
    {
        double[] sorted = MarginData.Sorted(x, least: 2);
        if (bandwidth is { } given && !(given > 0 && double.IsFinite(given))) throw new ArgumentOutOfRangeException(nameof(bandwidth), given, "Expected a finite bandwidth > 0.");
        double h = bandwidth ?? Silverman(sorted);
        return sorted.Length <= ExactCount ? new(sorted, [.. sorted.Select(_ => 1.0 / sorted.Length)], h) : Binned(sorted, h);
    }

    /// <inheritdoc/>
    protected override (Tensor Below, Tensor Above) LogTails(Tensor x)
    {
        var (below, above) = (Mean(x, z => (z * -Math.Sqrt(0.5)).erfc() / 2), Mean(x, z => (z * Math.Sqrt(0.5)).erfc() / 2));
        return (Log(below, above), Log(above, below));

        static Tensor Log(Tensor p, Tensor other) => where(p.lt(other), p.clamp_min(Least).log(), other.clamp_max(0.75).neg().log1p());
    }

    /// <inheritdoc/>
    protected override Tensor LogDensity(Tensor x)
    {
        var (at, logWeights) = (Numbers(centers, x), Numbers(weights, x).log() - Math.Log(Bandwidth * Math.Sqrt(2 * Math.PI)));
        return InBlocks(x, x => (((x.unsqueeze(1) - at) / Bandwidth).square() * -0.5 + logWeights).logsumexp(1));
    }

    /// <inheritdoc/>
    protected override Tensor QuantileCore(Tensor p, bool upper)
    {
        if (p.size(0) <= Together) return Solve(p, upper);
        var order = p.detach().argsort();                               // neighbors need as many steps
        return cat([.. p.index_select(0, order).split(Together).Select(part => Solve(part, upper))], dim: 0).index_select(0, order.argsort());
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        using var weight = tensor(weights, dtype: float64, device: Device);
        var i = count == 0 ? empty(0, dtype: int64, device: Device) : weight.multinomial(count, replacement: true);
        return (Numbers(centers, weight).index_select(0, i) + randn(count, dtype: float64, device: Device) * Bandwidth).unsqueeze(1).to(Dtype);
    }

    private Tensor Solve(Tensor p, bool upper)
    {
        var logit = Logit(p, upper);
        double far = Bandwidth * 40;                                   // where the tails underflow
        return QuantileSolver.Solve(Law, logit, full_like(logit, centers[0] - far), full_like(logit, centers[^1] + far), Start(logit.detach()));
    }

    // The mean of f((x - x_i) / h) over i, (B).
    private Tensor Mean(Tensor x, Func<Tensor, Tensor> f)
    {
        var (at, weight) = (Numbers(centers, x), Numbers(weights, x));
        return InBlocks(x, x => f((x.unsqueeze(1) - at) / Bandwidth).mv(weight));        // (b, M) to (b)
    }

    private Tensor InBlocks(Tensor x, Func<Tensor, Tensor> f)
    {
        long rows = Math.Max(1, Block / centers.Length);
        if (x.size(0) <= rows) return f(x);
        var parts = new List<Tensor>();
        for (long start = 0; start < x.size(0); start += rows)
        {
            using var scope = NewDisposeScope();
            parts.Add(scope.MoveToOuter(f(x.narrow(0, start, Math.Min(rows, x.size(0) - start)))));
        }
        return cat(parts, dim: 0);
    }

    // Near the solution: linear between tabulated values, and the outermost kernel's own quantile beyond them.
    private Tensor Start(Tensor logit)
    {
        var (x, logits) = (Numbers(table.Value.X, logit), Numbers(table.Value.Logits, logit));
        var inside = logit.clamp(table.Value.Logits[0], table.Value.Logits[^1]);
        var i = searchsorted(logits, inside.contiguous(), right: true).sub(1).clamp(0, logits.size(0) - 2);
        var (x0, l0) = (x.index_select(0, i), logits.index_select(0, i));
        var between = x0 + (inside - l0) / (logits.index_select(0, i + 1) - l0) * (x.index_select(0, i + 1) - x0);
        Tensor Reach(Tensor logTail, double weight) => ((logTail - Math.Log(weight)).clamp_max(-0.7) * -2).sqrt() * Bandwidth;
        return where(logit.lt(logits[0]), centers[0] - Reach(logit, weights[0]), where(logit.gt(logits[-1]), centers[^1] + Reach(-logit, weights[^1]), between));
    }

    private (double[] X, double[] Logits) Tabulate()
    {
        const int most = 500, outer = 16;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        int count = centers.Length;
        double stride = Math.Max(1, (double)count / most);
        var chosen = Enumerable.Range(0, count).Where(i => i < outer || i >= count - outer || (int)(i / stride) != (int)((i - 1) / stride));
        double[] x = [.. chosen.Select(i => centers[i])];
        var (below, above) = LogTails(tensor(x, dtype: float64, device: CPU));
        double[] logits = (below - above).data<double>().ToArray();
        int[] kept = [.. Enumerable.Range(0, x.Length).Where(i => i == 0 || logits[i] > logits[i - 1])];
        return kept.Length > 1 ? ([.. kept.Select(i => x[i])], [.. kept.Select(i => logits[i])]) : ([x[0], x[0] + Bandwidth], [logits[0], logits[0] + 1]);
    }

    private static double Silverman(double[] sorted)
    {
        double mean = sorted.Average(), deviation = Math.Sqrt(sorted.Sum(x => (x - mean) * (x - mean)) / (sorted.Length - 1));
        double quartiles = MarginData.Between(sorted, 0.75 * (sorted.Length - 1)) - MarginData.Between(sorted, 0.25 * (sorted.Length - 1));
        return 0.9 * (quartiles > 0 ? Math.Min(deviation, quartiles / 1.349) : deviation) * Math.Pow(sorted.Length, -0.2);
    }

    private static KernelMargin Binned(double[] sorted, double h)
    {
        double step = h / StepsPerBandwidth;
        var bins = new SortedDictionary<double, double>();              // by their number; so far out that numbers are not whole, they stay as they are
        foreach (double x in sorted)
        {
            double at = (x - sorted[0]) / step, floor = Math.Floor(at), share = at - floor;
            Add(floor, 1 - share);
            if (share > 0) Add(floor + 1, share);
        }
        return new([.. bins.Keys.Select(bin => sorted[0] + bin * step)], [.. bins.Values.Select(weight => weight / sorted.Length)], h);

        void Add(double bin, double weight) => bins[bin] = bins.GetValueOrDefault(bin) + weight;
    }
}
