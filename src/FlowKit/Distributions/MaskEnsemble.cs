using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>The mean of the laws that a MADE has with each of its mask sets: p(x) = sum of p_s(x) / S. Probabilities are averaged, not their logarithms, so that their sum stays exactly 1.</summary>
/// <remarks>
/// <para>Germain, Gregor, Murray, Larochelle 2015, arXiv:1502.03509, sections 4.2 and 4.3: order-agnostic and connectivity-agnostic training. In training mode <see cref="Distribution.LogProb"/> is
/// that of one mask set, the next one at each call, as in the paper; at evaluation it is that of the mean. By Jensen's inequality the mean scores at least the average of the single sets' log-probs.</para>
/// <para>A draw chooses a set, then draws from it. Shapes: x is (B, D). Density takes S passes.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var ensemble = new MaskEnsemble(new Bernoulli(), new Made(features: 3, parameters: 1, hidden: [16], maskSets: 4));
/// Trainer.Fit(ensemble, tensor(new[,] { { 0f, 0, 0 }, { 1, 1, 0 } }), options: new() { Steps = 300, LearningRate = 0.03, BatchSize = 2, Threads = 1 });
/// var all = cartesian_prod([tensor(new[] { 0f, 1 }), tensor(new[] { 0f, 1 }), tensor(new[] { 0f, 1 })]);
/// Console.WriteLine($"{ensemble.LogProb(all).exp().sum().ToDouble():F5}");                     // => 1.00000
/// Console.WriteLine(ensemble.LogProb(tensor(new[,] { { 1f, 1, 0 } })).exp().ToDouble() > 0.4);  // => True
/// </code></example>
public sealed class MaskEnsemble : Distribution
{
    private readonly Autoregressive law;
    private readonly Tensor next;             // the mask set of the next training step; saved, so that a resumed training goes on with it

    /// <summary>The ensemble over all mask sets of a network.</summary>
    /// <param name="family">The law of an element.</param>
    /// <param name="network">Gives the family's parameters; its number of mask sets, S, is the size of the ensemble.</param>
    /// <exception cref="ArgumentException">The network gives another number of parameters than the family takes.</exception>
    public MaskEnsemble(Family family, Made network) : base(nameof(MaskEnsemble), network?.EventShape ?? throw new ArgumentNullException(nameof(network)))
    {
        law = new(family, network);
        next = zeros(1, dtype: int64, device: CPU);
        RegisterComponents();
    }

    internal override string Detail => $"of {Made.MaskSets} mask sets";

    /// <inheritdoc/>
    public override Shape? ContextShape => law.ContextShape;

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    private Made Made => (Made)law.Network;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        if (!training) return Mean(x, context);

        long set = next[0].ToInt64();
        using (no_grad()) next.fill_((set + 1) % Made.MaskSets);
        return WithSet((int)set, () => law.LogProb(x, context));
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var chosen = randint(0, Made.MaskSets, [count], dtype: int64, device: Device);
        Tensor[] rows = [.. Enumerable.Range(0, Made.MaskSets).Select(set => chosen.eq(set).nonzero().flatten())];
        var draws = rows.Select((own, set) => WithSet(set, () => law.Sample(own.size(0), context?.index_select(0, own)))).ToArray();
        return cat(draws, dim: 0).index_select(0, cat(rows, dim: 0).argsort());
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        Tensor x;
        using (no_grad()) x = SampleCore(count, context);                     // the choice of a set has no gradient
        return (x, Mean(x, context));
    }

    private Tensor Mean(Tensor x, Tensor? context)
    {
        var each = Enumerable.Range(0, Made.MaskSets).Select(set => WithSet(set, () => law.LogProb(x, context)));
        return SpecialFunctions.LogSumExp(stack(each, dim: 1), 1) - Math.Log(Made.MaskSets);
    }

    // The set that others chose stays theirs.
    private Tensor WithSet(int set, Func<Tensor> f)
    {
        int before = Made.MaskSet;
        try
        {
            Made.MaskSet = set;
            return f();
        }
        finally
        {
            Made.MaskSet = before;
        }
    }
}
