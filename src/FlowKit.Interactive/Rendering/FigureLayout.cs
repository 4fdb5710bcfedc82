namespace FlowKit.Interactive.Rendering;

/// <summary>Where everything goes, in pixels from the top left: the same for both renderers.</summary>
internal sealed class FigureLayout
{
    private const float TitleHeight = 40;

    private FigureLayout(Figure figure, IReadOnlyList<PanelBox> boxes, float width, float height) =>
        (Figure, Boxes, Width, Height) = (figure, boxes, (int)MathF.Ceiling(width), (int)MathF.Ceiling(height));

    public Figure Figure { get; }

    public IReadOnlyList<PanelBox> Boxes { get; }

    public int Width { get; }

    public int Height { get; }

    public static FigureLayout Of(Figure figure)
    {
        var sizes = figure.Panels.Select((panel, i) => figure.IsCorner ? PanelBox.MeasureInCorner(figure, i) : PanelBox.Measure(panel, ColorBar(figure, panel))).ToList();
        float[] widths = [.. Enumerable.Range(0, figure.Columns).Select(column => sizes.Where((_, i) => i % figure.Columns == column).Max(box => box.Width))];
        float[] heights = [.. sizes.Chunk(figure.Columns).Select(row => row.Max(box => box.Height))];

        float top = figure.Title.Length > 0 ? TitleHeight : 0;
        var boxes = sizes.Select((box, i) => box.At(widths.Take(i % figure.Columns).Sum(), top + heights.Take(i / figure.Columns).Sum()));
        return new(figure, [.. figure.IsCorner ? boxes.Select(box => box.WithLegendBeside()) : boxes], widths.Sum(), top + heights.Sum());
    }

    /// <summary>Each heat map explains its colors, but maps that share them do so once, at the last.</summary>
    private static Interval? ColorBar(Figure figure, Panel panel)
    {
        if (panel.Layers.OfType<Points>().LastOrDefault(points => points.Values is not null) is { } colored) return colored.ValueRange;
        if (panel.HeatMaps.LastOrDefault() is not { } map) return null;

        var colors = figure.ColorsOf(map);
        bool last = !figure.ShareColors || ReferenceEquals(map, figure.Panels.SelectMany(each => each.HeatMaps).Last(each => figure.ColorsOf(each) == colors));
        return last ? colors : null;
    }
}
