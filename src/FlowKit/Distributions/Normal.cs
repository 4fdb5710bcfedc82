namespace FlowKit.Distributions;

/// <summary>N(mu, sigma²): ln p(x) = -((x - mu) / sigma)² / 2 - ln sigma - ln(2 pi) / 2. theta = (mu, ln sigma).</summary>
/// <example><code>
/// var law = new Normal().Fixed(mean: tensor(new[] { 0.0, 10 }), scale: tensor(new[] { 1.0, 2 }));
/// Console.WriteLine(law.LogProb(tensor(new[,] { { 0.0, 10 } })).npstr());  // => [-2.531]
/// Console.WriteLine(law.Entropy().npstr());                                // => [3.531]
/// </code></example>
public sealed record Normal : LocationScaleFamily
{
    private static readonly double HalfLog2Pi = Math.Log(2 * Math.PI) / 2;

    /// <summary>Independent normal elements.</summary>
    /// <param name="mean">mu, of the event's shape.</param>
    /// <param name="scale">Standard deviations (sigma), sigma > 0.</param>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public Factorized Fixed(Tensor mean, Tensor scale) => base.Fixed(Real(mean), OfScale(scale));

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other)
    {
        var r = LogScale(theta) - LogScale(other);                            // ln(sigma / sigma')
        var d = (At(theta, 0) - At(other, 0)) * LogScale(other).neg().exp();
        return ((r * 2).expm1() + d.square()) / 2 - r;                        // (sigma²/sigma'² - 1 + d²) / 2 - ln(sigma/sigma')
    }

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta) => LogDensity(e);

    private protected override Tensor NoiseSample(Tensor theta) => randn_like(At(theta, 0).detach());

    private protected override Tensor NoiseEntropy(Tensor theta) => full_like(At(theta, 0), HalfLog2Pi + 0.5);

    internal override Tensor NormalScore(Tensor x, Tensor theta) => (x - At(theta, 0)) * LogScale(theta).neg().exp();

    internal override Tensor FromNormalScore(Tensor score, Tensor theta) => At(theta, 0) + Scale(theta) * score;

    /// <summary>ln Phi(z) and ln Phi(-z).</summary>
    internal static (Tensor Below, Tensor Above) Tails(Tensor z) => SpecialFunctions.Symmetric(z, SpecialFunctions.LogNormalTail);

    /// <summary>The z whose Phi(z) has this logit.</summary>
    internal static Tensor QuantileOfLogit(Tensor logit)
    {
        // The tail beyond z falls below e^(-z² / 2), which bounds z; near the middle the law is like a logistic one.
        var size = logit.detach().abs();
        var bound = (size * 2).sqrt() + 1;
        return QuantileSolver.Solve(Law, logit, -bound, bound, start: logit / (size / 2 + 2.56).sqrt());

        static (Tensor, Tensor, Tensor) Law(Tensor z)
        {
            var (below, above) = Tails(z);
            return (below, above, LogDensity(z));
        }
    }

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta) => Tails(e);

    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta) => QuantileOfLogit(logit);

    private static Tensor LogDensity(Tensor e) => e.square() * -0.5 - HalfLog2Pi;
}
