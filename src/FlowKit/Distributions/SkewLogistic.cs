namespace FlowKit.Distributions;

/// <summary>The generalized logistic law of type I, of location mu, scale s and shape a: F(x) = (1 / (1 + e^-y))^a with y = (x - mu) / s. Skewed to the left for a &lt; 1, to the right for a > 1. theta = (mu, ln s, ln a).</summary>
/// <remarks>
/// Balakrishnan, Leung 1988, Order statistics from the type I generalized logistic distribution. ln p(x) = ln a + a ln S(y) + ln S(-y) - ln s with S(y) = 1 / (1 + e^-y). At a = 1 it is the logistic law; for large a,
/// x - s ln a tends to Gumbel's law of maxima, F = exp(-e^-y). The tails fall as e^(a y) on the left and e^-y on the right. Mean: mu + s (psi(a) - psi(1)).
/// </remarks>
/// <example><code>
/// var law = new SkewLogistic().Fixed(shape: full(1, 2.0), location: zeros(1), scale: ones(1));
/// Console.WriteLine(law.Cdf(zeros(1, 1)).npstr());   // => [[0.25]]
/// Console.WriteLine(law.Entropy().npstr());          // => [1.8069]
/// </code></example>
public sealed record SkewLogistic : LocationScaleFamily
{
    private const double Far = 37, Small = -9;        // e^-37 = 1e-16 is less than 1 feels; of e^-9, three terms of a series are exact

    /// <inheritdoc/>
    public override int ParameterCount => 3;

    /// <summary>Independent elements of the law.</summary>
    /// <param name="shape">a > 0.</param>
    /// <param name="location">mu, of the event's shape.</param>
    /// <param name="scale">s > 0.</param>
    /// <exception cref="ArgumentException">A scale or a shape is not positive.</exception>
    public Factorized Fixed(Tensor shape, Tensor location, Tensor scale) => base.Fixed(Real(location), OfScale(scale), Log(shape));

    private protected override Tensor NoiseLogProb(Tensor e, Tensor theta)
    {
        var logShape = LogAt(theta, 2);
        return logShape + nn.functional.logsigmoid(e) * logShape.exp() + nn.functional.logsigmoid(-e);
    }

    private protected override Tensor NoiseSample(Tensor theta) => NoiseQuantile(Noise.Logistic(At(theta, 0)), theta);

    private protected override Tensor NoiseEntropy(Tensor theta)
    {
        var logShape = LogAt(theta, 2);
        return special.digamma(logShape.exp() + 1) - logShape + (1 - special.digamma(ones_like(logShape)));       // -ln a + psi(a + 1) - psi(1) + 1
    }

    private protected override (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta)
    {
        var size = LogAt(theta, 2) + LogMinusLogSigmoid(e);                   // ln(-ln F)
        return (-size.exp(), LogOneMinusExp(size));
    }

    // F = p at S(e) = p^(1/a), whose logit is e.
    private protected override Tensor NoiseQuantile(Tensor logit, Tensor theta)
    {
        var size = LogMinusLogSigmoid(logit) - LogAt(theta, 2);               // ln(-ln S(e))
        return -size.exp() - LogOneMinusExp(size);
    }

    // ln(-ln S(y)) = ln ln(1 + e^-y); where S(y) rounds to 1 it is -y. The second derivative of logsigmoid cancels on the right.
    private static Tensor LogMinusLogSigmoid(Tensor y)
    {
        var right = y.clamp(0, Far).neg().exp().log1p().log();
        return where(y.gt(Far), -y, where(y.gt(0), right, nn.functional.logsigmoid(y.clamp_max(0)).neg().log()));
    }

    // ln(1 - e^-t) of t = e^size; for small t it is ln t - t / 2 + t² / 24.
    private static Tensor LogOneMinusExp(Tensor size)
    {
        var t = size.clamp_max(Small).exp();
        return where(size.lt(Small), size - t / 2 + t.square() / 24, SpecialFunctions.Log1mExp(-size.clamp_min(Small).exp()));
    }
}
