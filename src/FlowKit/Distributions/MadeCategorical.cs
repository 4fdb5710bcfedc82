using FlowKit.Conditioners;
using FlowKit.Transforms;

namespace FlowKit.Distributions;

/// <summary>D positions with K classes each, every one given those before it in the order of a MADE: P(x | c) = product of softmax(h_d(x before d; c))_{x_d}.</summary>
/// <remarks>
/// <para>Germain, Gregor, Murray, Larochelle 2015, arXiv:1502.03509, with K classes for its two. The network reads a class as a number, 2 x / (K - 1) - 1: good for
/// classes in an order, as gray values; <see cref="AutoregressiveCategorical"/> reads every class apart.</para>
/// <para>A draw takes D steps that together cost about one pass (<see cref="MaskedAutoregressive"/>), and carries no gradient. Data may be of any dtype, -inf off 0..K-1.
/// It starts uniform. Shapes: x is (B, D).</para>
/// </remarks>
public sealed class MadeCategorical : Distribution
{
    private readonly Made made;

    /// <summary>The law whose logits a network gives.</summary>
    /// <param name="made">Gives K >= 2 outputs for each of the D positions: its order, mask sets and context are the law's.</param>
    /// <exception cref="ArgumentException">The network gives fewer than two outputs a position.</exception>
    public MadeCategorical(Made made) : base(nameof(MadeCategorical), made?.Inputs ?? throw new ArgumentNullException(nameof(made)))
    {
        if (made.Parameters < 2) throw new ArgumentException($"The MADE gives {made.Parameters} output a position; expected one a class, at least 2.", nameof(made));
        this.made = made;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long ContextFeatures => made.ContextFeatures;

    private int Classes => made.Parameters;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var (k, outside) = IntegerInterval.Check(x, x, 0, Classes - 1);
        var missing = k.isnan();
        k = k.masked_fill(missing, 0);
        var logits = made.Forward(Code(k), context).view(x.size(0), Classes, made.Inputs);             // (B, K, D)
        var logP = logits.log_softmax(1).gather(1, k.to(int64).unsqueeze(1)).squeeze(1).sum(1);
        return logP.masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(missing.any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        using var none = no_grad();
        var steps = MadeSteps.Begin(made, context, zeros(BatchOf(count), dtype: Dtype, device: Device));
        var draws = new Tensor[made.Inputs];
        foreach (int position in made.Order)
        {
            var logits = steps.Theta();                                       // (B, K, 1)
            draws[position] = (logits + Noise.Gumbel(logits)).argmax(1).to(Dtype);
            steps.Append(Code(draws[position]));
        }
        return cat(draws, dim: 1);
    }

    private protected override void CheckContext(Tensor? context, long rows)
    {
        base.CheckContext(context, rows);
        Guard.Dtype(context, Dtype, GetName());
    }

    private Tensor Code(Tensor k) => k.to(Dtype) * (2.0 / (Classes - 1)) - 1;
}
