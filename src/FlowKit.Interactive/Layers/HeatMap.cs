namespace FlowKit.Interactive;

/// <summary>A function on an evenly spaced grid of cells, as color (viridis). A cell that is not finite stays blank.</summary>
/// <example><code>
/// double[,] values = { { 0, 1, 2 }, { 1, 2, 3 } };
/// var map = new HeatMap(x: [0, 1, 2], y: [0, 1], values) { Colors = (0, 4) };
/// new Figure("", [new Panel("x + y", [map])])  // => Figure "x + y" x [-0.5, 2.5] y [-0.5, 1.5]: heat map 3x2 of [0, 4]
/// </code></example>
public sealed record HeatMap : Layer
{
    /// <summary>Maps of so many cells a side are drawn smooth: their cells are too small to be seen.</summary>
    internal const int SmoothFrom = 64;

    /// <summary>A heat map of values[row, column] at (x[column], y[row]).</summary>
    /// <param name="x">Cell centers, ascending and evenly spaced, at least 2.</param>
    /// <param name="y">Cell centers, ascending and evenly spaced, at least 2.</param>
    /// <param name="values">(y.Count, x.Count).</param>
    /// <exception cref="ArgumentException">The shapes disagree, or the centers are not ascending and even.</exception>
    public HeatMap(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values)
    {
        RequireEven(x, nameof(x));
        RequireEven(y, nameof(y));
        if (values.GetLength(0) != y.Count || values.GetLength(1) != x.Count)
            throw new ArgumentException(
                $"Values are (y, x) = ({y.Count}, {x.Count}) cells; they were ({values.GetLength(0)}, {values.GetLength(1)}).", nameof(values));
        (X, Y, Values) = (x, y, values);
    }

    /// <summary>Cell centers along x.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Cell centers along y.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>(Y.Count, X.Count).</summary>
    public double[,] Values { get; }

    /// <summary>The values of the first and the last color; null: from the values, shared with the figure's other heat maps if it shares colors.</summary>
    public Interval? Colors { get; init; }

    /// <summary>How much black lies over each cell, 0 none .. 1 all: the shadows of a body, (Y.Count, X.Count); null: none. A cell that is blank has none.</summary>
    internal double[,]? Shade { get; init; }

    internal override Interval? ExtentX => Edges(X);

    internal override Interval? ExtentY => Edges(Y);

    /// <summary>Whether a cell is blank.</summary>
    internal bool HasBlanks => Values.Cast<double>().Any(value => !double.IsFinite(value));

    /// <summary>From 0, where no value is negative, to the largest.</summary>
    internal Interval ValueRange => Interval.Around(Values.Cast<double>()) switch
    {
        null => new(0, 1),
        { Low: >= 0 } range when range.High > 0 => new(0, range.High),
        { } range => range,
    };

    /// <summary>The value of the cell that contains a point; NaN outside of all cells.</summary>
    internal double ValueAt(double x, double y) => Cell(X, x) is { } column && Cell(Y, y) is { } row ? Values[row, column] : double.NaN;

    internal override string Describe() => $"heat map {X.Count}x{Y.Count} of {Colors ?? ValueRange}";

    private static int? Cell(IReadOnlyList<double> centers, double at)
    {
        double cell = Math.Round((at - centers[0]) / (centers[^1] - centers[0]) * (centers.Count - 1));
        return cell >= 0 && cell < centers.Count ? (int)cell : null;
    }

    private static Interval Edges(IReadOnlyList<double> centers)
    {
        double half = (centers[^1] - centers[0]) / (centers.Count - 1) / 2;
        return new(centers[0] - half, centers[^1] + half);
    }

    private static void RequireEven(IReadOnlyList<double> centers, string name)
    {
        if (centers.Count < 2) throw new ArgumentException($"A heat map has at least 2 cells along {name}; it was {centers.Count}.", name);
        double step = (centers[^1] - centers[0]) / (centers.Count - 1);
        for (int i = 1; i < centers.Count; i++)
            if (!(step > 0) || !(Math.Abs(centers[i] - centers[i - 1] - step) <= 1e-3 * step))
                throw new ArgumentException(
                    $"Cell centers along {name} ascend in even steps; from {centers[i - 1]:G6} to {centers[i]:G6} is not {step:G6}.", name);
    }
}
