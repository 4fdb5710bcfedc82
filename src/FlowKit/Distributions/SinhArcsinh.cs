namespace FlowKit.Distributions;

/// <summary>The sinh-arcsinh law: x = mu + sigma sinh((arsinh e + eps) / delta) of a standard normal e. Skewed to the right for eps > 0; tails lighter than the normal law's for delta > 1, heavier for delta &lt; 1. theta = (mu, ln sigma, eps, ln delta).</summary>
/// <remarks>
/// Jones, Pewsey 2009, Sinh-arcsinh distributions, Biometrika 96:761, eq. 1-2. At eps = 0 and delta = 1, which is theta = 0, it is the normal law, so that a fit by it is never worse. With y = (x - mu) / sigma and
/// t = delta arsinh y - eps: F(x) = Phi(sinh t), ln p(x) = -sinh² t / 2 + ln cosh t - ln(1 + y²) / 2 + ln delta - ln sigma - ln(2 pi) / 2.
/// </remarks>
/// <example><code>
/// var law = new SinhArcsinh().Fixed(skew: full(1, 1.0), tail: ones(1), location: zeros(1), scale: ones(1));
/// Console.WriteLine(law.Quantile(tensor(new[,] { { 0.025 }, { 0.5 }, { 0.975 } })).flatten().npstr());  // => [-0.43855, 1.1752, 5.6102]
/// </code></example>
public sealed record SinhArcsinh : LocationScaleFamily
{
    /// <inheritdoc/>
    public override int ParameterCount => 4;

    /// <summary>Independent elements of the law.</summary>
    /// <param name="skew">eps, any finite number.</param>
    /// <param name="tail">delta > 0.</param>
    /// <param name="location">mu, of the event's shape.</param>
    /// <param name="scale">sigma > 0.</param>
    /// <exception cref="ArgumentException">A scale or a tail is not positive.</exception>
    public Factorized Fixed(Tensor skew, Tensor tail, Tensor location, Tensor scale) => base.Fixed(Real(location), OfScale(scale), Real(skew), Log(tail));

    internal override Tensor NormalScore(Tensor x, Tensor theta) => Bent((x - At(theta, 0)) * LogScale(theta).neg().exp(), theta).sinh().clamp(-MostScore, MostScore);

    internal override Tensor FromNormalScore(Tensor score, Tensor theta) => At(theta, 0) + Scale(theta) * OfScore(score, theta);

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta)
    {
        var t = Bent(e, theta);
        var size = where(t.lt(0), -t, t);
        return t.sinh().square() / -2 + size + (size * -2).exp().log1p() - SpecialFunctions.Log1pSquare(e) / 2 + LogAt(theta, 3) - Math.Log(8 * Math.PI) / 2;          // ln cosh t = |t| + ln(1 + e^-2|t|) - ln 2
    }

    private protected override Tensor NoiseSample(Tensor theta) => OfScore(randn_like(At(theta, 0).detach()), theta);

    private protected override Tensor NoiseEntropy(Tensor theta) => throw new NotSupportedException("The entropy of SinhArcsinh has no closed form: average -LogProb over draws.");

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta) => Normal.Tails(Bent(e, theta).sinh());

    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta) => OfScore(Normal.QuantileOfLogit(logit), theta);

    // t = delta arsinh e - eps, of which sinh² does not overflow.
    private static Tensor Bent(Tensor e, Tensor theta)
    {
        var (far, most) = e.dtype == float64 ? (1e300, 340) : (1e37, 40);
        return (LogAt(theta, 3).exp() * e.clamp(-far, far).asinh() - At(theta, 2)).clamp(-most, most);
    }

    private static Tensor OfScore(Tensor score, Tensor theta) => ((score.asinh() + At(theta, 2)) * LogAt(theta, 3).neg().exp()).sinh();
}
