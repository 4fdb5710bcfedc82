namespace FlowKit.Distributions;

/// <summary>All K^D events of D whole numbers 0..K-1: what is said of a law by summing over them is exact. Events count as the digits of a number, the first the most significant.</summary>
/// <remarks>Sums are taken in float64, and models are put in evaluation mode for a call. For events (B, D) and unconditional models.</remarks>
/// <example><code>
/// manual_seed(0);
/// var support = new FiniteSupport(positions: 3, classes: 4);
/// var law = Autoregressive.Table(3, 4);
/// Console.WriteLine(support.Count);                                       // => 64
/// Console.WriteLine(support.States()[27].npstr());                        // => [1, 2, 3]
/// Console.WriteLine($"{support.LogProbs(law).exp().sum().ToDouble():F6}");    // => 1.000000
/// Console.WriteLine($"{support.Entropy(law):F6} {3 * Math.Log(4):F6}");       // => 4.158883 4.158883
/// </code></example>
public sealed class FiniteSupport
{
    private const long Most = 1L << 24, Chunk = 8192;

    private readonly long[] places;

    /// <summary>The events of D numbers.</summary>
    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <exception cref="ArgumentException">There are more than 2^24 events.</exception>
    public FiniteSupport(long positions, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        double count = Math.Pow(classes, positions);
        if (count > Most) throw new ArgumentException($"{positions} numbers of {classes} classes have {classes}^{positions} = {count:G3} states; at most {Most} are enumerated.", nameof(positions));

        (Positions, Classes, Count) = (positions, classes, (long)Math.Round(count));
        places = [.. Enumerable.Range(0, (int)positions).Select(i => (long)Math.Round(Math.Pow(classes, positions - 1 - i)))];
    }

    /// <summary>D.</summary>
    public long Positions { get; }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>K^D.</summary>
    public long Count { get; }

    /// <summary>Every event, one a row, (K^D, D), int64.</summary>
    public Tensor States() => States(0, Count);

    /// <summary>ln P of every event, (K^D), float64, -inf where there is none.</summary>
    /// <param name="model">Unconditional, with events (D), on the CPU.</param>
    /// <exception cref="ArgumentException">The model is conditional, or its events are of another shape.</exception>
    public Tensor LogProbs(Distribution model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ContextShape is not null || !model.EventShape.Equals(Positions))
            throw new ArgumentException($"Expected a model without a context and with events ({Positions}); its context was {model.ContextShape?.ToString() ?? "none"}, its events {model.EventShape}.", nameof(model));

        using var mode = new EvaluationMode(model);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long first = 0; first < Count; first += Chunk)
        {
            using var part = NewDisposeScope();
            parts.Add(part.MoveToOuter(model.LogProb(States(first, Math.Min(Chunk, Count - first))).to(float64)));
        }
        return scope.MoveToOuter(cat([.. parts]));
    }

    /// <summary>-sum of P ln P, nats.</summary>
    /// <inheritdoc cref="LogProbs" path="/param|/exception"/>
    public double Entropy(Distribution model)
    {
        using var scope = NewDisposeScope();
        return EntropyOf(LogProbs(model));
    }

    /// <summary>KL(P || Q) = sum of P (ln P - ln Q), nats; -sum of P ln Q is this and the entropy of P.</summary>
    /// <param name="law">P, unconditional, with events (D), on the CPU.</param>
    /// <param name="model">Q, likewise.</param>
    /// <exception cref="ArgumentException">One is conditional, or its events are of another shape.</exception>
    public double Divergence(Distribution law, Distribution model)
    {
        using var scope = NewDisposeScope();
        var logP = LogProbs(law);
        return (logP.exp() * (logP - LogProbs(model))).nan_to_num(nan: 0, posinf: double.PositiveInfinity).sum().ToDouble();    // 0 (-inf - ln Q) is 0
    }

    /// <summary>The events of numbers first, first + 1, ...</summary>
    internal Tensor States(long first, long count)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Digits(arange(first, first + count, dtype: int64, device: CPU)));
    }

    /// <summary>The events of those numbers, (B) to (B, D).</summary>
    internal Tensor Digits(Tensor number) => number.unsqueeze(1).div(Places(number.device), RoundingMode.floor).remainder(Classes);

    /// <summary>The numbers of events of whole numbers in 0..K-1, (B, D) to (B).</summary>
    internal Tensor Number(Tensor x) => (x.to(int64) * Places(x.device)).sum(1);

    /// <summary>-sum of P ln P of log-probs.</summary>
    internal static double EntropyOf(Tensor logP) => -(logP.exp() * logP).nan_to_num(nan: 0).sum().ToDouble();

    private Tensor Places(Device device) => tensor(places, dtype: int64, device: device);
}
