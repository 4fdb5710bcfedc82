namespace FlowKit.Interactive;

/// <summary>A bent coordinate grid: its rows and its columns as two families of lines.</summary>
/// <example><code>
/// // A unit grid under the shear (x, y) to (x + y / 2, y).
/// var (x, y) = (new double[3, 3], new double[3, 3]);
/// for (int i = 0; i &lt; 3; i++)
///     for (int j = 0; j &lt; 3; j++) (x[i, j], y[i, j]) = (j + i / 2.0, i);
/// new Figure("", [new Panel("shear", [new GridLines(x, y)]) { EqualAspect = true }])  // => Figure "shear" x [-0.12, 3.12] y [-0.08, 2.08]: grid of 3x3 nodes
/// </code></example>
public sealed record GridLines : Layer
{
    /// <summary>The grid whose node in row i and column j lies at (x[i, j], y[i, j]).</summary>
    /// <param name="x">(rows, columns), at least 2 of each.</param>
    /// <param name="y">The same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are less than 2 x 2.</exception>
    public GridLines(double[,] x, double[,] y)
    {
        if (x.GetLength(0) < 2 || x.GetLength(1) < 2 || x.GetLength(0) != y.GetLength(0) || x.GetLength(1) != y.GetLength(1))
            throw new ArgumentException(
                $"A grid has x and y of one shape, at least (2, 2); they were ({x.GetLength(0)}, {x.GetLength(1)}) and ({y.GetLength(0)}, {y.GetLength(1)}).",
                nameof(x));
        (X, Y) = (x, y);
    }

    /// <summary>Abscissas of the nodes.</summary>
    public double[,] X { get; }

    /// <summary>Ordinates of the nodes.</summary>
    public double[,] Y { get; }

    /// <summary>Every how many rows a line is drawn, at least 1. Nodes between lines make them smooth.</summary>
    public int EveryRow { get; init; } = 1;

    /// <summary>Every how many columns a line is drawn, at least 1.</summary>
    public int EveryColumn { get; init; } = 1;

    internal override Interval? ExtentX => Interval.Around(X.Cast<double>());

    internal override Interval? ExtentY => Interval.Around(Y.Cast<double>());

    internal override string Describe() => $"grid of {X.GetLength(0)}x{X.GetLength(1)} nodes";

    /// <summary>The lines along which the row index, or else the column index, is constant.</summary>
    internal IEnumerable<(double[] X, double[] Y)> Lines(bool rows) =>
        from line in Enumerable.Range(0, X.GetLength(rows ? 0 : 1))
        where line % (rows ? EveryRow : EveryColumn) == 0
        let nodes = Enumerable.Range(0, X.GetLength(rows ? 1 : 0)).Select(node => rows ? (line, node) : (node, line)).ToArray()
        select (nodes.Select(at => X[at.Item1, at.Item2]).ToArray(), nodes.Select(at => Y[at.Item1, at.Item2]).ToArray());
}
