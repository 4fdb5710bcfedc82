namespace FlowKit.Copulas;

/// <summary>A pair copula without a family: a smooth density that follows the data, bilinear between the nodes of a grid that is dense toward the edges of the unit square.</summary>
/// <remarks>
/// <para>The transformation local-likelihood estimator (Geenens, Charpentier, Paindaveine 2017, Bernoulli 23:1848; Nagler 2018, Journal of Statistical Software 84:7): the density of the normal scores is estimated where
/// no edge disturbs it, by local log-quadratic likelihood with a Gaussian kernel, and divided by the normal densities. See <see cref="Fit"/>.</para>
/// <para>Its margins are uniform to rounding: the grid's rows and columns are scaled until they are. Density, distribution function, h-functions and their inverses are one piecewise polynomial and its exact integrals, so that
/// they agree to rounding. The density is bounded, so there is no tail dependence; beyond the outermost nodes, at 3e-5 from each edge, it is nearly constant.</para>
/// <para>The state is the grid: <c>new KernelCopula()</c> loads what another one saved.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var truth = new PairCopula(new Clayton(), 2.0).to(float64);
/// var x = truth.Sample(5000);
/// var kernel = KernelCopula.Fit(x);
/// Console.WriteLine(Math.Abs(kernel.Tau - 0.5) &lt; 0.03);                                          // => True
/// Console.WriteLine((truth.LogProb(x) - kernel.LogProb(x)).mean().abs().ToDouble() &lt; 0.05);      // => True
/// </code></example>
public sealed class KernelCopula : BivariateCopula
{
    private readonly Tensor density;          // (K, K), c at the nodes
    private readonly Tensor freedom;          // ()

    /// <summary>Independence, until a state is loaded.</summary>
    public KernelCopula() : this(ones(KernelGrid.Count, KernelGrid.Count, dtype: float64, device: CPU), 0)
    {
    }

    private KernelCopula(Tensor density, double freedom) : base(nameof(KernelCopula))
    {
        (this.density, this.freedom) = (density, tensor(freedom, dtype: float64, device: CPU));
        SetConstant("nodes", tensor(KernelGrid.Nodes, dtype: float64, device: CPU));
        RegisterComponents();
    }

    /// <summary>The estimate from data.</summary>
    /// <remarks>The kernel's covariance is h² times the correlation matrix of the normal scores, with h = 2 N^(-1/6) times the factor. At each node the localized mass, mean and covariance of the scores are those of a
    /// normal curve; its height at the node is the estimate, which for normal data has no bias, whatever h is. Far from the data, which count with a pseudo-observation spread like a normal law of their correlation, the
    /// covariance is pulled to the kernel's. <see cref="DegreesOfFreedom"/> is the sum of the data's influences on the log-density at themselves (Loader 1999, Local Regression and Likelihood, section 5.4), each at most 1;
    /// the scaling of the margins is not counted.</remarks>
    /// <param name="x">(N, 2), in (0, 1), N >= 10.</param>
    /// <param name="bandwidth">A factor on h, > 0: smoother above 1.</param>
    /// <exception cref="ArgumentException">x is not such data, holds NaN or has a constant column.</exception>
    public static KernelCopula Fit(Tensor x, double bandwidth = 1)
    {
        if (!(bandwidth > 0 && double.IsFinite(bandwidth))) throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "Expected a finite factor > 0.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (density, freedom) = LocalLikelihood.Estimate(new PairData(x).X, bandwidth);
        return new(density, freedom);
    }

    /// <inheritdoc/>
    public override double DegreesOfFreedom => freedom.ToDouble();

