using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>D elements of one family, every one given those before it: p(x | c) = product of p(x_i; h_i(x before i; c)), with h an autoregressive network.</summary>
/// <remarks>
/// <para>Density takes one pass. A draw takes D steps, which an incremental network such as <see cref="Made"/> does at the cost of about one pass; where the family is reparameterized, gradients flow through it.
/// With <see cref="Bernoulli"/> or <see cref="Categorical"/> and a MADE it is the model of Germain, Gregor, Murray, Larochelle 2015, arXiv:1502.03509; with normal elements or a
/// <see cref="MixtureFamily"/>, over a <see cref="Nade"/>, that of Uria, Murray, Larochelle 2013, RNADE, arXiv:1306.0186.</para>
/// <para>The network reads a value as <see cref="Family.Encode"/> writes it: classes as numbers in [-1, 1], which is good for classes in an order, as gray values;
/// <see cref="Table"/> reads every class apart, and so does a network of one-hot codes with <see cref="OneHotCategorical"/>. Shapes: x is (B, D), or (B, D, K) for one-hot codes of K classes.</para>
/// </remarks>
/// <example><code>
/// // Two coins that always agree, learned by a MADE.
/// manual_seed(0);
/// var law = new Autoregressive(new Bernoulli(), new Made(features: 2, parameters: 1, hidden: [8]));
/// Trainer.Fit(law, tensor(new[,] { { 0f, 0 }, { 1, 1 } }), options: new() { Steps = 200, LearningRate = 0.05, BatchSize = 2, Threads = 1 });
/// Console.WriteLine(law.LogProb(tensor(new[,] { { 1f, 1 } })).exp().item&lt;float>() > 0.45);   // => True
/// </code></example>
public sealed class Autoregressive : Distribution
{
    private readonly Family family;
    private readonly AutoregressiveNetwork network;
    private readonly Func<Tensor, Tensor> encode;
    private readonly bool scaledMeanGradient;

    /// <summary>The law whose parameters a network gives.</summary>
    /// <param name="family">The law of an element.</param>
    /// <param name="network">Gives the family's P parameters for each of the D positions; its order and context are the law's.</param>
    /// <param name="scaledMeanGradient">Whether the gradient of log p to each mean is multiplied by its sigma, so that narrow components do not take the longest steps; values are the same. RNADE's
    /// heuristic (section 3), for families of mean and scale and mixtures of them.</param>
    /// <exception cref="ArgumentException">The network gives another number of parameters, or the family has no means whose gradient could be scaled.</exception>
    public Autoregressive(Family family, AutoregressiveNetwork network, bool scaledMeanGradient = false) : this(family, network, null)
    {
        if (scaledMeanGradient && family is not (LocationScaleFamily or MixtureFamily { Component: LocationScaleFamily }))
            throw new ArgumentException($"{family} has no mean and scale; expected a family of them, as Normal or Laplace, or a mixture of one, for scaled gradients.", nameof(scaledMeanGradient));
        this.scaledMeanGradient = scaledMeanGradient;
    }

    private Autoregressive(Family family, AutoregressiveNetwork network, Func<Tensor, Tensor>? encode)
        : base(nameof(Autoregressive), network?.EventShape ?? throw new ArgumentNullException(nameof(network)))
    {
        ArgumentNullException.ThrowIfNull(family);
        if (network.Parameters != family.ParameterCount)
            throw new ArgumentException($"The network gives {network.Parameters} parameters a position; {family} takes {family.ParameterCount}.", nameof(network));
        (this.family, this.network, this.encode) = (family, network, encode ?? family.Encode);
        RegisterComponents();
    }

    /// <summary>D positions with K classes each and logits linear in the one-hot codes of the earlier positions: two positions can have any joint law, and more have all pairwise influences.</summary>
    /// <remarks>P(x) = product of softmax(b_d + sum over e &lt; d of W_{d,e,x_e})_{x_d}, tables learned: for few positions and classes, as W holds (D K)² numbers. It starts uniform.</remarks>
    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    public static Autoregressive Table(long positions, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        var family = new Categorical(classes);
        return new(family, new OneHotTable(positions, classes), family.Index);
    }

    internal override string Detail => family.ToString();

    internal AutoregressiveNetwork Network => network;

    /// <summary>The law of an element.</summary>
    internal Family Family => family;

    /// <inheritdoc/>
    public override Shape? ContextShape => network.ContextShape;

    /// <inheritdoc/>
    public override bool IsReparameterized => family.IsReparameterized || base.IsReparameterized;

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        if (family.IsDiscrete) return LogP(x, context);

        if (x.is_floating_point()) Guard.Dtype(x, Dtype, GetName());
        return NothingAtInfinity(x.to(Dtype), x => LogP(x, context));
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var steps = network.Begin(context, zeros(BatchOf(count), dtype: Dtype, device: Device));
        var draws = new Tensor[network.Inputs];
        foreach (int position in network.Order)
        {
            draws[position] = family.Sample(steps.Theta());                   // (B, 1)
            steps.Append(encode(draws[position]));
        }
        return cat(draws, dim: 1);
    }

    private protected override void CheckContext(Tensor? context, long rows)
    {
        base.CheckContext(context, rows);
        Guard.Dtype(context, Dtype, GetName());
    }

    private Tensor LogP(Tensor x, Tensor? context)
    {
        var theta = network.Forward(encode(x.to(Dtype)), context).view([x.size(0), network.Parameters, .. EventShape]);    // (B, P, D)
        return SumEvent(family.LogProb(x, scaledMeanGradient ? family.ScaleMeanGradient(theta)! : theta));
    }
}
