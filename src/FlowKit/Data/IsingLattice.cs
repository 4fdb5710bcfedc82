using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>Spins s = 2 x - 1 on a grid with free edges: P(x) = exp(beta sum of s s' over neighbors) / Z, x in {0, 1}^D. All 2^D states are enumerated, so that everything about it is exact.</summary>
/// <remarks>
/// The strength at which an infinite lattice orders is ln(1 + √2) / 2 = 0.4406868 (Onsager 1944). Shapes: x is (B, D), D = rows columns, row by row. Draws are independent, of the exact law but for 2^-53 in each cumulative probability.
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var spins = new IsingLattice(rows: 4, columns: 4, coupling: Math.Log(1 + Math.Sqrt(2)) / 2);
/// Console.WriteLine($"{spins.Entropy:F5}");                     // => 8.04806
/// Console.WriteLine(spins.Sample(3));                           // => [3x16], type = Float32, device = cpu
/// var bits = new Bernoulli().Fixed(logits: zeros(16));          // independent and fair
/// Console.WriteLine($"{spins.Divergence(bits):F5}");            // => 3.04230
/// Console.WriteLine($"{16 * Math.Log(2) - spins.Entropy:F5}");  // => 3.04230
/// </code></example>
public sealed class IsingLattice : Distribution
{
    private const long MostSpins = 20, Chunk = 8192;
    private const double Fine = 1L << 53;

    private readonly FiniteSupport support;

    /// <summary>A lattice.</summary>
    /// <param name="rows">>= 1.</param>
    /// <param name="columns">>= 1; no more than 20 spins in all.</param>
    /// <param name="coupling">beta, finite: neighbors agree where it is positive.</param>
    public IsingLattice(long rows = 4, long columns = 4, double coupling = 0.4406867935097715) : base(nameof(IsingLattice), Spins(rows, columns))
    {
        Guard.Finite(coupling);
        (Rows, Columns, Coupling) = (rows, columns, coupling);
        support = new FiniteSupport(rows * columns, classes: 2);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var spins = (support.States().to(float64) * 2 - 1).view(-1, rows, columns);
        var bonds = (spins.narrow(1, 0, rows - 1) * spins.narrow(1, 1, rows - 1)).flatten(1).sum(1) + (spins.narrow(2, 0, columns - 1) * spins.narrow(2, 1, columns - 1)).flatten(1).sum(1);
        LogPartition = (bonds * coupling).logsumexp(0).ToDouble();
        var logP = bonds * coupling - LogPartition;
        Entropy = -(logP.exp() * logP).sum().ToDouble();
        SetConstant("logP", logP);
        SetConstant("below", (logP.exp().cumsum(0) * Fine).to(int64));        // whole numbers keep their precision when the module changes its own
        RegisterComponents();
    }

    /// <summary>Spins in a column.</summary>
    public long Rows { get; }

    /// <summary>Spins in a row.</summary>
    public long Columns { get; }

    /// <summary>beta.</summary>
    public double Coupling { get; }

    /// <summary>ln Z, nats.</summary>
    public double LogPartition { get; }

    /// <summary>-sum of P ln P, nats: the least mean -ln P any model can reach.</summary>
    public double Entropy { get; }

    /// <summary>All 2^D states, one a row, in the order in which their bits count; (2^D, D).</summary>
    public Tensor States()
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(support.States().to(Dtype).to(Device));
    }

    /// <summary>KL(P || Q) = sum of P(x) (ln P(x) - ln Q(x)) over all states, exact. Nats. The model is put in evaluation mode for the call.</summary>
    /// <param name="model">Q: unconditional, of D features, on the device of this law.</param>
    /// <exception cref="ArgumentException">The model is conditional, or its events are of another shape.</exception>
    public double Divergence(Distribution model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ContextShape is not null || !model.EventShape.Equals(EventShape))
            throw new ArgumentException($"Expected a model without a context and with events {EventShape}; its context was {model.ContextShape?.ToString() ?? "none"}, its events {model.EventShape}.", nameof(model));

        using var mode = new EvaluationMode(model);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (states, logP) = (States(), GetConstant("logP").to(float64));
        double sum = 0;
        for (long first = 0; first < states.size(0); first += Chunk)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(Chunk, states.size(0) - first);
            var own = logP.narrow(0, first, count);
            sum += (own.exp() * (own - model.LogProb(states.narrow(0, first, count)).to(float64))).sum().ToDouble();
        }
        return sum;
    }

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var logP = GetConstant("logP").to(Dtype);
        var (bits, outside) = IntegerInterval.Check(x, logP, 0, 1);
        var missing = bits.isnan();
        return logP.index_select(0, support.Number(bits.masked_fill(missing, 0))).masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(missing.any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var below = GetConstant("below");
        var at = randint(0, 1L << 53, [count], dtype: int64, device: Device);
        var state = searchsorted(below, at, right: true).clamp_max(below.size(0) - 1);
        return support.Digits(state).to(Dtype);
    }

    private static long Spins(long rows, long columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return rows <= MostSpins && columns <= MostSpins && rows * columns <= MostSpins
            ? rows * columns
            : throw new ArgumentException($"{rows} x {columns} spins have 2^{(double)rows * columns:F0} states; at most {MostSpins} spins are enumerated.", nameof(columns));
    }
}
