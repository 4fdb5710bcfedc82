namespace FlowKit.Distributions;

/// <summary>The code e_k in {0, 1}^K of a class k with P(k) = softmax(l)_k. theta is its K logits; at theta = 0 it is uniform. The base of discrete flows.</summary>
/// <remarks>
/// <para>It is <see cref="Categorical"/> seen through <see cref="Transforms.OneHot"/>: log-probs are linear in the code, so that gradients pass from them to whatever made the code.</para>
/// <para>Shapes: an element is a whole code. x is (B, ..., K), theta (B, 1, ..., K); log-probs are (B, ..., K) and sum over a code to its own. -inf where a code is none. Draws carry no gradient.</para>
/// </remarks>
/// <param name="Classes">K >= 2.</param>
/// <example><code>
/// var law = new OneHotCategorical(3).Fixed(tensor(new[,] { { 0.5, 0.25, 0.25 } }).log());    // one code of three classes
/// Console.WriteLine(law.EventShape);                                                         // => (1, 3)
/// Console.WriteLine(law.LogProb(tensor(new[,,] { { { 1.0, 0, 0 } }, { { 0, 1, 0 } }, { { 1, 1, 0 } } })).exp().npstr());  // => [0.5, 0.25, 0]
/// </code></example>
public sealed record OneHotCategorical(int Classes) : Family
{
    private const double Least = -1e30;       // what -inf is while it is multiplied by 0

    /// <summary>K >= 2.</summary>
    public int Classes { get; init; } = Classes >= 2 ? Classes : throw new ArgumentOutOfRangeException(nameof(Classes), Classes, "Expected at least 2 classes.");

    /// <summary>1: the K logits have the places of the code's K numbers.</summary>
    public override int ParameterCount => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <summary>Independent codes with these logits.</summary>
    /// <param name="logits">(event..., K); softmax over the last dimension gives the probabilities, and ln of probabilities are logits.</param>
    /// <exception cref="ArgumentException">There are not K of them for each code.</exception>
    public Factorized Fixed(Tensor logits)
    {
        Guard.Alive(logits);
        if (logits.Dimensions < 2 || logits.size(-1) != Classes)
            throw new ArgumentException($"logits has shape {Guard.Describe(logits)}; expected (..., {Classes}): one for each class of each code.", nameof(logits));
        return base.Fixed([Real(logits, finite: false)]);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        CheckLast(x, nameof(x));
        var logP = theta.select(1, 0).log_softmax(-1);
        var code = x.to(theta.dtype);
        var held = code.detach();
        var none = held.sum(-1, keepdim: true).ne(1).logical_or_(held.amax([-1], keepdim: true).ne(1)).logical_and_(held.isnan().any(-1, keepdim: true).logical_not_());
        var impossible = held.ne(0).logical_and_(logP.isneginf());
        return (code * logP.clamp_min(Least)).masked_fill(impossible.logical_or_(none), double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta)
    {
        CheckLast(theta, nameof(theta));
        var logits = theta.detach().select(1, 0);
        return nn.functional.one_hot((logits + Noise.Gumbel(logits)).argmax(-1), Classes).to(theta.dtype);
    }

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta)
    {
        var logP = theta.select(1, 0).log_softmax(-1);
        return (logP.exp() * logP.clamp_min(Least)).neg();
    }

    // libtorch would broadcast codes of one number.
    private void CheckLast(Tensor x, string name)
    {
        if (x.Dimensions < 3 || x.size(-1) != Classes) throw new ArgumentException($"{name} has shape {Guard.Describe(x)}; expected (B, ..., {Classes}): codes of {Classes} classes.", name);
    }
}
