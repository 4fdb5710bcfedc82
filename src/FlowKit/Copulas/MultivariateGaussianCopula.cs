using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>The copula of a multivariate normal law with correlations R: ln c(u) = -ln det R / 2 - qᵀ (R⁻¹ - I) q / 2 with q_i = Phi⁻¹(u_i).</summary>
/// <remarks>
/// <para>Shapes: u is (B, D) in the unit cube, log-densities (B), in nats; -inf outside. It has no tail dependence: however strong R, extremes come together ever more rarely.</para>
/// <para>R stays float64; it says how the copula was made, and <c>save</c> does not write it. Entropy ln det R / 2, minus the information that the numbers share. Xue-Kun Song 2000.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var copula = new MultivariateGaussianCopula(tensor(new[,] { { 1, 0.7 }, { 0.7, 1 } }));
/// Console.WriteLine($"{copula.Entropy:F6}");                                               // => -0.336672
/// var fit = MultivariateGaussianCopula.Fit(copula.to(float64).Sample(20_000));
/// Console.WriteLine($"{fit.Correlation[0, 1].ToDouble():F1}");                              // => 0.7
/// </code></example>
public sealed class MultivariateGaussianCopula : Distribution
{
    private const double Least = 1e-300, Most = 1 - 1.1e-16;
    private readonly double[] correlation, scale, excess;       // R, its Cholesky factor L and R⁻¹ - I, row by row
    private readonly double logDet;

    /// <summary>The copula with these correlations.</summary>
    /// <param name="correlation">R, (D, D): symmetric, positive definite, with ones on its diagonal.</param>
    /// <exception cref="ArgumentException">It is not such.</exception>
    public MultivariateGaussianCopula(Tensor correlation) : base(nameof(MultivariateGaussianCopula), Features(correlation))
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var lower = Cholesky(correlation);
        var r = correlation.detach().to(float64).cpu();
        var inverse = cholesky_inverse(lower);
        this.correlation = Rows(r);
        scale = Rows(lower);
        excess = Rows((inverse + inverse.t()) / 2 - eye(Dimensions, dtype: float64, device: CPU));
        logDet = 2 * lower.diagonal(0, 0, 1).log().sum().ToDouble();
        RegisterComponents();
    }

    /// <summary>R, (D, D), float64, on the CPU.</summary>
    public Tensor Correlation => Square(correlation, CPU);

    /// <summary>Differential entropy, ln det R / 2, nats.</summary>
    public double Entropy => logDet / 2;

    /// <summary>The copula of the normal scores' correlations, q = Phi⁻¹(u): asymptotically efficient (Klaassen, Wellner 1997).</summary>
    /// <param name="u">(N, D) in (0, 1), N > D, as <see cref="PseudoObservations"/> are.</param>
    /// <exception cref="ArgumentException">u is not such, or a column is a function of others.</exception>
    public static MultivariateGaussianCopula Fit(Tensor u)
    {
        Guard.Number(u);
        if (u.Dimensions != 2 || u.size(1) < 1 || u.size(0) <= u.size(1)) throw new ArgumentException($"u has shape {Guard.Describe(u)}; expected (N, D), D >= 1, N > D.", nameof(u));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var wide = u.detach().to(float64).cpu();
        if (!wide.gt(0).logical_and(wide.lt(1)).all().ToBoolean()) throw new ArgumentException("u holds numbers outside (0, 1); expected ranks divided by N + 1 (PseudoObservations).", nameof(u));
        var q = special.ndtri(wide);
        q -= q.mean([0], keepdim: true);
        var covariance = q.t().mm(q);
        var deviation = covariance.diagonal(0, 0, 1).sqrt();
        if (!deviation.gt(0).all().ToBoolean()) throw new ArgumentException("A column of u is constant; it has no correlations.", nameof(u));
        var r = covariance / deviation.unsqueeze(0) / deviation.unsqueeze(1);
        r = (r + r.t()) / 2;
        r.diagonal(0, 0, 1).fill_(1);
        try
        {
            return new(r);
        }
        catch (ArgumentException singular)
        {
            throw new ArgumentException($"The normal scores of u have no correlations of full rank: a column is a function of others. {singular.Message.Split(" (Parameter")[0]}", nameof(u), singular);
        }
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var outside = x.lt(0).logical_or(x.gt(1)).any(1);
        var q = special.ndtri(x.to(float64).clamp(Least, Most));        // (B, D)
        var logC = (q.mm(Square(excess, x.device)) * q).sum(1) * -0.5 - logDet / 2;
        return logC.masked_fill(outside, double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN).to(x.dtype);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        UnitDraws.In(special.ndtr(randn(BatchOf(count), dtype: float64, device: Device).mm(Square(scale, Device).t())), Dtype);

    private Tensor Square(double[] rows, Device device) => tensor(rows, dtype: float64, device: device).view(Dimensions, Dimensions);

    private static double[] Rows(Tensor square) => square.contiguous().data<double>().ToArray();

    private static long Features(Tensor correlation)
    {
        Guard.Number(correlation);
        return correlation.Dimensions == 2 && correlation.size(0) > 0 && correlation.size(0) == correlation.size(1)
            ? correlation.size(0)
            : throw new ArgumentException($"correlation has shape {Guard.Describe(correlation)}; expected (D, D).", nameof(correlation));
    }

    private static Tensor Cholesky(Tensor correlation)
    {
        double off = (correlation.detach().to(float64).cpu().diagonal(0, 0, 1) - 1).abs().max().ToDouble();
        if (!(off <= (correlation.dtype == float64 ? 1e-12 : 1e-6))) throw new ArgumentException($"The diagonal of correlation is not 1: it is off by {off:G3}. A covariance is divided by its standard deviations first.", nameof(correlation));
        try
        {
            return CovarianceCholesky.Of(correlation);
        }
        catch (ArgumentException refused)
        {
            throw new ArgumentException($"correlation is not positive definite and symmetric. {refused.Message.Split(" (Parameter")[0]}", nameof(correlation), refused);
        }
    }
}
