using System.Globalization;

namespace FlowKit.Interactive;

/// <summary>A scatter of points, all alike, or colored by group or by value.</summary>
/// <example><code>
/// manual_seed(0);
/// double[] x = randn(200, dtype: float64).data&lt;double>().ToArray(), y = randn(200, dtype: float64).data&lt;double>().ToArray();
/// var points = new Points(x, y) { Values = [.. x.Zip(y, (x, y) => x * x + y * y)], Size = 6, Opacity = 1 };
/// new Figure("", [new Panel("colored by |x|²", [points]) { X = (-4, 4), Y = (-4, 4) }])  // => Figure "colored by |x|²" x [-4, 4] y [-4, 4]: 200 points
/// </code></example>
public sealed record Points : Layer
{
    /// <summary>The points (x[i], y[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Points(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        RequireSame(x.Count, y.Count, nameof(x), nameof(y));
        (X, Y) = (x, y);
    }

    /// <summary>Abscissas.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>The group of each point, for colors that tell classes apart; null: one group.</summary>
    public IReadOnlyList<string>? Groups
    {
        get;
        init
        {
            if (value is not null) RequireSame(X.Count, value.Count, "Points", nameof(Groups));
            field = value;
        }
    }

    /// <summary>A value at each point, shown as color; null: no such coloring.</summary>
    public IReadOnlyList<double>? Values
    {
        get;
        init
        {
            if (value is not null) RequireSame(X.Count, value.Count, "Points", nameof(Values));
            field = value;
        }
    }

    /// <summary>Diameter in pixels.</summary>
    public double Size { get; init; } = 4;

    /// <summary>0 &lt; opacity &lt;= 1.</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>A color as #rrggbb for points without groups and values; null: the next of the palette.</summary>
    public string? Color { get; init; }

    /// <summary>How many there were before a factory kept some of them; null: all are here.</summary>
    internal long? OutOf { get; init; }

    /// <summary>The groups and their points, numbers by size before words by letter.</summary>
    internal IEnumerable<(string Name, int[] Indices)> GroupsInOrder => Enumerable.Range(0, X.Count)
        .GroupBy(i => Groups![i])
        .OrderBy(group => double.TryParse(group.Key, CultureInfo.InvariantCulture, out double number) ? number : double.PositiveInfinity)
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, group.ToArray()));

    internal Interval ValueRange => Interval.Around(Values ?? []) ?? new(0, 1);

    internal override Interval? ExtentX => Interval.Around(X);

    internal override Interval? ExtentY => Interval.Around(Y);

    internal override string Describe() => OutOf is { } all && all > X.Count ? $"{X.Count} of {all} points" : $"{X.Count} points";
}
