namespace FlowKit.Distributions;

/// <summary>Beta(a, b) on the open interval (0, 1): ln p(x) = (a - 1) ln x + (b - 1) ln(1 - x) - ln B(a, b). theta = (ln a, ln b); at theta = 0 it is uniform.</summary>
/// <remarks>Reparameterized: x = g / (g + h) with gamma variates g and h, differentiated implicitly (Figurnov et al. 2018, arXiv:1805.08498). -inf outside (0, 1) and at its ends.</remarks>
/// <example><code>
/// var beta = new Beta().Fixed(a: tensor(new[] { 2.0 }), b: tensor(new[] { 2.0 }));
/// var x = tensor(new[,] { { 0.5 }, { 0.1 }, { 1.5 } });
/// Console.WriteLine(beta.LogProb(x).exp().npstr());  // => [1.5, 0.54, 0]
/// </code></example>
public sealed record Beta : Family
{
    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Independent Beta elements.</summary>
    /// <param name="a">a > 0, of the event's shape: the mean is a / (a + b).</param>
    /// <param name="b">b > 0.</param>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Factorized Fixed(Tensor a, Tensor b) => base.Fixed(Log(a), Log(b));

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var (a, b) = Parameters(theta);
        var outside = x.le(0).logical_or(x.ge(1));
        x = x.masked_fill(outside, 0.5);
        return ((a - 1) * x.log() + (b - 1) * (-x).log1p() - SpecialFunctions.LogBeta(a, b)).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta)
    {
        var (a, b) = Parameters(theta);
        bool wide = theta.dtype == float64;
        return (Noise.LogGamma(a) - Noise.LogGamma(b)).sigmoid().clamp(wide ? 1e-300 : 1e-37, 1 - (wide ? 1e-16 : 6e-8));   // inside, also where rounding says otherwise
    }

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta)
    {
        var (a, b) = Parameters(theta);
        return SpecialFunctions.LogBeta(a, b) - (a - 1) * special.digamma(a) - (b - 1) * special.digamma(b) + (a + b - 2) * special.digamma(a + b);
    }

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other)
    {
        var (a, b) = Parameters(theta);
        var (c, d) = Parameters(other);
        return SpecialFunctions.LogBeta(c, d) - SpecialFunctions.LogBeta(a, b)
            + (a - c) * special.digamma(a) + (b - d) * special.digamma(b) + (c - a + d - b) * special.digamma(a + b);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var (a, b) = Parameters(theta);
        var (none, all) = (x.le(0), x.ge(1));
        x = x.masked_fill(none.logical_or(all), 0.5) + a * 0;
        var (below, above) = IncompleteBeta.Log(a + x * 0, b + x * 0, x, 1 - x);
        return (below.masked_fill(none, double.NegativeInfinity).masked_fill(all, 0), above.masked_fill(none, 0).masked_fill(all, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) => OfLogit(p, upper, 0, 1, logit => LogitQuantile(logit, theta).sigmoid());

    // The solution in L = logit x. I_x(a, b) <= 2 x^a / (a B) for x <= 1/2 bounds it from below, the mirrored inequality from above.
    private static Tensor LogitQuantile(Tensor logit, Tensor theta)
    {
        var (a, b) = Parameters(theta);
        (a, b) = (a + logit * 0, b + logit * 0);
        var size = logit.detach().abs() + 2;
        var logBeta = SpecialFunctions.LogBeta(a, b).detach();
        return QuantileSolver.Solve(Law, logit, -Bound(a), Bound(b), start: (a / b).log());

        Tensor Bound(Tensor shape) => (size + (shape.log() + logBeta).neg().clamp_min(0)) / shape + 1;

        (Tensor, Tensor, Tensor) Law(Tensor at)
        {
            var (x, y) = (at.clamp(-MaxLogit, MaxLogit).sigmoid(), (-at).clamp(-MaxLogit, MaxLogit).sigmoid());
            var (below, above) = IncompleteBeta.Log(a, b, x, y);
            var (left, right) = (a * (at + MaxLogit).clamp_max(0), b * (MaxLogit - at).clamp_max(0));
            return (below + left, above + right, IncompleteBeta.LogDensity(a, b, x, y) + left + right);
        }
    }

    private const double MaxLogit = 700;      // beyond it a sigmoid underflows, and the tail is an exponential

    private static (Tensor A, Tensor B) Parameters(Tensor theta) => (LogAt(theta, 0).exp(), LogAt(theta, 1).exp());
}
