using Plotly.NET;

namespace FlowKit.Interactive.Rendering;

/// <summary>The layers of one panel as Plotly traces, under the attribute names of Plotly's reference.</summary>
internal sealed class PlotlyTraces(FigureLayout at, PanelBox box, string suffix)
{
    // A map keeps 200 cells along its shorter side: coarser ones hide the bridges between modes. What all maps of a figure may hold together is bounded, too.
    private const int CellsPerSide = 200, CellsPerFigure = 160_000;

    private int colors;

    public IEnumerable<Trace> All() => box.Panel.Layers.SelectMany(layer => layer switch
    {
        HeatMap map => Heat(map),
        Points points => Scatter(points),
        Curve curve => Line(curve),
        Bars bars => [Bar(bars)],
        Contours contours => [Lines(contours.Lines, contours.Name, contours.Color ?? NextColor(onHeatMap: true), 1.5, contours.Dashed)],
        Arrows arrows => [Lines(arrows.Lines, arrows.Name, arrows.Color ?? NextColor(onHeatMap: true), 1.5)],
        GridLines grid => [Lines(grid.Lines(rows: true), "", Palette.At(0), 1), Lines(grid.Lines(rows: false), "", Palette.At(1), 1)],
        Labels labels => [LabelWords(labels)],
        Boxes boxes => Rectangles(boxes),
        ImageGrid images => (IEnumerable<Trace>)[Images(images)],
        _ => throw new NotSupportedException($"No Plotly trace for a layer of type {layer.GetType().Name}."),
    });

    private IEnumerable<Trace> Heat(HeatMap map)
    {
        int maps = at.Figure.Panels.Sum(panel => panel.HeatMaps.Count());
        double aspect = Math.Max(map.X.Count, map.Y.Count) / (double)Math.Min(map.X.Count, map.Y.Count);
        int cells = Math.Min((int)Math.Ceiling(CellsPerSide * CellsPerSide * Math.Min(aspect, 2)), CellsPerFigure / maps);
        var trace = Cells(map, map.Values, cells, map.Name, "Viridis");
        var range = at.Figure.ColorsOf(map);
        trace.SetProperty("zmin", Rounding.Short(range.Low));
        trace.SetProperty("zmax", Rounding.Short(range.High));
        trace.SetProperty("showscale", box.HasColorBar && ReferenceEquals(map, box.Panel.HeatMaps.Last()));
        if (box.HasColorBar) trace.SetProperty("colorbar", ColorBar());
        if (map.Shade is not { } shade) return [trace];

        var shadow = Cells(map, shade, cells, "", new object[] { new object[] { 0, "rgba(0,0,0,0)" }, new object[] { 1, "rgba(0,0,0,1)" } });
        shadow.SetProperty("zmin", 0);
        shadow.SetProperty("zmax", 1);
        shadow.SetProperty("showscale", false);
        shadow.SetProperty("hoverinfo", "skip");
        return [trace, shadow];
    }

    private Trace Cells(HeatMap map, double[,] values, int cells, string name, object colors)
    {
        var coarse = DownsampledMap.Of(map.X, map.Y, values, cells);
        var trace = New("heatmap", name);
        trace.SetProperty("x", Rounding.Short(coarse.X));
        trace.SetProperty("y", Rounding.Short(coarse.Y));
        trace.SetProperty("z", Rounding.Table(coarse.Values));
        trace.SetProperty("colorscale", colors);
        bool isSmooth = Math.Min(map.X.Count, map.Y.Count) >= HeatMap.SmoothFrom && !map.HasBlanks;      // a smooth map is shifted by up to a cell where blanks begin
        if (isSmooth) trace.SetProperty("zsmooth", "best");
        return trace;
    }

