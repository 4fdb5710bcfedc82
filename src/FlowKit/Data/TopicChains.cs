using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>Short texts with a hidden topic: a topic is drawn for each text, and its symbols follow that topic's Markov chain. The exact log-probability sums over the topics, so that what a model of text misses is known.</summary>
/// <remarks>
/// <para>Topic k steps from symbol s to s + k + 1 modulo V with probability p + (1 - p) / V, and to each other symbol with (1 - p) / V; the first symbol is uniform. Single symbols are uniform under every topic: only pairs tell it.</para>
/// <para>Shapes: x is (B, T), whole numbers 0 .. V - 1; log-probabilities (B), nats. What is no such text scores -inf.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var texts = new TopicChains(topics: 4, symbols: 8, length: 12);
/// var x = texts.Sample(20_000);
/// Console.WriteLine($"{texts.Posterior(x).amax(1).mean().ToDouble():F1}");                         // => 1.0
/// Console.WriteLine($"{-texts.LogProb(x).mean().ToDouble():F0} of {12 * Math.Log(8):F0} nats");    // => 18 of 25 nats
/// </code></example>
public sealed class TopicChains : Distribution
{
    /// <summary>Texts of equally probable topics.</summary>
    /// <param name="topics">K >= 1, at most V.</param>
    /// <param name="symbols">V >= 2.</param>
    /// <param name="length">T >= 2.</param>
    /// <param name="certainty">p, in [0, 1): how much a topic's own step is preferred.</param>
    public TopicChains(int topics = 4, int symbols = 8, int length = 12, double certainty = 0.6) : base(nameof(TopicChains), Guard.Size(length, least: 2))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(symbols, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(topics, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topics, symbols);
        if (!(certainty is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "Expected a probability in [0, 1).");
        (Topics, Symbols, Certainty) = (topics, symbols, certainty);
        var step = full([topics, symbols, symbols], (1 - certainty) / symbols, dtype: float64, device: CPU);
        for (int k = 0; k < topics; k++)
            for (int s = 0; s < symbols; s++) step[k, s, (s + k + 1) % symbols].add_(certainty);
        SetConstant("logStep", step.log());
        RegisterComponents();
    }

    /// <summary>K.</summary>
    public int Topics { get; }

    /// <summary>V.</summary>
    public int Symbols { get; }

    /// <summary>p.</summary>
    public double Certainty { get; }

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <summary>P(topic | x), (B, K).</summary>
    /// <param name="x">(B, T), texts.</param>
    /// <exception cref="ArgumentException">A row is no text of these symbols.</exception>
    public Tensor Posterior(Tensor x)
    {
        Guard.Batch(x, EventShape);
        Guard.Real(x);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (!IsText(x).all().ToBoolean()) throw new ArgumentException($"x holds rows that are no texts; expected whole numbers 0 .. {Symbols - 1}.", nameof(x));
        return scope.MoveToOuter(LogJoint(x).softmax(1).to(Dtype));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var isText = IsText(x);
        var logProb = LogJoint(x.masked_fill(isText.logical_not().unsqueeze(1), 0)).logsumexp(1).masked_fill(isText.logical_not(), double.NegativeInfinity);
        return logProb.masked_fill(x.isnan().any(1), double.NaN).to(x.is_floating_point() ? x.dtype : Dtype);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var topic = randint(Topics, [count, 1], dtype: int64, device: Device);
        var start = randint(Symbols, [count, 1], dtype: int64, device: Device);
        var anywhere = randint(Symbols, [count, Dimensions - 1], dtype: int64, device: Device);
        var ownStep = rand(count, Dimensions - 1, dtype: float64, device: Device).lt(Certainty);
        var symbols = new List<Tensor> { start };
        for (long t = 0; t + 1 < Dimensions; t++)
            symbols.Add(where(ownStep.narrow(1, t, 1), (symbols[^1] + topic + 1).remainder(Symbols), anywhere.narrow(1, t, 1)));
        return cat(symbols, dim: 1).to(Dtype);
    }

    private Tensor IsText(Tensor x) => x.ge(0).logical_and(x.le(Symbols - 1)).logical_and(x.is_floating_point() ? x.eq(x.floor()) : ones_like(x, dtype: ScalarType.Bool)).all(1);

    // ln P(topic, x), (B, K).
    private Tensor LogJoint(Tensor x)
    {
        var s = x.to(int64);
        var pair = s.narrow(1, 0, Dimensions - 1) * Symbols + s.narrow(1, 1, Dimensions - 1);                       // (B, T - 1)
        var steps = GetConstant("logStep").to(float64).view(Topics, Symbols * Symbols);
        var all = steps.index_select(1, pair.flatten()).view(Topics, -1, Dimensions - 1).sum(dim: 2);               // (K, B)
        return all.t() - Math.Log(Topics) - Math.Log(Symbols);
    }
}
