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

    /// <summary>The width of the line in pixels, positive and finite.</summary>
    public double Width
    {
        get;
        init => field = value is > 0 and < double.PositiveInfinity
            ? value : throw new ArgumentException(FormattableString.Invariant($"A line's width is positive and finite; it was {value}."), nameof(Width));
    } = 2;

    /// <summary>The opacity of the line, 0 &lt; opacity &lt;= 1.</summary>
    public double Opacity
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentException(FormattableString.Invariant($"A line's opacity is in (0, 1]; it was {value}."), nameof(Opacity));
    } = 1;

    /// <summary>Whether the line is dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>A color as #rrggbb; null: the next of the palette.</summary>
    public string? Color { get; init; }

    /// <summary>Whether a translucent curve that is interrupted is drawn part by part, so that its parts are less translucent where they lie over each other.</summary>
    internal bool PartsAddUp { get; init; }

    /// <summary>What is drawn in one stroke: the curve, or its parts.</summary>
    internal IEnumerable<(IReadOnlyList<double> X, IReadOnlyList<double> Y)> Strokes => PartsAddUp ? Parts() : [(X, Y)];

    internal override Interval? ExtentX => Interval.Around(X);

    internal override Interval? ExtentY =>
        Interval.Around(Band is var (lower, upper) ? [.. Y, .. lower, .. upper] : Y);

    internal override string Describe() => Name.Length > 0 ? $"curve \"{Name}\" of {X.Count} points" : $"curve of {X.Count} points";

    private IEnumerable<(IReadOnlyList<double> X, IReadOnlyList<double> Y)> Parts()
    {
        for (int first = 0, last; first < X.Count; first = last + 1)
        {
            for (last = first; last < X.Count && double.IsFinite(X[last] + Y[last]);) last++;
            if (last > first) yield return ([.. X.Skip(first).Take(last - first)], [.. Y.Skip(first).Take(last - first)]);
        }
    }
}
