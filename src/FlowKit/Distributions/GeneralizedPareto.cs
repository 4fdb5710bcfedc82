namespace FlowKit.Distributions;

/// <summary>The generalized Pareto law of excesses y >= 0 over a threshold: P(Y > y) = (1 + xi y / beta)^(-1 / xi), e^(-y / beta) at xi = 0. theta = (xi, ln beta); at theta = 0 it is the standard exponential law.</summary>
/// <remarks>
/// <para>The limit law of excesses over high thresholds (Balkema, de Haan 1974; Pickands 1975). xi > 0: a power law with tail index 1 / xi; xi &lt; 0: the support ends at -beta / xi. Density 1 / beta at y = 0, -inf outside the support.</para>
/// <para>Smooth through xi = 0, where the logarithm is computed by its series. Reparameterized.</para>
/// </remarks>
/// <example><code>
/// var law = new GeneralizedPareto().Fixed(xi: tensor(new[] { 0.5 }), beta: tensor(new[] { 2.0 }));
/// Console.WriteLine(law.Quantile(tensor(new[,] { { 0.99 } })).npstr());    // => [[36]]
/// Console.WriteLine(law.Entropy().npstr());                               // => [2.1931]
/// manual_seed(0);
/// var fit = GeneralizedPareto.Fit(law.to(float64).Sample(5000));
/// Console.WriteLine(Math.Abs(fit.Xi - 0.5) &lt; 3 * fit.XiStandardError);    // => True
/// </code></example>
public sealed record GeneralizedPareto : Family
{
    private const double NearZero = 1e-3, Most = 1e290;

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Independent generalized Pareto elements.</summary>
    /// <param name="xi">The shape, of the event's shape: 1 / xi is the tail index where xi > 0.</param>
    /// <param name="beta">The scale, beta > 0.</param>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public Factorized Fixed(Tensor xi, Tensor beta) => base.Fixed(Real(xi), Log(beta));

    /// <summary>xi and beta of highest likelihood, with xi >= -1, where the likelihood has no bound below.</summary>
    /// <param name="excesses">At least 5 numbers >= 0 of any shape, not all 0.</param>
    /// <exception cref="ArgumentException">There are too few, or one is negative or not finite.</exception>
    public static GeneralizedParetoFit Fit(Tensor excesses)
    {
        Guard.Number(excesses);
        Guard.Finite(excesses);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double[] y = excesses.detach().to(float64).cpu().contiguous().data<double>().ToArray();
        if (y.Length < 5) throw new ArgumentException($"excesses holds {y.Length} numbers; expected at least 5.", nameof(excesses));
        if (y.Min() < 0) throw new ArgumentException($"excesses holds {y.Min()}; expected numbers >= 0.", nameof(excesses));
        return y.Max() > 0 ? ParetoLikelihood.Maximize(y) : throw new ArgumentException("excesses are all 0; expected some above.", nameof(excesses));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var (xi, t, outside) = Standardize(x, theta);
        return (-(xi + 1) * Decay(xi, t) - LogAt(theta, 1)).masked_fill(outside.logical_or(x.eq(double.PositiveInfinity)), double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta) => Growth(At(theta, 0), Noise.OpenUniform(At(theta, 0)).log().neg()) * LogAt(theta, 1).exp();

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta) => LogAt(theta, 1) + At(theta, 0) + 1;

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var (xi, t, outside) = Standardize(x, theta);
        var decay = Decay(xi, t);
        var (below, before) = (x.le(0), x.lt(0).logical_or(outside.logical_not().logical_and(x.le(0))));
        var small = decay.lt(Math.Log(2));
        var logBelow = where(small, decay.masked_fill(small.logical_not(), 0.5).masked_fill(below, 0.5).neg().expm1().neg().log(), decay.masked_fill(small, 1).neg().exp().neg().log1p());
        return (logBelow.masked_fill(before, double.NegativeInfinity).masked_fill(outside.logical_and(x.gt(0)), 0),
            decay.neg().masked_fill(before, 0).masked_fill(outside.logical_and(x.gt(0)), double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper)
    {
        var (none, all) = (upper ? p.eq(1) : p.eq(0), upper ? p.eq(0) : p.eq(1));
        var inner = p.masked_fill(none.logical_or(all), 0.5);
        var (xi, beta) = (At(theta, 0), LogAt(theta, 1).exp());
        var end = where(xi.lt(0), beta / xi.neg().masked_fill(xi.ge(0), 1), full_like(beta, double.PositiveInfinity)).detach();
        return where(all, end, (Growth(xi, upper ? inner.log().neg() : inner.neg().log1p().neg()) * beta).masked_fill(none, 0));
    }

    // y / beta inside the support; where x is outside it, some number inside.
    private static (Tensor Xi, Tensor T, Tensor Outside) Standardize(Tensor x, Tensor theta)
    {
        var xi = At(theta, 0);
        var t = x * LogAt(theta, 1).neg().exp();
        var outside = t.lt(0).logical_or((t * xi).le(-1));
        var inside = (xi.detach().abs() + 1).reciprocal();
        return (xi, where(outside, inside, minimum(t, inside * (x.dtype == float64 ? Most : 1e35))), outside);
    }

    /// <summary>ln(1 + xi t) / xi, t at xi = 0: minus the logarithm of the tail.</summary>
    private static Tensor Decay(Tensor xi, Tensor t)
    {
        var z = xi * t;
        var near = z.abs().lt(NearZero);
        var (small, large) = (z.masked_fill(near.logical_not(), 0), z.masked_fill(near, 1));
        var series = full_like(small, 1.0 / 7);
        for (int i = 6; i >= 1; i--) series = 1.0 / i - small * series;
        return t * where(near, series, large.log1p() / large);
    }

    /// <summary>(e^(xi s) - 1) / xi, s at xi = 0: the inverse of <see cref="Decay"/>.</summary>
    private static Tensor Growth(Tensor xi, Tensor s)
    {
        var z = xi * s;
        var near = z.abs().lt(NearZero);
        var (small, large) = (z.masked_fill(near.logical_not(), 0), z.masked_fill(near, 1));
        var series = full_like(small, 1.0);
        for (int i = 7; i >= 2; i--) series = 1 + small * series / i;
        return s * where(near, series, large.expm1() / large);
    }
}
