namespace FlowKit.Interactive;

/// <summary>A function on an evenly spaced grid of cells, as colour (viridis). A cell that is not finite stays blank.</summary>
public sealed record HeatMap : Layer
{
    /// <summary>Maps of so many cells a side are drawn smooth: their cells are too small to be seen.</summary>
    internal const int SmoothFrom = 64;

    /// <summary>A heat map of values[row, column] at (x[column], y[row]).</summary>
    /// <param name="x">Cell centres, ascending and evenly spaced, at least 2.</param>
    /// <param name="y">Cell centres, ascending and evenly spaced, at least 2.</param>
    /// <param name="values">(y.Count, x.Count).</param>
    /// <exception cref="ArgumentException">The shapes disagree, or the centres are not ascending and even.</exception>
    public HeatMap(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values)
    {
        RequireEven(x, nameof(x));
        RequireEven(y, nameof(y));
        if (values.GetLength(0) != y.Count || values.GetLength(1) != x.Count)
            throw new ArgumentException(
                $"Values are (y, x) = ({y.Count}, {x.Count}) cells; they were ({values.GetLength(0)}, {values.GetLength(1)}).", nameof(values));
        (X, Y, Values) = (x, y, values);
    }

    /// <summary>Cell centres along x.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Cell centres along y.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>(Y.Count, X.Count).</summary>
    public double[,] Values { get; }

    /// <summary>The values of the first and the last colour; null: from the values, shared with the figure's other heat maps if it shares colours.</summary>
    public Interval? Colours { get; init; }

    internal override Interval? ExtentX => Edges(X);

    internal override Interval? ExtentY => Edges(Y);

    /// <summary>From 0, where no value is negative, to the largest.</summary>
    internal Interval ValueRange => Interval.Around(Values.Cast<double>()) switch
    {
        null => new(0, 1),
        { Low: >= 0 } range when range.High > 0 => new(0, range.High),
        { } range => range,
    };

    internal override string Describe() => $"heat map {X.Count}x{Y.Count} of {Colours ?? ValueRange}";

    private static Interval Edges(IReadOnlyList<double> centres)
    {
        double half = (centres[^1] - centres[0]) / (centres.Count - 1) / 2;
        return new(centres[0] - half, centres[^1] + half);
    }

    private static void RequireEven(IReadOnlyList<double> centres, string name)
    {
        if (centres.Count < 2) throw new ArgumentException($"A heat map has at least 2 cells along {name}; it was {centres.Count}.", name);
        double step = (centres[^1] - centres[0]) / (centres.Count - 1);
        for (int i = 1; i < centres.Count; i++)
            if (!(step > 0) || !(Math.Abs(centres[i] - centres[i - 1] - step) <= 1e-3 * step))
                throw new ArgumentException(
                    $"Cell centres along {name} ascend in even steps; from {centres[i - 1]:G6} to {centres[i]:G6} is not {step:G6}.", name);
    }
}
