using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>Lines along which a function on a grid has given values. A cell with a corner that is not finite has no line.</summary>
/// <example><code>
/// var grid = DensityGrid.Evaluate(x => new Banana().LogProb(x), (-4, 4), resolution: 50);
/// var lines = new Contours(grid.X, grid.Y, grid.Values, 0.01, 0.05, 0.1) { Dashed = true };
/// new Figure("", [new Panel("banana", [lines]) { EqualAspect = true }])  // => Figure "banana" x [-4.234, 4.234] y [-4.234, 4.234]: contours of 50x50 nodes at 3 levels
/// </code></example>
public sealed record Contours : Layer
{
    /// <summary>The lines of values[row, column] at (x[column], y[row]).</summary>
    /// <param name="x">Abscissas, ascending, at least 2.</param>
    /// <param name="y">Ordinates, ascending, at least 2.</param>
    /// <param name="values">(y.Count, x.Count).</param>
    /// <param name="levels">The values, at least one, all finite.</param>
    /// <exception cref="ArgumentException">The shapes disagree, or there is no level.</exception>
    public Contours(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values, params IReadOnlyList<double> levels)
    {
        if (x.Count < 2 || y.Count < 2 || values.GetLength(0) != y.Count || values.GetLength(1) != x.Count)
            throw new ArgumentException(
                $"Values are (y, x) = ({y.Count}, {x.Count}) nodes, at least 2 x 2; they were ({values.GetLength(0)}, {values.GetLength(1)}).", nameof(values));
        if (levels.Count == 0 || !levels.All(double.IsFinite))
            throw new ArgumentException($"Contours have at least one level, all finite; they were [{string.Join(", ", levels)}].", nameof(levels));
        (X, Y, Values, Levels) = (x, y, values, levels);
    }

    /// <summary>Abscissas of the nodes.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates of the nodes.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>(Y.Count, X.Count).</summary>
    public double[,] Values { get; }

    /// <summary>The values that have a line.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>Whether the lines are dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>A color as #rrggbb; null: the next of the palette.</summary>
    public string? Color { get; init; }

    internal override Interval? ExtentX => Interval.Around(X);

    internal override Interval? ExtentY => Interval.Around(Y);

    internal IEnumerable<(double[] X, double[] Y)> Lines => Levels.SelectMany(level => MarchingSquares.Lines(X, Y, Values, level));

    internal override string Describe() =>
        FormattableString.Invariant($"contours{(Name.Length > 0 ? $" \"{Name}\"" : "")} of {X.Count}x{Y.Count} nodes at {Levels.Count} levels");
}
