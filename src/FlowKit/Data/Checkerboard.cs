namespace FlowKit.Data;

/// <summary>Uniform on the dark squares of an n x n board over [-side/2, side/2)². Entropy: ln of the dark area, ln 8 = 2.079442 nats for the 4 x 4 board of side 4.</summary>
/// <remarks>-inf on the light squares and outside. Its edges are what a smooth flow cannot have: a hard case for every model.</remarks>
/// <example><code>
/// var board = new Checkerboard(squares: 4, side: 4);
/// var x = tensor(new[,] { { -1.5, -1.5 }, { -0.5, -1.5 } });
/// Console.WriteLine($"{board.Entropy:F6}");           // => 2.079442
/// Console.WriteLine(board.LogProb(x).exp().npstr());  // => [0.125, 0]
/// </code></example>
public sealed class Checkerboard : ToyDensity
{
    /// <summary>A checkerboard.</summary>
    /// <param name="squares">n, squares along a side, even and >= 2, so that half of the board is dark.</param>
    /// <param name="side">Length of the board's side, > 0.</param>
    public Checkerboard(int squares = 4, double side = 4) : base(nameof(Checkerboard))
    {
        if (squares < 2 || squares % 2 != 0) throw new ArgumentOutOfRangeException(nameof(squares), squares, "Expected an even number >= 2.");
        if (!(side > 0) || !double.IsFinite(side)) throw new ArgumentOutOfRangeException(nameof(side), side, "Expected a finite length > 0.");
        (Squares, Side) = (squares, side);
    }

    /// <summary>n, squares along a side.</summary>
    public int Squares { get; }

    /// <summary>Length of the board's side.</summary>
    public double Side { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-Side / 2, Side / 2);

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => Math.Log(Side * Side / 2);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var cell = ((x + Side / 2) * (Squares / Side)).floor();                  // (B, 2)
        var inside = cell.ge(0).logical_and(cell.lt(Squares)).all(1);
        var dark = cell.sum(1).remainder(2).eq(0);
        var logP = full_like(cell.select(1, 0), -Entropy).masked_fill(inside.logical_and(dark).logical_not(), double.NegativeInfinity);
        return logP.masked_fill(x.isnan().any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var row = randint(0, Squares, [count], dtype: int64, device: Device);
        var column = randint(0, Squares / 2, [count], dtype: int64, device: Device) * 2 + row.remainder(2);
        var corner = stack([column, row], dim: 1).to(Dtype);
        // A hair inside the square, so that rounding puts no draw on the square beside it.
        var within = rand([count, 2], dtype: Dtype, device: Device).clamp(1e-5, 1 - 1e-5);
        return (corner + within) * (Side / Squares) - Side / 2;
    }
}