    private IEnumerable<Trace> Scatter(Points points)
    {
        if (points.Values is { } values)
        {
            var trace = Markers(points, points.Name, Enumerable.Range(0, points.X.Count));
            trace.SetProperty("marker", new { size = points.Size, opacity = points.Opacity, color = Rounding.Short(values), colorscale = "Viridis", showscale = true, colorbar = ColorBar() });
            return [trace];
        }

        if (points.Groups is null)
        {
            var trace = Markers(points, points.Name, Enumerable.Range(0, points.X.Count));
            trace.SetProperty("marker", new { size = points.Size, opacity = points.Opacity, color = points.Color ?? NextColor(onHeatMap: true) });
            return [trace];
        }

        return [.. points.GroupsInOrder.Select(group =>
        {
            var trace = Markers(points, group.Name, group.Indices);
            trace.SetProperty("marker", new { size = points.Size, opacity = points.Opacity, color = NextColor() });
            return trace;
        })];
    }

    private Trace Markers(Points points, string name, IEnumerable<int> indices)
    {
        var trace = New("scatter", name);
        trace.SetProperty("mode", "markers");
        trace.SetProperty("x", Rounding.Short(indices.Select(i => points.X[i])));
        trace.SetProperty("y", Rounding.Short(indices.Select(i => points.Y[i])));
        return trace;
    }

    private IEnumerable<Trace> Line(Curve curve)
    {
        string color = curve.Color ?? NextColor();
        if (curve.Band is var (lower, upper))
        {
            yield return Path(curve.X, lower, "", new { width = 0, color = color });
            var top = Path(curve.X, upper, "", new { width = 0, color = color });
            top.SetProperty("fill", "tonexty");
            top.SetProperty("fillcolor", Palette.Translucent(color, 0.2));
            yield return top;
        }

        string shown = curve.Opacity < 1 ? Palette.Translucent(color, curve.Opacity) : color;
        string name = curve.Name;
        foreach (var (x, y) in curve.Strokes)
        {
            yield return Path(x, y, name, new { width = Rounding.Short(curve.Width), color = shown, dash = curve.Dashed ? "dash" : "solid" });
            name = "";
        }
    }

    private Trace Lines(IEnumerable<(double[] X, double[] Y)> all, string name, string color, double width, bool dashed = false)
    {
        var lines = all.Select(line => Thinning.Of(line, box.Panel.XRange, box.Panel.YRange)).ToList();
        return Path(lines.SelectMany(line => line.X.Append(double.NaN)), lines.SelectMany(line => line.Y.Append(double.NaN)), name,
            new { width, color = color, dash = dashed ? "dash" : "solid" });
    }

    private Trace Path(IEnumerable<double> x, IEnumerable<double> y, string name, object line)
    {
        var trace = New("scatter", name);
        trace.SetProperty("mode", "lines");
        trace.SetProperty("x", Rounding.Short(x));
        trace.SetProperty("y", Rounding.Short(y));
        trace.SetProperty("line", line);
        return trace;
    }

    private Trace Bar(Bars bars)
    {
        var trace = New("bar", bars.Name);
        trace.SetProperty("x", Rounding.Short(bars.Edges.Zip(bars.Edges.Skip(1), (low, high) => (low + high) / 2)));
        trace.SetProperty("width", Rounding.Short(bars.Edges.Zip(bars.Edges.Skip(1), (low, high) => high - low)));
        trace.SetProperty("y", Rounding.Short(bars.Heights));
        trace.SetProperty("marker", new { color = bars.Color ?? NextColor(), opacity = 0.6 });
        return trace;
    }

    private Trace LabelWords(Labels labels)
    {
        object color = labels.Color ?? (object)labels.Texts.Select((_, i) => at.Figure.TextColorOn(box.Panel, labels.X[i], labels.Y[i])).ToArray();
        var trace = Words(labels.X, labels.Y, labels.Texts, EmbeddedFont.TickSize, color);
        if (labels.EndsAtPoint) trace.SetProperty("textposition", "middle left");
        return trace;
    }

