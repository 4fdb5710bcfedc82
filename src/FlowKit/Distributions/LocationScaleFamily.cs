namespace FlowKit.Distributions;

/// <summary>x = mu + sigma e with noise e of a standard law: ln p(x) = ln p_e((x - mu) / sigma) - ln sigma. theta begins with (mu, ln sigma).</summary>
/// <remarks>Reparameterized: draws carry gradients to mu and sigma. Where data have ties, as columns of which many entries are exactly 0, the likelihood grows without bound as sigma
/// shrinks onto them; <see cref="ScaleFloor"/> bounds it, and a figure on such data means something only beside the floor it was reached with.</remarks>
/// <example><code>
/// // Gradients flow from draws to mu and sigma.
/// manual_seed(0);
/// LocationScaleFamily[] families = [new Normal(), new Laplace(), new Logistic(), new StudentT()];
/// foreach (var family in families)
/// {
///     var law = family.Learned(1);
///     law.SampleWithLogProb(100).X.mean().backward();
///     Console.WriteLine($"{family.GetType().Name}: {law.parameters().First().grad.flatten()[0].ToDouble():F2}");     // d mean / d mu
/// }
/// // => Normal: 1.00
/// // => Laplace: 1.00
/// // => Logistic: 1.00
/// // => StudentT: 1.00
/// </code></example>
public abstract record LocationScaleFamily : Family
{
    private readonly double scaleFloor;

    /// <summary>f, the least sigma, 0 &lt;= f &lt; 1: sigma = f + (1 - f) e^theta, which is 1 at theta = 0 for every f.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1).</exception>
    public double ScaleFloor
    {
        get => scaleFloor;
        init => scaleFloor = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(ScaleFloor), value, "Expected 0 <= floor < 1.");
    }

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <inheritdoc/>
    public sealed override Tensor LogProb(Tensor x, Tensor theta)
    {
        var logScale = LogScale(theta);
        return NoiseLogProb((x - At(theta, 0)) * logScale.neg().exp(), theta) - logScale;
    }

    /// <inheritdoc/>
    public sealed override Tensor Sample(Tensor theta) => At(theta, 0) + Scale(theta) * NoiseSample(theta);

    /// <inheritdoc/>
    public sealed override Tensor Entropy(Tensor theta) => LogScale(theta) + NoiseEntropy(theta);

    /// <inheritdoc/>
    protected internal sealed override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta) =>
        NoiseLogTails((x - At(theta, 0)) * LogScale(theta).neg().exp(), theta);

    /// <inheritdoc/>
    protected internal sealed override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) =>
        OfLogit(p, upper, double.NegativeInfinity, double.PositiveInfinity, logit => At(theta, 0) + Scale(theta) * NoiseQuantile(logit, theta));

    internal override Tensor FromNormalScore(Tensor score, Tensor theta)
    {
        var (below, above) = Normal.Tails(score);
        return At(theta, 0) + Scale(theta) * NoiseQuantile(below - above, theta);
    }

    /// <summary>mu of every element, (B, ...).</summary>
    internal static Tensor Location(Tensor theta) => At(theta, 0);

    /// <summary>sigma of every element, (B, ...).</summary>
    internal Tensor Scale(Tensor theta) => ScaleOf(LogAt(theta, 1));

    /// <summary>sigma of its parameter.</summary>
    internal Tensor ScaleOf(Tensor logScale) => ScaleFloor == 0 ? logScale.exp() : logScale.exp() * (1 - ScaleFloor) + ScaleFloor;

    internal override Tensor ScaleMeanGradient(Tensor theta) =>
        cat([ScaledGradient(theta.narrow(1, 0, 1), Scale(theta).unsqueeze(1)), theta.narrow(1, 1, ParameterCount - 1)], dim: 1);

    /// <summary>ln sigma of every element, (B, ...).</summary>
    private protected Tensor LogScale(Tensor theta) => ScaleFloor == 0 ? LogAt(theta, 1) : Scale(theta).log();

    /// <summary>The parameter of a sigma, for a family's <c>Fixed</c>.</summary>
    /// <exception cref="ArgumentException">An element is not above the floor.</exception>
    private protected Tensor OfScale(Tensor scale)
    {
        if (ScaleFloor == 0) return Log(scale);

        Guard.Number(scale);
        using var scope = NewDisposeScope();
        var wide = scale.detach().to(float64);
        return wide.gt(ScaleFloor).all().ToBoolean()
            ? scope.MoveToOuter(Log((wide - ScaleFloor) / (1 - ScaleFloor), nameof(scale)))
            : throw new ArgumentException($"Expected scale > {ScaleFloor}, the family's floor; the smallest is {wide.min().ToDouble()}.", nameof(scale));
    }

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
