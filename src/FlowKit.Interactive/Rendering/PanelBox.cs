using ScottPlot;

namespace FlowKit.Interactive.Rendering;

/// <summary>A panel's place: the area of the data, and around it room for ticks, labels, title, color bar and legend.</summary>
internal sealed record PanelBox(Panel Panel, float DataWidth, float DataHeight, PixelPadding Margin, bool HasColorBar, bool HasLegend)
{
    private const float Ticks = 54, Label = 20, Title = 30, Edge = 14, ColorBar = 66, LargestLegend = 300, LegendLine = 20, Gap = 8;

    public const float TickSpacing = 50, ColorTickSpacing = 40;

    public float Left { get; private init; }

    public float Top { get; private init; }

    public float Width => DataWidth + Margin.Horizontal;

    public float Height => DataHeight + Margin.Vertical;

    public float DataLeft => Left + Margin.Left;

    public float DataTop => Top + Margin.Top;

    /// <summary>What a title centered over the data may take without leaving the panel.</summary>
    public float TitleWidth => DataWidth + 2 * Math.Min(Margin.Left, Margin.Right) - 4;

    /// <summary>How large the label of the x axis is; one that has to fit beside others is as small as it must.</summary>
    public float XLabelSize => IsInCorner ? EmbeddedFont.Fit(Panel.XLabel, EmbeddedFont.LabelSize, DataWidth) : EmbeddedFont.LabelSize;

    /// <summary>How large the label of the y axis is.</summary>
    public float YLabelSize => IsInCorner ? EmbeddedFont.Fit(Panel.YLabel, EmbeddedFont.LabelSize, DataHeight) : EmbeddedFont.LabelSize;

    /// <summary>Whether the panel is one of a triangle, among others that are as small.</summary>
    public bool IsInCorner { get; private init; }

    public PixelRect Rectangle => new(Left, Left + Width, Top + Height, Top);

    public PanelBox At(float left, float top) => this with { Left = left, Top = top };

    public static PanelBox Measure(Panel panel, Interval? colorBar)
    {
        (float width, float height) = DataSize(panel);
        float title = panel.Title.Length > 0 ? Title : Edge;
        if (panel.Images is not null) return new(panel, width, height, new(Edge, Edge, Edge, title), false, false);

        string[] names = panel.HasLegend ? LegendNames(panel) : [];
        float legend = names.Length > 1 ? LegendWidth(names) : 0;
        float bar = colorBar is { } colors ? Math.Max(ColorBar, 36 + AxisTicks.Widest(colors, height, ColorTickSpacing)) : 0;
        if (!panel.HasAxes) return new(panel, width, height, new(Edge, Edge + bar + legend, Math.Max(Edge, names.Length * LegendLine + 10 - height), title), colorBar is not null, legend > 0);

        float ticks = Math.Max(Ticks, 14 + AxisTicks.WidestOn(panel.YTicks, panel.YRange, height, TickSpacing));
        float left = ticks + (panel.YLabel.Length > 0 ? Label : 0), bottom = 30 + (panel.XLabel.Length > 0 ? Label : 0);
        float right = Edge + bar + legend, below = legend > 0 ? Math.Max(bottom, names.Length * LegendLine + 10 - height) : bottom;
        return new(panel, width, height, new(left, right, below, title), colorBar is not null, legend > 0);
    }

    /// <summary>A panel of a triangle: only at its left, its bottom and its ends is there more than a gap.</summary>
    /// <param name="figure">The triangle.</param>
    /// <param name="index">Of the panel.</param>
    public static PanelBox MeasureInCorner(Figure figure, int index)
    {
        var panel = figure.Panels[index];
        (int row, int column) = (index / figure.Columns, index % figure.Columns);
        var leftmost = figure.Panels.Where((each, i) => i % figure.Columns == 0 && each.HasYTicks);
        float left = column > 0 ? Gap : leftmost.Select(each => 14 + AxisTicks.WidestClose(each.YRange, each.Height)).Append(Label).Max() + Label;
        float bottom = (row + 1) * figure.Columns == figure.Panels.Count ? 30 + Label : 0;
        return new(panel, panel.Width, panel.Height, new(left, column + 1 == figure.Columns ? Edge : 0, bottom, row == 0 ? Edge : Gap), false, false) { IsInCorner = true };
    }

    /// <summary>The panel with its legend, if it has one, over what is free to its right.</summary>
    public PanelBox WithLegendBeside() => !Panel.HasLegend || LegendNames(Panel) is not { Length: > 0 } names ? this :
        this with { HasLegend = true, Margin = new(Margin.Left, LegendWidth(names), Margin.Bottom, Margin.Top) };

    private static float LegendWidth(string[] names) => Math.Min(LargestLegend, 64 + names.Max(name => EmbeddedFont.Measure(name, EmbeddedFont.TickSize)));

    public static string[] LegendNames(Panel panel) =>
        [.. panel.Layers.SelectMany(layer => layer is Points { Groups: not null } points ? points.GroupsInOrder.Select(group => group.Name) : [layer.Name]).Where(name => name.Length > 0)];

    private static (float Width, float Height) DataSize(Panel panel)
    {
        if (panel.Images is { } images) return images.Side(images.Zoom, ImageGrid.Gap);
        if (!panel.EqualAspect) return (panel.Width, panel.Height);

        double aspect = Math.Clamp(panel.YRange.Length / panel.XRange.Length, 0.2, 5);
        return aspect <= 1 ? (panel.Width, (float)Math.Round(panel.Width * aspect)) : ((float)Math.Round(panel.Width / aspect), panel.Width);
    }
}
