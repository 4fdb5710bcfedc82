using System.Globalization;
using System.Net;
using Plotly.NET;

namespace FlowKit.Interactive.Rendering;

/// <summary>Draws a figure as a Plotly chart: one pair of axes a panel, placed as in the static picture.</summary>
internal static class PlotlyRenderer
{
    public static GenericChart Render(Figure figure)
    {
        var at = FigureLayout.Of(figure);
        var layout = new Layout();
        layout.SetProperty("width", at.Width);
        layout.SetProperty("height", at.Height);
        layout.SetProperty("margin", new { l = 0, r = 0, t = 0, b = 0 });
        layout.SetProperty("font", new { size = EmbeddedFont.TickSize });
        layout.SetProperty("showlegend", at.Boxes.Any(box => box.HasLegend));
        layout.SetProperty("annotations", Titles(at));

        var traces = new List<Trace>();
        for (int i = 0; i < at.Boxes.Count; i++)
        {
            if (at.Boxes[i].Panel.IsBlank) continue;
            string suffix = i == 0 ? "" : (i + 1).ToString(CultureInfo.InvariantCulture);
            AddAxes(layout, at, at.Boxes[i], suffix);
            traces.AddRange(new PlotlyTraces(at, at.Boxes[i], suffix).All());
        }

        return GenericChart.setLayout(layout, GenericChart.ofTraceObjects(false, traces));
    }

    /// <summary>The figure as JSON: an object with "data" and "layout".</summary>
    public static string Json(Figure figure) => Json(Render(figure));

    /// <summary>The chart as JSON: an object with "data" and "layout".</summary>
    public static string Json(GenericChart chart) => GenericChart.toFigureJson(chart);

    /// <summary>Plotly reads a few HTML tags in texts; ours are plain.</summary>
    public static string Plain(string text) => WebUtility.HtmlEncode(text);

    private static void AddAxes(DynamicObj.DynamicObj layout, FigureLayout at, PanelBox box, string suffix)
    {
        var panel = box.Panel;
        bool images = panel.Images is not null;
        double[] x = [box.DataLeft / at.Width, (box.DataLeft + box.DataWidth) / at.Width];
        double[] y = [1 - (box.DataTop + box.DataHeight) / at.Height, 1 - box.DataTop / at.Height];
        var xAxis = Axis(panel.XRange, panel.XLabel, x, $"y{suffix}", visible: !images && panel.HasAxes);
        var yAxis = Axis(panel.YRange, panel.YLabel, y, $"x{suffix}", visible: !images && panel.HasAxes);
        SetTicks(xAxis, panel.XTicks);
        SetTicks(yAxis, panel.YTicks);
        if (at.Figure.IsCorner) Share(at, box, xAxis, yAxis);
        layout.SetProperty($"xaxis{suffix}", xAxis);

        if (images) yAxis["range"] = new[] { panel.YRange.High, panel.YRange.Low };
        if (images || panel.EqualAspect) yAxis["scaleanchor"] = $"x{suffix}";
        layout.SetProperty($"yaxis{suffix}", yAxis);
        if (box.HasLegend)
            layout.SetProperty($"legend{suffix}", new { x = x[1] + 8.0 / at.Width, y = y[1], xanchor = "left", yanchor = "top", traceorder = "normal", itemsizing = "constant" });
    }

    // Zooming into one panel of a triangle zooms its column and its row.
    private static void Share(FigureLayout at, PanelBox box, Dictionary<string, object> xAxis, Dictionary<string, object> yAxis)
    {
        int columns = at.Figure.Columns, index = at.Boxes.TakeWhile(each => each != box).Count(), row = index / columns, column = index % columns;
        int below = at.Boxes.Count - columns + column;
        if (index != below) xAxis["matches"] = $"x{below + 1}";
        if (column > 0 && column < row) yAxis["matches"] = $"y{row * columns + 1}";
        (xAxis["showticklabels"], yAxis["showticklabels"]) = (box.Panel.HasXTicks, box.Panel.HasYTicks);
        xAxis["nticks"] = yAxis["nticks"] = Math.Clamp((int)(box.DataWidth / 20), 2, 6);
        xAxis["showline"] = yAxis["showline"] = xAxis["mirror"] = yAxis["mirror"] = true;
        xAxis["title"] = new { text = Plain(box.Panel.XLabel), standoff = 4, font = new { size = Math.Round(box.XLabelSize, 1) } };
        yAxis["title"] = new { text = Plain(box.Panel.YLabel), standoff = 4, font = new { size = Math.Round(box.YLabelSize, 1) } };
    }

    private static Dictionary<string, object> Axis(Interval range, string label, double[] domain, string anchor, bool visible) => new()
    {
        ["range"] = Rounding.Short(range),
        ["domain"] = Rounding.Short(domain),
        ["anchor"] = anchor,
        ["title"] = new { text = Plain(label), standoff = 4 },
        ["nticks"] = 6,
        ["zeroline"] = false,
        ["visible"] = visible,
        ["constrain"] = "domain",
    };

    private static void SetTicks(Dictionary<string, object> axis, IReadOnlyList<(double At, string Label)>? ticks)
    {
        if (ticks is null) return;
        axis["tickvals"] = Rounding.Short(ticks.Select(tick => tick.At));
        axis["ticktext"] = ticks.Select(tick => Plain(tick.Label)).ToArray();
    }

    private static object[] Titles(FigureLayout at)
    {
        var titles = at.Boxes.Where(box => box.Panel.Title.Length > 0).Select(box => Title(
            box.Panel.Title, (box.DataLeft + box.DataWidth / 2) / at.Width, 1 - (box.DataTop - 4) / at.Height, EmbeddedFont.TitleSize, box.TitleWidth));
        string title = at.Figure.Title;
        return title.Length == 0 ? [.. titles] : [Title(title, 0.5, 1 - 30.0 / at.Height, EmbeddedFont.FigureTitleSize, at.Width - 16), .. titles];
    }

    private static object Title(string text, double x, double y, float size, float width) => new
    {
        text = Plain(text),
        x = Rounding.Short(x),
        y = Rounding.Short(y),
        xref = "paper",
        yref = "paper",
        xanchor = "center",
        yanchor = "bottom",
        showarrow = false,
        font = new { size = Math.Round(EmbeddedFont.Fit(text, size, width), 1) },
    };
}