    /// <inheritdoc/>
    /// <remarks>1 - 4 times the integral of h(u | v) h(v | u), which two of Gauss's points a cell and axis make exact.</remarks>
    public override double Tau
    {
        get
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            var nodes = Nodes;
            var (widths, spread) = (nodes.diff(), Math.Sqrt(1.0 / 12));
            var middle = nodes.narrow(0, 0, widths.size(0)) + widths / 2;
            var points = cat([middle - spread * widths, middle + spread * widths]);
            var weights = cat([widths, widths]) / 2;
            var (u, v) = (points.repeat_interleave(points.size(0)), points.repeat(points.size(0)));
            return 1 - 4 * (GivenSecondCore(u, v) * GivenFirstCore(u, v) * weights.repeat_interleave(points.size(0)) * weights.repeat(points.size(0))).sum().ToDouble();
        }
    }

    /// <inheritdoc/>
    public override (double Lower, double Upper) TailDependence => (0, 0);

    /// <inheritdoc/>
    protected override Tensor LogDensityCore(Tensor u, Tensor v)
    {
        var (grid, a, b) = (Grid, Cell.Of(u, Nodes), Cell.Of(v, Nodes));
        return a.Between(Along(grid, a.Index, b), Along(grid, a.Index + 1, b)).log();
    }

    /// <inheritdoc/>
    protected override Tensor CdfCore(Tensor u, Tensor v)
    {
        var (grid, a, b) = (Grid, Cell.Of(u, Nodes), Cell.Of(v, Nodes));
        var overFirst = Integral(grid);                                       // from 0 to each node
        var overSecond = Integral(grid.t()).t();
        var overBoth = Integral(overSecond);
        var (i, j) = (a.Index, b.Index);
        var corner = a.Part(b.Part(At(grid, i, j), At(grid, i, j + 1)), b.Part(At(grid, i + 1, j), At(grid, i + 1, j + 1)));
        return At(overBoth, i, j) + a.Part(At(overSecond, i, j), At(overSecond, i + 1, j)) + b.Part(At(overFirst, i, j), At(overFirst, i, j + 1)) + corner;
    }

    /// <inheritdoc/>
    protected override Tensor GivenSecondCore(Tensor u, Tensor v) => Given(Grid, u, v);

    /// <inheritdoc/>
    protected override Tensor GivenFirstCore(Tensor u, Tensor v) => Given(Grid.t(), v, u);

    /// <inheritdoc/>
    protected override Tensor InverseGivenSecondCore(Tensor p, Tensor v) => InverseGiven(Grid, p, v);

    /// <inheritdoc/>
    protected override Tensor InverseGivenFirstCore(Tensor p, Tensor u) => InverseGiven(Grid.t(), p, u);

    private Tensor Grid => density.to(float64);

    private Tensor Nodes => GetConstant("nodes").to(float64);

    private Tensor Given(Tensor grid, Tensor u, Tensor v)
    {
        var (a, b) = (Cell.Of(u, Nodes), Cell.Of(v, Nodes));
        return (Along(Integral(grid), a.Index, b) + a.Part(Along(grid, a.Index, b), Along(grid, a.Index + 1, b))).clamp(0, 1);
    }

    // The cell by bisection, then the root of a quadratic.
    private Tensor InverseGiven(Tensor grid, Tensor p, Tensor v)
    {
        var (nodes, integral) = (Nodes, Integral(grid));
        var b = Cell.Of(v, nodes);
        var index = zeros_like(b.Index);
        for (int step = 64; step > 0; step /= 2)
        {
            var next = (index + step).clamp_max(nodes.size(0) - 2);
            index = where(Along(integral, next, b).le(p), next, index);
        }
        var (low, high) = (nodes.index_select(0, index), nodes.index_select(0, index + 1));
        var (left, right) = (Along(grid, index, b), Along(grid, index + 1, b));
        var rest = (p - Along(integral, index, b)).clamp_min(0) / (high - low);
        var share = 2 * rest / (left + (left.square() + 2 * (right - left) * rest).clamp_min(0).sqrt());
        return low + (high - low) * share.clamp_max(1);
    }

    // Over the first index, from 0 to each node.
    private Tensor Integral(Tensor grid) => cat([zeros_like(grid.narrow(0, 0, 1)), ((grid.narrow(0, 1, grid.size(0) - 1) + grid.narrow(0, 0, grid.size(0) - 1)) * (Nodes.diff() / 2).unsqueeze(1)).cumsum(0)]);

    private static Tensor Along(Tensor grid, Tensor row, Cell b) => b.Between(At(grid, row, b.Index), At(grid, row, b.Index + 1));

    private static Tensor At(Tensor grid, Tensor row, Tensor column) => grid.reshape(-1).index_select(0, row * grid.size(1) + column);
}
