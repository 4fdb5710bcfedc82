namespace FlowKit.Distributions;

/// <summary>The logistic law of location mu and scale s: ln p(x) = -softplus(y) - softplus(-y) - ln s with y = (x - mu) / s. theta = (mu, ln s).</summary>
/// <example><code>
/// var law = new Logistic().Fixed(location: zeros(1), scale: ones(1));
/// Console.WriteLine(law.LogProb(zeros(1, 1)).exp().npstr());  // => [0.25]
/// Console.WriteLine(law.Entropy().npstr());                   // => [2]
/// </code></example>
public sealed record Logistic : LocationScaleFamily
{
    /// <summary>Independent logistic elements.</summary>
    /// <param name="location">mu, of the event's shape.</param>
    /// <param name="scale">s > 0; the standard deviation is s pi / √3.</param>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public Factorized Fixed(Tensor location, Tensor scale) => base.Fixed(Real(location), OfScale(scale));

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta) => nn.functional.logsigmoid(e) + nn.functional.logsigmoid(-e);

    private protected override Tensor NoiseSample(Tensor theta) => Noise.Logistic(At(theta, 0));

    private protected override Tensor NoiseEntropy(Tensor theta) => full_like(At(theta, 0), 2);

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta) => (nn.functional.logsigmoid(e), nn.functional.logsigmoid(-e));

    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta) => logit;
}
