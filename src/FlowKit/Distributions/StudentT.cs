namespace FlowKit.Distributions;

/// <summary>Student's t with nu degrees of freedom: heavy tails, p(x) ~ |x|^-(nu + 1). theta = (mu, ln sigma, ln nu); nu = 1 is the Cauchy law, nu → infinity the normal.</summary>
/// <remarks>ln p(x) = ln Gamma((nu + 1) / 2) - ln Gamma(nu / 2) - ln(nu pi) / 2 - ln sigma - (nu + 1) / 2 ln(1 + y² / nu), y = (x - mu) / sigma.
/// Draws carry gradients to nu too: e = z / √(g / nu) with g ~ chi²(nu), differentiated implicitly (Figurnov et al. 2018, arXiv:1805.08498).</remarks>
/// <example><code>
/// var cauchy = new StudentT().Fixed(degreesOfFreedom: ones(1), location: zeros(1), scale: ones(1));
/// var x = tensor(new[,] { { 0f }, { 10f } });
/// Console.WriteLine(cauchy.LogProb(x).exp().npstr());                 // => [0.31831, 0.0031516]
/// Console.WriteLine(new StandardNormal(1).LogProb(x).exp().npstr());  // => [0.39894, 7.6946e-23]
/// </code></example>
public sealed record StudentT : LocationScaleFamily
{
    /// <inheritdoc/>
    public override int ParameterCount => 3;

    /// <summary>Independent elements of Student's t.</summary>
    /// <param name="degreesOfFreedom">nu > 0.</param>
    /// <param name="location">mu, of the event's shape.</param>
    /// <param name="scale">sigma > 0; the standard deviation is sigma √(nu / (nu - 2)) for nu > 2.</param>
    /// <exception cref="ArgumentException">A scale or the degrees of freedom are not positive.</exception>
    public Factorized Fixed(Tensor degreesOfFreedom, Tensor location, Tensor scale) => base.Fixed(Real(location), OfScale(scale), Log(degreesOfFreedom));

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta)
    {
        var logNu = LogAt(theta, 2);
        var nu = logNu.exp();
        var log1p = SpecialFunctions.Log1pSquare(e * (logNu * -0.5).exp());                    // ln(1 + e²/nu)
        return SpecialFunctions.LogGammaHalfStep(nu / 2) - (logNu + Math.Log(Math.PI)) / 2 - (nu + 1) / 2 * log1p;
    }

    private protected override Tensor NoiseSample(Tensor theta)
    {
        var halfNu = LogAt(theta, 2).exp() / 2;
        var logRatio = Noise.LogGamma(halfNu) - halfNu.log();                 // ln(chi²(nu) / nu)
        return randn_like(logRatio.detach()) * (logRatio * -0.5).clamp_max(theta.dtype == float64 ? 600 : 80).exp();
    }

    private protected override Tensor NoiseEntropy(Tensor theta)
    {
        var logNu = LogAt(theta, 2);
        var half = logNu.exp() / 2;
        var digammas = special.digamma(half + 0.5) - special.digamma(half);
        return (half + 0.5) * digammas + (logNu + Math.Log(Math.PI)) / 2 - SpecialFunctions.LogGammaHalfStep(half);
    }

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta)
    {
        var logNu = LogAt(theta, 2);
        return Tails(e * (logNu * -0.5).exp(), logNu.exp());
    }

    // In v = arsinh(e / √nu) the tail falls as e^(-nu v), from below 2^nu / 2 on.
    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta)
    {
        var logNu = LogAt(theta, 2);
        var nu = logNu.exp();
        var bound = (logit.detach().abs() + 1) / nu.detach() + 1;
        var v = QuantileSolver.Solve(Law, logit, -bound, bound, start: zeros_like(bound));
        return v.sinh() * (logNu / 2).exp();

        (Tensor, Tensor, Tensor) Law(Tensor v)
        {
            var u = v.clamp(-MaxArsinh, MaxArsinh).sinh();
            var (below, above) = Tails(u, nu);
            var (left, right) = (nu * (v + MaxArsinh).clamp_max(0), nu * (MaxArsinh - v).clamp_max(0));
            return (below + left, above + right, StudentTail.LogDensity(u, nu) + left + right);
        }
    }

    private const double MaxArsinh = 700;     // beyond it sinh overflows, and the tail is an exponential

    private static (Tensor Below, Tensor Above) Tails(Tensor u, Tensor nu) => SpecialFunctions.Symmetric(u.clamp(double.MinValue, double.MaxValue), u => StudentTail.Log(u, nu));
}
