using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>One pair of axes and what is drawn between them.</summary>
/// <param name="Title">Above the axes; may be empty.</param>
/// <param name="Layers">From the bottom to the top.</param>
/// <example><code>
/// double[] x = [0, 1, 2, 3, 4];
/// var panel = new Panel("Growth", [new Curve(x, [.. x.Select(Math.Exp)]) { Name = "exp x" }, new Points(x, [1, 3, 7, 20, 55])])
/// {
///     XLabel = "x",
///     Y = (0, 60),
/// };
/// new Figure("", [panel])  // => Figure "Growth" x [-0.16, 4.16] y [0, 60]: curve "exp x" of 5 points, 5 points
/// </code></example>
public sealed record Panel(string Title, IReadOnlyList<Layer> Layers)
{
    /// <summary>Below the x axis; empty for none.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>Beside the y axis; empty for none.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>What the x axis shows; null: the layers' extent.</summary>
    public Interval? X { get; init; }

    /// <summary>What the y axis shows; null: the layers' extent.</summary>
    public Interval? Y { get; init; }

    /// <summary>Where the x axis has ticks, and their labels; null: at round numbers.</summary>
    public IReadOnlyList<(double At, string Label)>? XTicks { get; init; }

    /// <summary>Where the y axis has ticks, and their labels; null: at round numbers.</summary>
    public IReadOnlyList<(double At, string Label)>? YTicks { get; init; }

    /// <summary>Ticks for an angle in [0, 2 pi): 0, π/2, π, 3π/2 and 2π.</summary>
    public static IReadOnlyList<(double At, string Label)> AngleTicks { get; } = [(0, "0"), (Math.PI / 2, "π/2"), (Math.PI, "π"), (1.5 * Math.PI, "3π/2"), (Math.Tau, "2π")];

    /// <summary>Whether one unit is as long on x as on y.</summary>
    public bool EqualAspect { get; init; }

    /// <summary>Whether the axes are drawn; a diagram has none.</summary>
    public bool HasAxes { get; init; } = true;

    /// <summary>Width of the area between the axes in pixels; its longer side, where the aspect is equal.</summary>
    public int Width { get; init; } = 320;

    /// <summary>Height of the area between the axes in pixels; not used where the aspect is equal.</summary>
    public int Height { get; init; } = 320;

    /// <summary>Whether names are explained beside the panel.</summary>
    internal bool HasLegend { get; init; } = true;

    /// <summary>Whether the ticks of the x axis have labels; a panel above another that shares the axis needs none.</summary>
    internal bool HasXTicks { get; init; } = true;

    /// <summary>Whether the ticks of the y axis have labels.</summary>
    internal bool HasYTicks { get; init; } = true;

    /// <summary>Whether there is nothing to draw: the panel keeps a place free.</summary>
    internal bool IsBlank => !HasAxes && Layers.Count == 0;

    internal IEnumerable<HeatMap> HeatMaps => Layers.OfType<HeatMap>();

    internal ImageGrid? Images => Layers.OfType<ImageGrid>().FirstOrDefault();

    internal Interval XRange => X ?? Range(layer => layer.ExtentX);

    internal Interval YRange => Y ?? Range(layer => layer.ExtentY);

    internal string Describe() =>
        $"{(Title.Length > 0 ? $"\"{Title}\" " : "")}x {XRange} y {YRange}: {string.Join(", ", Layers.Select(layer => layer.Describe()))}";

    /// <summary>A picture without axes, in which a unit of both has <paramref name="scale"/> pixels; a title that is wider gets its room.</summary>
    internal static Panel Drawing(string title, IReadOnlyList<Layer> layers, Interval x, Interval y, double scale = 1)
    {
        double missing = Math.Max(0, EmbeddedFont.Measure(title, EmbeddedFont.TitleSize) / scale - x.Length) / 2;
        Interval wide = (x.Low - missing, x.High + missing);
        return new(title, layers) { HasAxes = false, X = wide, Y = y, Width = (int)Math.Ceiling(scale * wide.Length), Height = (int)Math.Ceiling(scale * y.Length) };
    }

    /// <summary>A heat map or images fill the axes; bars stand on them; everything else gets a little air.</summary>
    private Interval Range(Func<Layer, Interval?> extent)
    {
        var filling = Layers.Where(layer => layer is HeatMap or ImageGrid).Select(extent);
        if (Interval.Union(filling) is { } exact) return exact;
        if (Interval.Union(Layers.Select(extent)) is not { } range) return new(0, 1);

        var padded = range.Padded(0.04);
        return range.Low == 0 && Layers.Any(layer => layer is Bars) ? new(0, padded.High) : padded;
    }
}
