using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>q colors on a grid with free edges: P(x) = exp(J times the number of neighbors of one color) / Z, x in {0..q-1}^D. log Z, entropy and independent draws are exact, row by row, by transfer matrices.</summary>
/// <remarks>
/// <para>Potts 1952. With m_r(s) the sum of weights of rows r, r + 1, ... given row r = s, m_r = w T m_(r+1), Z is the sum of m_1, and the next row follows T(s, s') m_(r+1)(s'). H = ln Z - J dlnZ/dJ.
/// With q = 2 it is <see cref="IsingLattice"/> of half the coupling. By symmetry every marginal is uniform: independent cells cost D ln q.</para>
/// <para>Shapes: x is (B, D), D = rows columns, row by row. Draws are exact to 2^-53, whatever the module's precision.</para>
/// </remarks>
/// <example><code>
/// var potts = new PottsLattice(rows: 3, columns: 3, colors: 3, coupling: 0.5);
/// Console.WriteLine($"{potts.LogPartition:F5} {potts.Entropy:F5} {9 * Math.Log(3):F5}");                // => 12.24496 9.49857 9.88751
/// Console.WriteLine($"{new PottsLattice(4, 4, colors: 4, coupling: 1).Entropy:F5}");                    // => 18.34417
/// Console.WriteLine($"{new PottsLattice(4, 4, 2, coupling: 0.8).Entropy:F5} {new IsingLattice(4, 4, coupling: 0.4).Entropy:F5}");   // => 8.66343 8.66343
/// </code></example>
public sealed class PottsLattice : Distribution
{
    private const long MostRows = 1024;       // states of a row: matrices of their square are kept
    private const double Fine = 1L << 53;

    private readonly FiniteSupport row;

    /// <summary>A lattice.</summary>
    /// <param name="rows">>= 1.</param>
    /// <param name="columns">>= 1; at most 1024 colorings of a row, q^columns.</param>
    /// <param name="colors">q >= 2.</param>
    /// <param name="coupling">J, finite: neighbors agree where it is positive.</param>
    /// <exception cref="ArgumentException">A row has too many colorings.</exception>
    public PottsLattice(long rows = 3, long columns = 3, int colors = 3, double coupling = 0.5) : base(nameof(PottsLattice), Cells(rows, columns, colors))
    {
        Guard.Finite(coupling);
        (Rows, Columns, Colors, Coupling) = (rows, columns, colors, coupling);
        row = new FiniteSupport(columns, colors);

        using var grad = enable_grad();
        using var scope = NewDisposeScope();
        var states = row.States();
        var within = states.narrow(1, 0, columns - 1).eq(states.narrow(1, 1, columns - 1)).sum(1).to(float64);                // (S)
        var between = states.unsqueeze(1).eq(states).sum(2).to(float64);                                                         // (S, S)
        var j = tensor(coupling, dtype: float64, device: CPU, requires_grad: true);
        var ahead = new Tensor[rows];                                         // ln m
        ahead[^1] = within * j;
        for (long r = rows - 2; r >= 0; r--) ahead[r] = within * j + (between * j + ahead[r + 1]).logsumexp(1);
        var logZ = ahead[0].logsumexp(0);
        LogPartition = logZ.ToDouble();
        Entropy = LogPartition - coupling * (rows * columns == 1 ? 0 : autograd.grad([logZ], [j])[0].ToDouble());

        using var none = no_grad();
        SetConstant("first", Below(ahead[0].unsqueeze(0)));                   // (1, S)
        for (int r = 1; r < rows; r++) SetConstant($"row{r}", Below(between * j + ahead[r]));      // (S, S)
        RegisterComponents();

        static Tensor Below(Tensor logits) => (logits.softmax(1).cumsum(1) * Fine).to(int64);
    }

    /// <summary>Cells in a column.</summary>
    public long Rows { get; }

    /// <summary>Cells in a row.</summary>
    public long Columns { get; }

    /// <summary>q.</summary>
    public int Colors { get; }

    /// <summary>J.</summary>
    public double Coupling { get; }

    /// <summary>ln Z, nats.</summary>
    public double LogPartition { get; }

    /// <summary>-sum of P ln P, nats: the least mean -ln P any model can reach.</summary>
    public double Entropy { get; }

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var (k, outside) = IntegerInterval.Check(x, zeros(1, dtype: Dtype, device: x.device), 0, Colors - 1);
        var cells = k.reshape(-1, Rows, Columns);
        var bonds = cells.narrow(1, 0, Rows - 1).eq(cells.narrow(1, 1, Rows - 1)).flatten(1).sum(1) + cells.narrow(2, 0, Columns - 1).eq(cells.narrow(2, 1, Columns - 1)).flatten(1).sum(1);
        return (bonds.to(Dtype) * Coupling - LogPartition).masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(k.isnan().any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var drawn = new Tensor[Rows];
        var state = Draw(GetConstant("first").expand(count, -1));
        drawn[0] = row.Digits(state);
        for (int r = 1; r < Rows; r++)
        {
            state = Draw(GetConstant($"row{r}").index_select(0, state));
            drawn[r] = row.Digits(state);
        }
        return cat(drawn, dim: 1).to(Dtype);
    }

    private Tensor Draw(Tensor below)
    {
        var at = randint(0, 1L << 53, [below.size(0), 1], dtype: int64, device: Device);
        return below.le(at).sum(1).clamp_max(below.size(1) - 1);
    }

    private static long Cells(long rows, long columns, int colors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(colors, 2);
        return Math.Pow(colors, columns) <= MostRows
            ? checked(rows * columns)
            : throw new ArgumentException($"A row of {columns} cells in {colors} colors has {colors}^{columns} colorings; at most {MostRows} have a transfer matrix here. Turn the lattice so that its rows are short.", nameof(columns));
    }
}
