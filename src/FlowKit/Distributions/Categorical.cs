namespace FlowKit.Distributions;

/// <summary>x in 0..K-1 with P(x) = softmax(l)_x. theta = (l_0, ..., l_{K-1}), logits; at theta = 0 it is uniform.</summary>
/// <remarks>Draws are whole numbers in the precision of theta (Gumbel-max), and carry no gradient. Data may be of any dtype; -inf off 0..K-1.</remarks>
/// <param name="Classes">K >= 2.</param>
/// <example><code>
/// manual_seed(0);
/// var die = new Categorical(Classes: 6).Fixed(logits: zeros(6, 1));
/// Console.WriteLine(die.LogProb(tensor(new[,] { { 0L }, { 6L } })).exp().npstr());  // => [0.16667, 0]
/// Console.WriteLine(die.Entropy().exp().npstr());                                   // => [6]
/// </code></example>
public sealed record Categorical(int Classes) : Family
{
    /// <summary>K >= 2.</summary>
    public int Classes { get; init; } = Classes >= 2 ? Classes : throw new ArgumentOutOfRangeException(nameof(Classes), Classes, "Expected at least 2 classes.");

    /// <inheritdoc/>
    public override int ParameterCount => Classes;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <summary>Classes as numbers in [-1, 1], in their order: 2 x / (K - 1) - 1.</summary>
    /// <inheritdoc/>
    public override Tensor Encode(Tensor x) => Index(x) * (2.0 / (Classes - 1)) - 1;

    /// <summary>Independent categorical elements.</summary>
    /// <param name="logits">(K, event...), class-major; softmax over the first dimension gives the probabilities, and ln of probabilities are logits.</param>
    /// <exception cref="ArgumentException">There are not K of them for each element.</exception>
    public Factorized Fixed(Tensor logits)
    {
        Guard.Alive(logits);
        if (logits.Dimensions < 2 || logits.size(0) != Classes)
            throw new ArgumentException($"logits has shape {Guard.Describe(logits)}; expected ({Classes}, ...): one for each class and element.", nameof(logits));
        return base.Fixed(Real(logits, finite: false).unbind(0));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var (k, outside) = IntegerInterval.Check(x, theta, 0, Classes - 1);
        var missing = k.isnan();
        var index = k.masked_fill(missing, 0).to(int64).unsqueeze(1);          // (B, 1, ...)
        var logP = theta.log_softmax(1).expand([x.size(0), .. theta.shape[1..]]).gather(1, index).squeeze(1);
        return logP.masked_fill(outside, double.NegativeInfinity).masked_fill(missing, double.NaN);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta) => (theta.detach() + Noise.Gumbel(theta)).argmax(1).to(theta.dtype);

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta) => Expected(theta, theta.log_softmax(1)).neg();

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other) => Expected(theta, theta.log_softmax(1) - other.log_softmax(1));

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var k = x.unsqueeze(1);                                               // (B, 1, ...)
        var logP = theta.log_softmax(1) + k * 0;                              // (B, K, ...)
        var above = arange(Classes, dtype: float64, device: theta.device).reshape([Classes, .. Enumerable.Repeat(1L, (int)theta.Dimensions - 2)]).gt(k);
        return LeastWhole.Between(x, 0, Classes - 1, (
            SpecialFunctions.LogSumExp(logP.masked_fill(above, double.NegativeInfinity), 1),
            SpecialFunctions.LogSumExp(logP.masked_fill(above.logical_not(), double.NegativeInfinity), 1)));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) => LeastWhole.Quantile(this, p, theta, upper, -1, Classes - 1);

    /// <summary>x where it is a class, 0 elsewhere.</summary>
    internal Tensor Index(Tensor x)
    {
        var k = IntegerInterval.Check(x, x, 0, Classes - 1).K;
        return k.masked_fill(k.isnan(), 0);
    }

    // A class of probability 0 adds nothing, whatever its value.
    private static Tensor Expected(Tensor theta, Tensor values)
    {
        var p = theta.softmax(1);
        return (p * values.masked_fill(p.eq(0), 0)).sum(1);
    }
}
