namespace FlowKit.Interactive;

/// <summary>One thing drawn inside a panel. Later layers cover earlier ones.</summary>
/// <example><code>
/// double[] x = [0, 1, 2], y = [0, 1, 4];
/// Layer[] layers = [new Curve(x, y) { Name = "x²" }, new Points(x, y)];
/// var figure = new Figure("", [new Panel("layers", layers)]);
/// Console.WriteLine(figure.Panels[0].Layers.Count);  // => 2
/// figure                                             // => Figure "layers" x [-0.08, 2.08] y [-0.16, 4.16]: curve "x²" of 3 points, 3 points
/// </code></example>
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>What the legend calls it; empty keeps it out of the legend.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the layer covers along x; null where it has nothing finite to show.</summary>
    internal abstract Interval? ExtentX { get; }

    /// <summary>What the layer covers along y; null where it has nothing finite to show.</summary>
    internal abstract Interval? ExtentY { get; }

    /// <summary>A few words for the textual form of a figure.</summary>
    internal abstract string Describe();

    private protected static void RequireSame(int count, int other, string name, string otherName)
    {
        if (count != other) throw new ArgumentException($"{name} and {otherName} have the same length; they were {count} and {other}.", otherName);
    }
}
