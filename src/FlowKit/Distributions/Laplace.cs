namespace FlowKit.Distributions;

/// <summary>The Laplace law of location mu and scale s: ln p(x) = -|x - mu| / s - ln 2s. theta = (mu, ln s).</summary>
/// <remarks>Its maximum-likelihood location is the median. Mixtures of it are the components of RNADE-MoL (Uria, Murray, Larochelle 2013, arXiv:1306.0186, section 3).</remarks>
/// <example><code>
/// var law = new Laplace().Fixed(location: zeros(1), scale: ones(1));
/// Console.WriteLine(law.LogProb(tensor(new[,] { { 0f }, { 2f } })).exp().npstr());  // => [0.5, 0.067668]
/// Console.WriteLine(law.Entropy().npstr());                                       // => [1.6931]
/// </code></example>
public sealed record Laplace : LocationScaleFamily
{
    private static readonly double Ln2 = Math.Log(2);

    /// <summary>Independent Laplace elements.</summary>
    /// <param name="location">mu, of the event's shape.</param>
    /// <param name="scale">s > 0; the standard deviation is s √2.</param>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public Factorized Fixed(Tensor location, Tensor scale) => base.Fixed(Real(location), OfScale(scale));

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other)
    {
        var r = LogScale(theta) - LogScale(other);                            // ln(s / s')
        var d = (At(theta, 0) - At(other, 0)).abs();
        return (r - d / Scale(theta)).exp() + d / Scale(other) - r - 1;       // s/s' e^(-d/s) + d/s' - ln(s/s') - 1
    }

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta) => -e.abs() - Ln2;

    private protected override Tensor NoiseSample(Tensor theta) => Noise.Laplace(At(theta, 0));

    private protected override Tensor NoiseEntropy(Tensor theta) => full_like(At(theta, 0), 1 + Ln2);

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta) => SpecialFunctions.Symmetric(e, e => -e - Ln2);

    // Beyond the median the tail is e^-e / 2, so that e = ln((1 + e^l) / 2) for a logit l >= 0.
    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta)
    {
        return where(logit.ge(0), Upper(logit.clamp_min(0)), -Upper((-logit).clamp_min(0)));

        Tensor Upper(Tensor l) => l + ((-l).expm1() / 2).log1p();
    }
}
