namespace FlowKit.Distributions;

/// <summary>x = 1 with probability sigmoid(l), else 0: ln P(x) = ln sigmoid((2x - 1) l). theta = (l).</summary>
/// <remarks>-inf for every other x, as gray pixels: binarize first. Draws are 0 and 1 in the precision of theta, and carry no gradient.</remarks>
/// <example><code>
/// var pixels = new Bernoulli().Fixed(logits: tensor(new[] { 0.0, Math.Log(3) }));      // P(1) = 1/2 and 3/4
/// var x = tensor(new[,] { { 1.0, 1 }, { 0, 0 }, { 0.5, 1 } });
/// Console.WriteLine(pixels.LogProb(x).exp().npstr());  // => [0.375, 0.125, 0]
/// </code></example>
public sealed record Bernoulli : Family
{
    /// <inheritdoc/>
    public override int ParameterCount => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <summary>0 and 1 as they are.</summary>
    /// <inheritdoc/>
    public override Tensor Encode(Tensor x)
    {
        var k = IntegerInterval.Check(x, x, 0, 1).K;
        return k.masked_fill(k.isnan(), 0);
    }

    /// <summary>Independent Bernoulli elements.</summary>
    /// <param name="logits">l = ln(p / (1 - p)), of the event's shape.</param>
    public Factorized Fixed(Tensor logits) => base.Fixed(Real(logits, finite: false));

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var (k, outside) = IntegerInterval.Check(x, theta, 0, 1);
        return nn.functional.logsigmoid((k * 2 - 1) * At(theta, 0)).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta) => rand_like(At(theta, 0).detach()).lt(At(theta, 0).sigmoid()).to(theta.dtype);

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta)
    {
        var l = At(theta, 0);
        return nn.functional.softplus(l) - l * l.sigmoid();
    }

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other)
    {
        var (l, m) = (At(theta, 0), At(other, 0));
        return nn.functional.softplus(m) - nn.functional.softplus(l) + l.sigmoid() * (l - m);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var l = At(theta, 0);
        return LeastWhole.Between(x, 0, 1, (nn.functional.logsigmoid(-l) + x * 0, nn.functional.logsigmoid(l) + x * 0));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) => LeastWhole.Quantile(this, p, theta, upper, -1, 1);
}
