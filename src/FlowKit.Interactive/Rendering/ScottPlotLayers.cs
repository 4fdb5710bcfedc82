using ScottPlot;

namespace FlowKit.Interactive.Rendering;

/// <summary>The layers of one panel as ScottPlot's plottables.</summary>
internal sealed class ScottPlotLayers(FigureLayout at, PanelBox box, Plot plot)
{
    private static readonly (int Right, int Down)[] Around = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];

    private int colors;

    public void Add()
    {
        foreach (var layer in box.Panel.Layers) Add(layer);
        if (box.HasLegend) AddLegend();
        else plot.HideLegend();
    }

    private void Add(Layer layer)
    {
        switch (layer)
        {
            case HeatMap map: AddHeat(map); break;
            case Points points: AddPoints(points); break;
            case Curve curve: AddCurve(curve); break;
            case Bars bars: AddBars(bars); break;
            case Contours contours: AddLines(contours.Lines, Color(contours.Color), 1.5f, contours.Name, contours.Dashed); break;
            case Arrows arrows: AddLines(arrows.Lines, Color(arrows.Color), 1.5f, arrows.Name); break;
            case GridLines grid:
                AddLines(grid.Lines(rows: true), new Color(Palette.At(0)), width: 1);
                AddLines(grid.Lines(rows: false), new Color(Palette.At(1)), width: 1);
                break;
            case ImageGrid images: AddImages(images); break;
            case Labels labels: AddLabels(labels); break;
            case Boxes boxes: AddBoxes(boxes); break;
            default: throw new NotSupportedException($"No static picture for a layer of type {layer.GetType().Name}.");
        }
    }

    private void AddHeat(HeatMap map)
    {
        var range = at.Figure.ColorsOf(map);
        var heat = plot.Add.Heatmap(map.Values);
        var place = new CoordinateRect(map.ExtentX!.Value.Low, map.ExtentX!.Value.High, map.ExtentY!.Value.Low, map.ExtentY!.Value.High);
        heat.Rectangle = place;
        heat.FlipRows = true;
        heat.Colormap = Palette.Amount;
        heat.ManualRange = new ScottPlot.Range(range.Low, range.High);
        heat.NaNCellColor = Colors.Transparent;
        heat.Smooth = Math.Min(map.X.Count, map.Y.Count) >= HeatMap.SmoothFrom;
        heat.Update();
        if (map.Shade is { } shade) AddShadow(shade, place, heat.Smooth);
        if (box.HasColorBar && ReferenceEquals(map, box.Panel.HeatMaps.Last())) AddColorBar(heat);
    }

    private void AddShadow(double[,] shade, CoordinateRect place, bool smooth)
    {
        var shadow = plot.Add.Heatmap(shade);
        shadow.Rectangle = place;
        (shadow.FlipRows, shadow.Smooth) = (true, smooth);
        (shadow.Colormap, shadow.ManualRange, shadow.NaNCellColor) = (new Shadow(), new ScottPlot.Range(0, 1), Colors.Transparent);
        shadow.Update();
    }

    private void AddPoints(Points points)
    {
        if (points.Values is { } values)
        {
            var range = points.ValueRange;
            for (int i = 0; i < values.Count; i++)
                if (double.IsFinite(values[i]))
                    AddMarkers(points, [i], Palette.Amount.GetColor((values[i] - range.Low) / range.Length), "");
            AddColorBar(new Scale(range));
        }
        else if (points.Groups is not null)
        {
            foreach (var (name, indices) in points.GroupsInOrder) AddMarkers(points, indices, NextColor(), name);
        }
        else
        {
            AddMarkers(points, Enumerable.Range(0, points.X.Count), points.Color is { } own ? new Color(own) : NextColor(onHeatMap: true), points.Name);
        }
    }

    private void AddMarkers(Points points, IEnumerable<int> indices, Color color, string name)
    {
        Coordinates[] at = [.. indices.Select(i => new Coordinates(points.X[i], points.Y[i])).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (at.Length == 0) return;
        var markers = plot.Add.Markers(at, MarkerShape.FilledCircle, (float)points.Size, color.WithOpacity(points.Opacity));
        markers.LegendText = name;
    }

    private void AddCurve(Curve curve)
    {
        var color = curve.Color is { } own ? new Color(own) : NextColor();
        if (curve.Band is var (lower, upper))
        {
            var finite = Enumerable.Range(0, curve.X.Count).Where(i => double.IsFinite(curve.X[i] + lower[i] + upper[i])).ToArray();
            if (finite.Length > 1)
            {
                var band = plot.Add.FillY([.. finite.Select(i => curve.X[i])], [.. finite.Select(i => lower[i])], finite.Select(i => upper[i]).ToArray());
                band.FillColor = color.WithOpacity(0.2);
                band.LineWidth = 0;
            }
        }

        string name = curve.Name;
        foreach (var (x, y) in curve.Strokes)
        {
            AddLine(x, y, color.WithOpacity(curve.Opacity), (float)curve.Width, name, curve.Dashed ? LinePattern.Dashed : LinePattern.Solid);
            name = "";
        }
    }

    private void AddLine(IEnumerable<double> x, IEnumerable<double> y, Color color, float width, string name, LinePattern pattern)
    {
        var line = plot.Add.ScatterLine(x.Select(Gap).ToArray(), y.Select(Gap).ToArray(), color);
        line.LineWidth = width;
        line.LinePattern = pattern;
        line.LegendText = name;

        static double Gap(double value) => double.IsFinite(value) ? value : double.NaN;
    }

    private void AddBars(Bars bars)
    {
        var color = bars.Color is { } own ? new Color(own) : NextColor();
        for (int i = 0; i < bars.Heights.Count; i++)
        {
            if (!double.IsFinite(bars.Heights[i])) continue;
            var bar = plot.Add.Rectangle(bars.Edges[i], bars.Edges[i + 1], Math.Min(0, bars.Heights[i]), Math.Max(0, bars.Heights[i]));
            bar.FillColor = color.WithOpacity(0.6);
            bar.LineWidth = 0.5f;
            bar.LineColor = Colors.White;
            bar.LegendText = i == 0 ? bars.Name : "";
        }
    }

    private Color Color(string? own) => own is null ? NextColor(onHeatMap: true) : new Color(own);

    private void AddLines(IEnumerable<(double[] X, double[] Y)> all, Color color, float width, string name = "", bool dashed = false)
    {
        var lines = all.ToList();
        AddLine(lines.SelectMany(line => line.X.Append(double.NaN)), lines.SelectMany(line => line.Y.Append(double.NaN)), color, width, name,
            dashed ? LinePattern.Dashed : LinePattern.Solid);
    }

    private void AddImages(ImageGrid images)
    {
        using var bitmap = Mosaic.Of(images, images.Zoom, ImageGrid.Gap);
        var picture = plot.Add.ImageRect(new Image(bitmap.Copy()), new CoordinateRect(0, bitmap.Width, 0, bitmap.Height));
        picture.AntiAlias = false;
    }

    private void AddLabels(Labels labels)
    {
        for (int i = 0; i < labels.Texts.Count; i++)
        {
            if (!double.IsFinite(labels.X[i] + labels.Y[i])) continue;
            string color = labels.Color ?? at.Figure.TextColorOn(box.Panel, labels.X[i], labels.Y[i]);
            foreach (var (right, down) in labels.Color is null ? Around : [])
                Place(AddText(labels.Texts[i], labels.X[i], labels.Y[i], EmbeddedFont.TickSize, Palette.Opposite(color)), right, down);
            Place(AddText(labels.Texts[i], labels.X[i], labels.Y[i], EmbeddedFont.TickSize, color), 0, 0);
        }

        void Place(List<ScottPlot.Plottables.Text> lines, int right, int down)
        {
            foreach (var line in lines)
            {
                if (labels.EndsAtPoint) line.LabelAlignment = Alignment.MiddleRight;
                (line.OffsetX, line.OffsetY) = (line.OffsetX + right, line.OffsetY + down);
            }
        }
    }

    private void AddBoxes(Boxes boxes)
    {
        string name = boxes.Name;
        foreach (int i in boxes.Shown)
        {
            var box = plot.Add.Rectangle(boxes.X[i] - boxes.Width[i] / 2, boxes.X[i] + boxes.Width[i] / 2, boxes.Y[i] - boxes.Height[i] / 2, boxes.Y[i] + boxes.Height[i] / 2);
            box.FillColor = new Color(boxes.FillOf(i));
            box.LineWidth = boxes.Outline is null ? 0 : 1;
            box.LineColor = boxes.Outline is { } outline ? new Color(outline) : Colors.Transparent;
            (box.LegendText, name) = (name, "");
        }

        if (boxes.Texts is { } texts)
            foreach (int i in boxes.Shown) AddText(texts[i], boxes.X[i], boxes.Y[i], (float)boxes.TextSize, boxes.TextColorOf(i));
    }

    // Each line by itself: ScottPlot would not center the lines of a text below each other.
    private List<ScottPlot.Plottables.Text> AddText(string text, double x, double y, float size, string color)
    {
        var written = new List<ScottPlot.Plottables.Text>();
        string[] lines = text.Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            if (lines[line].Length == 0) continue;
            var label = plot.Add.Text(lines[line], x, y);
            label.LabelFontName = EmbeddedFont.Name;
            label.LabelFontSize = size;
            label.LabelFontColor = new Color(color);
            label.LabelAlignment = Alignment.MiddleCenter;
            label.OffsetY = (line - (lines.Length - 1) / 2f) * EmbeddedFont.LineHeight * size;
            written.Add(label);
        }

        return written;
    }

    private void AddColorBar(IHasColorAxis source)
    {
        var bar = plot.Add.ColorBar(source);
        bar.Width = 12;
        bar.Axis.TickLabelStyle.FontName = EmbeddedFont.Name;
        bar.Axis.TickLabelStyle.FontSize = EmbeddedFont.TickSize;
        bar.Axis.MinorTickStyle.Length = 0;
        bar.Axis.TickGenerator = AxisTicks.Few(PanelBox.ColorTickSpacing);
    }

    private void AddLegend()
    {
        var beside = plot.ShowLegend(Edge.Right);
        beside.Alignment = Alignment.UpperLeft;
        beside.Padding = new(4, 0, 0, 0);
        var legend = beside.Legend;
        legend.FontName = EmbeddedFont.Name;
        legend.FontSize = EmbeddedFont.TickSize;
        legend.SetBestFontOnEachRender = false;
        legend.OutlineWidth = 0;
        legend.ShadowColor = Colors.Transparent;
        legend.BackgroundColor = Colors.Transparent;
    }

    private Color NextColor(bool onHeatMap = false) =>
        new(onHeatMap && box.Panel.HeatMaps.Any() ? Palette.OnHeatMap : Palette.At(colors++));

    private sealed class Shadow : IColormap
    {
        public string Name => nameof(Shadow);

        public Color GetColor(double position) => Colors.Black.WithOpacity(double.IsNaN(position) ? 0 : Math.Clamp(position, 0, 1));
    }

    private sealed record Scale(Interval Range) : IHasColorAxis
    {
        public IColormap Colormap => Palette.Amount;

        public ScottPlot.Range GetRange() => new(Range.Low, Range.High);
    }
}
