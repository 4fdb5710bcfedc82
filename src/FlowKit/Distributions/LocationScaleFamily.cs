namespace FlowKit.Distributions;

/// <summary>x = mu + sigma e with noise e of a standard law: ln p(x) = ln p_e((x - mu) / sigma) - ln sigma. theta begins with (mu, ln sigma).</summary>
/// <remarks>Reparameterized: draws carry gradients to mu and sigma.</remarks>
/// <example><code>
/// // Gradients flow from draws to mu and sigma.
/// manual_seed(0);
/// LocationScaleFamily[] families = [new Normal(), new Logistic(), new StudentT()];
/// foreach (var family in families)
/// {
///     var law = family.Learned(1);
///     law.SampleWithLogProb(100).X.mean().backward();
///     Console.WriteLine($"{family.GetType().Name}: {law.parameters().First().grad.flatten()[0].ToDouble():F2}");     // d mean / d mu
/// }
/// // => Normal: 1.00
/// // => Logistic: 1.00
/// // => StudentT: 1.00
/// </code></example>
public abstract record LocationScaleFamily : Family
{
    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <inheritdoc/>
    public sealed override Tensor LogProb(Tensor x, Tensor theta)
    {
        var logScale = LogAt(theta, 1);
        return NoiseLogProb((x - At(theta, 0)) * logScale.neg().exp(), theta) - logScale;
    }

    /// <inheritdoc/>
    public sealed override Tensor Sample(Tensor theta) => At(theta, 0) + LogAt(theta, 1).exp() * NoiseSample(theta);

    /// <inheritdoc/>
    public sealed override Tensor Entropy(Tensor theta) => LogAt(theta, 1) + NoiseEntropy(theta);

    /// <inheritdoc/>
    protected internal sealed override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta) =>
        NoiseLogTails((x - At(theta, 0)) * LogAt(theta, 1).neg().exp(), theta);

    /// <inheritdoc/>
    protected internal sealed override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) =>
        OfLogit(p, upper, double.NegativeInfinity, double.PositiveInfinity, logit => At(theta, 0) + LogAt(theta, 1).exp() * NoiseQuantile(logit, theta));

    /// <summary>mu of every element, (B, ...).</summary>
    internal static Tensor Location(Tensor theta) => At(theta, 0);

    /// <summary>sigma of every element, (B, ...).</summary>
    internal static Tensor Scale(Tensor theta) => LogAt(theta, 1).exp();

    /// <summary>ln p_e(e).</summary>
    private protected abstract Tensor NoiseLogProb(Tensor e, Tensor theta);

    /// <summary>One e for every element of theta.</summary>
    private protected abstract Tensor NoiseSample(Tensor theta);

    /// <summary>The entropy of e, or what broadcasts to it.</summary>
    private protected abstract Tensor NoiseEntropy(Tensor theta);

    /// <summary>ln F_e(e) and ln(1 - F_e(e)); e may be infinite.</summary>
    private protected abstract (Tensor Below, Tensor Above) NoiseLogTails(Tensor e, Tensor theta);

    /// <summary>The e whose F_e has this logit.</summary>
    private protected abstract Tensor NoiseQuantile(Tensor logit, Tensor theta);
}