    private Trace Words(IEnumerable<double> x, IEnumerable<double> y, IEnumerable<string> texts, double size, object color)
    {
        var trace = New("scatter", "");
        trace.SetProperty("mode", "text");
        trace.SetProperty("x", Rounding.Short(x));
        trace.SetProperty("y", Rounding.Short(y));
        trace.SetProperty("text", texts.Select(text => PlotlyRenderer.Plain(text).Replace("\n", "<br>", StringComparison.Ordinal)).ToArray());
        trace.SetProperty("textfont", new { size, color });
        trace.SetProperty("hoverinfo", "skip");
        return trace;
    }

    // One trace for each color, not for each box: a mask has hundreds.
    private IEnumerable<Trace> Rectangles(Boxes boxes)
    {
        string name = boxes.Name;
        foreach (var group in boxes.Shown.GroupBy(boxes.FillOf))
        {
            var corners = group.SelectMany(i => new (double X, double Y)[] { (-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (double.NaN, 0) }.Select(corner =>
                (X: boxes.X[i] + corner.X * boxes.Width[i] / 2, Y: boxes.Y[i] + corner.Y * boxes.Height[i] / 2))).ToList();
            var trace = Path(corners.Select(corner => corner.X), corners.Select(corner => corner.Y), name,
                new { width = boxes.Outline is null ? 0 : 1, color = boxes.Outline ?? group.Key });
            trace.SetProperty("fill", "toself");
            trace.SetProperty("fillcolor", group.Key);
            trace.SetProperty("hoverinfo", "skip");
            yield return trace;
            name = "";
        }

        if (boxes.Texts is not { } texts) yield break;
        int[] written = [.. boxes.Shown.Where(i => texts[i].Length > 0)];
        yield return Words(written.Select(i => boxes.X[i]), written.Select(i => boxes.Y[i]), written.Select(i => texts[i]), boxes.TextSize, written.Select(boxes.TextColorOf).ToArray());
    }

    private Trace Images(ImageGrid images)
    {
        using var bitmap = Mosaic.Of(images, zoom: 1, gap: 1);
        (int width, int height) = images.Side(images.Zoom, ImageGrid.Gap);
        double dx = (double)width / bitmap.Width, dy = (double)height / bitmap.Height;
        var trace = New("image", images.Name);
        trace.SetProperty("source", Mosaic.DataUri(IndexedPng.Encode(bitmap)));
        trace.SetProperty("x0", Rounding.Short(dx / 2));
        trace.SetProperty("dx", Rounding.Short(dx));
        trace.SetProperty("y0", Rounding.Short(dy / 2));
        trace.SetProperty("dy", Rounding.Short(dy));
        trace.SetProperty("hoverinfo", "skip");
        return trace;
    }

    private Trace New(string type, string name)
    {
        var trace = new Trace(type);
        trace.SetProperty("xaxis", $"x{suffix}");
        trace.SetProperty("yaxis", $"y{suffix}");
        if (name.Length > 0) trace.SetProperty("name", PlotlyRenderer.Plain(name));
        if (type is not ("scatter" or "bar")) return trace;

        if (at.Figure.IsCorner && name.Length > 0) trace.SetProperty("legendgroup", PlotlyRenderer.Plain(name));      // a click hides it in every panel
        trace.SetProperty("showlegend", box.HasLegend && name.Length > 0);
        if (box.HasLegend && suffix.Length > 0) trace.SetProperty("legend", $"legend{suffix}");
        return trace;
    }

    private object ColorBar() => new
    {
        x = Rounding.Short((box.DataLeft + box.DataWidth + 8) / at.Width),
        xanchor = "left",
        xpad = 0,
        y = Rounding.Short(1 - (box.DataTop + box.DataHeight / 2) / at.Height),
        len = Rounding.Short(box.DataHeight / at.Height),
        thickness = 12,
        ypad = 0,
        nticks = 6,
    };

    private string NextColor(bool onHeatMap = false) => onHeatMap && box.Panel.HeatMaps.Any() ? Palette.OnHeatMap : Palette.At(colors++);
}
