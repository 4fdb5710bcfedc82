using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>A text, symbol by symbol: log p(x | c) = sum over t of ln p(x_t | x_1, ..., x_(t-1), c), from an LSTM that reads the symbol before and the context c at each step. The decoder of variational language models.</summary>
/// <remarks>
/// <para>Hochreiter, Schmidhuber 1997, Neural Computation 9:1735; as a decoder with <em>word dropout</em> Bowman et al. 2016, arXiv:1511.06349: while it trains, each symbol is hidden from the network with a probability, so that it has to
/// ask the context. In evaluation nothing is hidden, and the log-probability is exact.</para>
/// <para>Shapes: x is (B, T), whole numbers 0 .. V - 1, the context (B, C); log-probabilities (B), nats. What is no such text scores -inf.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var texts = new TopicChains(topics: 1, symbols: 4, length: 6, certainty: 0.9);
/// var model = new RecurrentCategorical(classes: 4, length: 6, hidden: 16);
/// Trainer.Fit(model, texts.Sample(2000), options: new() { Steps = 300, LearningRate = 1e-2, Threads = 1 });
/// var test = texts.Sample(2000);
/// Console.WriteLine((texts.LogProb(test) - model.LogProb(test)).mean().ToDouble() &lt; 0.1);    // => True
/// Console.WriteLine(model.Sample(3));                                                         // => [3x6], type = Float32, device = cpu
/// </code></example>
public sealed class RecurrentCategorical : Distribution
{
    private readonly Embedding embedding;
    private readonly LSTM lstm;
    private readonly Linear start, last;

    /// <summary>A network with random weights.</summary>
    /// <param name="classes">V >= 2.</param>
    /// <param name="length">T >= 1.</param>
    /// <param name="hidden">Numbers in the state of the LSTM, >= 1, and in the code of a symbol.</param>
    /// <param name="contextSize">C >= 0, the numbers of a context; 0 for none.</param>
    /// <param name="wordDropout">The probability with which a symbol is hidden while it trains, in [0, 1].</param>
    public RecurrentCategorical(int classes, int length, int hidden, int contextSize = 0, double wordDropout = 0) : base(nameof(RecurrentCategorical), Guard.Size(length, least: 1))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(contextSize);
        if (!(wordDropout is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(wordDropout), wordDropout, "Expected a probability in [0, 1].");
        (Classes, WordDropout, ContextShape) = (classes, wordDropout, contextSize > 0 ? (Shape)contextSize : null);
        embedding = nn.Embedding(classes + 1, hidden);                  // the last code is that of the start and of a hidden symbol
        lstm = nn.LSTM(hidden + contextSize, hidden, batchFirst: true);
        start = nn.Linear(Math.Max(1, contextSize), hidden);
        last = nn.Linear(hidden, classes);
        RegisterComponents();
    }

    /// <summary>V.</summary>
    public int Classes { get; }

    /// <summary>The probability with which a symbol is hidden while it trains.</summary>
    public double WordDropout { get; }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        var isText = x.ge(0).logical_and(x.le(Classes - 1)).logical_and(x.is_floating_point() ? x.eq(x.floor()) : ones_like(x, dtype: ScalarType.Bool)).all(1);
        var symbols = x.masked_fill(isText.logical_not().unsqueeze(1), 0).to(int64);
        var before = cat([full([x.size(0), 1], Classes, dtype: int64, device: x.device), symbols.narrow(1, 0, Dimensions - 1)], dim: 1);
        if (training && WordDropout > 0) before = before.masked_fill(rand(before.shape, dtype: float32, device: x.device).lt(WordDropout), Classes);

        var state = Start(x.size(0), context);
        var logits = last.forward(Read(before, context, ref state));                                            // (B, T, V)
        var logProb = logits.log_softmax(2).gather(2, symbols.unsqueeze(2)).sum(dim: 1).squeeze(1);
        return logProb.masked_fill(isText.logical_not(), double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        if (count == 0) return zeros(BatchOf(0), dtype: Dtype, device: Device);
        var state = Start(count, context);
        var symbol = full([count, 1], Classes, dtype: int64, device: Device);
        var all = new List<Tensor>();
        for (long t = 0; t < Dimensions; t++)
        {
            symbol = last.forward(Read(symbol, context, ref state)).squeeze(1).softmax(1).multinomial(1);
            all.Add(symbol);
        }
        return cat(all, dim: 1).to(Dtype);
    }

    private (Tensor H, Tensor C) Start(long rows, Tensor? context)
    {
        var h = start.forward(context ?? zeros(rows, 1, dtype: Dtype, device: Device)).tanh().unsqueeze(0).contiguous();          // (1, B, H)
        return (h, zeros_like(h));
    }

    private Tensor Read(Tensor symbols, Tensor? context, ref (Tensor H, Tensor C) state)
    {
        var codes = embedding.forward(symbols);                                                                                    // (B, t, H)
        var read = context is null ? codes : cat([codes, context.unsqueeze(1).expand(-1, symbols.size(1), -1)], dim: 2);
        var (output, h, c) = lstm.forward(read, state);
        state = (h, c);
        return output;
    }
}
