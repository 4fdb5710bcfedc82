namespace FlowKit.Interactive;

/// <summary>A line through points, with an optional band around it. A point that is not finite interrupts it.</summary>
/// <example><code>
/// double[] x = [.. Enumerable.Range(0, 50).Select(i => i / 10.0)];
/// var curve = new Curve(x, [.. x.Select(Math.Sin)]) { Name = "sin x", Band = ([.. x.Select(t => Math.Sin(t) - 0.2)], [.. x.Select(t => Math.Sin(t) + 0.2)]) };
/// Figures.Curves("A band", "x", "y", curve)  // => Figure "A band" x [-0.196, 5.096] y [-1.296, 1.296]: curve "sin x" of 50 points
/// </code></example>
public sealed record Curve : Layer
{
    /// <summary>The line through (x[i], y[i]), in this order.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Curve(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        RequireSame(x.Count, y.Count, nameof(x), nameof(y));
        (X, Y) = (x, y);
    }

    /// <summary>Abscissas.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>The band from lower[i] to upper[i] at x[i]; null: none.</summary>
    public (IReadOnlyList<double> Lower, IReadOnlyList<double> Upper)? Band
    {
        get;
        init
        {
            if (value is var (lower, upper))
            {
                RequireSame(X.Count, lower.Count, "The curve", nameof(Band));
                RequireSame(X.Count, upper.Count, "The curve", nameof(Band));
            }

            field = value;
        }
    }

    /// <summary>Whether the line is dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>A color as #rrggbb; null: the next of the palette.</summary>
    public string? Color { get; init; }

    internal override Interval? ExtentX => Interval.Around(X);

    internal override Interval? ExtentY =>
        Interval.Around(Band is var (lower, upper) ? [.. Y, .. lower, .. upper] : Y);

    internal override string Describe() => Name.Length > 0 ? $"curve \"{Name}\" of {X.Count} points" : $"curve of {X.Count} points";
}
