namespace FlowKit.Interactive;

/// <summary>Bars that stand on zero between neighboring edges: a histogram.</summary>
/// <example><code>
/// var bars = new Bars(edges: [0, 1, 2, 4], heights: [0.2, 0.4, 0.2]);
/// double area = bars.Heights.Select((height, i) => height * (bars.Edges[i + 1] - bars.Edges[i])).Sum();
/// Console.WriteLine($"{area:F2}");                    // => 1.00
/// new Figure("", [new Panel("a histogram", [bars])])  // => Figure "a histogram" x [0, 4.16] y [0, 0.416]: 3 bars
/// </code></example>
public sealed record Bars : Layer
{
    /// <summary>Bar i has the height heights[i] from edges[i] to edges[i + 1].</summary>
    /// <param name="edges">Ascending, one more than the heights.</param>
    /// <param name="heights">At least one.</param>
    /// <exception cref="ArgumentException">The edges do not ascend, or are not one more than the heights.</exception>
    public Bars(IReadOnlyList<double> edges, IReadOnlyList<double> heights)
    {
        if (heights.Count < 1 || edges.Count != heights.Count + 1)
            throw new ArgumentException($"n bars have n + 1 edges, n >= 1; there were {heights.Count} heights and {edges.Count} edges.", nameof(edges));
        for (int i = 1; i < edges.Count; i++)
            if (!(edges[i] > edges[i - 1]))
                throw new ArgumentException($"Edges ascend; {edges[i]} came after {edges[i - 1]}.", nameof(edges));
        (Edges, Heights) = (edges, heights);
    }

    /// <summary>Where bars begin and end.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>How high they are.</summary>
    public IReadOnlyList<double> Heights { get; }

    /// <summary>A color as #rrggbb; null: the next of the palette.</summary>
    public string? Color { get; init; }

    /// <summary>The density of the values by bins of equal width. Its area is 1, or, where values lie outside the range, the part of those within.</summary>
    internal static Bars Histogram(IReadOnlyCollection<double> values, Interval range, int bins)
    {
        double width = range.Length / bins;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => range.Low + i * width)], heights = new double[bins];
        foreach (double value in values)
            if (value >= range.Low && value <= range.High) heights[Math.Clamp((int)((value - range.Low) / width), 0, bins - 1)] += 1 / (values.Count * width);
        return new(edges, heights);
    }

    internal override Interval? ExtentX => Interval.Around(Edges);

    internal override Interval? ExtentY => Interval.Around([0, .. Heights]);

    internal override string Describe() => $"{Heights.Count} bars";
}
