using FlowKit.Interactive.Formatting;
using FlowKit.Interactive.Rendering;
using Plotly.NET;

namespace FlowKit.Interactive;

/// <summary>A picture: titled panels in rows. One model, drawn by Plotly for interaction and by ScottPlot as a static PNG.</summary>
/// <param name="Title">Above all panels; may be empty.</param>
/// <param name="Panels">Row by row from the top left, at least one.</param>
/// <example><code>
/// manual_seed(0);
/// var moons = new TwoMoons();
/// var figure = Figure.Row("Two moons",
///     Figures.Samples(moons.Sample(500), "draws", bounds: (-2, 3)),
///     Figures.Density(DensityGrid.Evaluate(x => moons.LogProb(x), (-2, 3), resolution: 60), "density"));
/// figure.SavePng("moons.png");
/// Console.WriteLine($"{figure.Panels.Count} panels, {File.Exists("moons.png")}");  // => 2 panels, True
/// figure
/// </code></example>
[TypeFormatterSource(typeof(PictureFormatters), PreferredMimeTypes = [Mime.Html, Mime.Png, Mime.Text])]
public sealed record Figure(string Title, IReadOnlyList<Panel> Panels)
{
    /// <summary>Panels in a row.</summary>
    public int Columns
    {
        get => field > 0 ? Math.Min(field, Panels.Count) : Panels.Count;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Columns));
            field = value;
        }
    }

    /// <summary>From the top left, row by row.</summary>
    public IReadOnlyList<Panel> Panels { get; init; } =
        Panels.Count > 0 ? Panels : throw new ArgumentException("A figure has at least one panel; there was none.", nameof(Panels));

    /// <summary>Whether heat maps without a color range of their own share one, so that their colors can be compared.</summary>
    public bool ShareColors { get; init; } = true;

    /// <summary>Whether the panels are a triangle: those of a column share their x axis, and those of a row, but for the last, their y axis. They lie close together.</summary>
    internal bool IsCorner { get; init; }

    /// <summary>The figures' panels side by side in one row.</summary>
    public static Figure Row(string title, params Figure[] figures) => Grid(title, int.MaxValue, figures);

    /// <summary>The figures' panels in rows of <paramref name="columns"/>.</summary>
    public static Figure Grid(string title, int columns, params Figure[] figures) =>
        new(title, [.. figures.SelectMany(figure => figure.Panels.Select(panel => panel with { Title = Join(figure.Title, panel.Title) }))]) { Columns = columns };

    /// <summary>The picture as a Plotly chart, to look at or to work on with Plotly.NET.</summary>
    public GenericChart ToPlotly() => PlotlyRenderer.Render(this);

    /// <summary>The picture as a PNG file's bytes.</summary>
    public byte[] ToPng() => ScottPlotRenderer.Render(this);

    /// <summary>Writes the PNG: to a temporary file in the same folder, then renamed.</summary>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        byte[] png = ToPng();
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>One line: the title, and each panel's ranges and layers.</summary>
    public override string ToString() =>
        $"Figure {(Title.Length > 0 ? $"\"{Title}\" " : "")}{string.Join(" | ", Panels.Where(panel => !panel.IsBlank).Select(panel => panel.Describe()))}";

    /// <summary>What the colors of a heat map of this figure span.</summary>
    internal Interval ColorsOf(HeatMap map) => map.Colors
        ?? (ShareColors ? Interval.Union(Panels.SelectMany(panel => panel.HeatMaps).Where(other => other.Colors is null).Select(other => (Interval?)other.ValueRange)) : null)
        ?? map.ValueRange;

    /// <summary>The color in which a text can be read at a point of a panel's axes.</summary>
    internal string TextColorOn(Panel panel, double x, double y)
    {
        if (panel.HeatMaps.LastOrDefault() is not { } map || !double.IsFinite(map.ValueAt(x, y))) return "#3d4852";
        var range = ColorsOf(map);
        double value = map.ValueAt(x, y);
        var color = Palette.Amount.GetColor(Math.Clamp((value - range.Low) / range.Length, 0, 1));
        return Palette.TextColorOn(color.R << 16 | color.G << 8 | color.B);
    }

    private static string Join(string figure, string panel) => string.Join(": ", new[] { figure, panel }.Where(title => title.Length > 0));
}
