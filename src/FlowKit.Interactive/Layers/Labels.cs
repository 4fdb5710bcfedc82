namespace FlowKit.Interactive;

/// <summary>Words in a picture, each at its point.</summary>
/// <example><code>
/// double[] x = [0.2, 0.8], y = [0.3, 0.6];
/// var panel = new Panel("", [new Points(x, y) { Size = 40 }, new Labels(x, y, ["data", "latent"])]) { X = (0, 1), Y = (0, 1) };
/// new Figure("", [panel])  // => Figure x [0, 1] y [0, 1]: 2 points, 2 labels
/// </code></example>
public sealed record Labels : Layer
{
    /// <summary>texts[i] at (x[i], y[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Labels(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<string> texts)
    {
        RequireSame(x.Count, y.Count, nameof(x), nameof(y));
        RequireSame(x.Count, texts.Count, nameof(x), nameof(texts));
        (X, Y, Texts) = (x, y, texts);
    }

    /// <summary>Abscissas.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>One for each point.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>A color as #rrggbb; null: for each label white or dark, whichever stands out against the heat map that lies below it; in the static picture with an edge of the other color.</summary>
    public string? Color { get; init; } = "#000000";

    /// <summary>Whether a text stands at the left of its point, and not with its middle on it.</summary>
    internal bool EndsAtPoint { get; init; }

    internal override Interval? ExtentX => Interval.Around(X);

    internal override Interval? ExtentY => Interval.Around(Y);

    internal override string Describe() => $"{Texts.Count} labels";
}
