using ScottPlot;
using SkiaSharp;

namespace FlowKit.Interactive.Rendering;

/// <summary>Draws a figure as a static PNG.</summary>
internal static class ScottPlotRenderer
{
    public static byte[] Render(Figure figure)
    {
        var at = FigureLayout.Of(figure);
        using var bitmap = new SKBitmap(new SKImageInfo(at.Width, at.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        foreach (var box in at.Boxes.Where(box => !box.Panel.IsBlank))
        {
            using var plot = Plot(at, box);
            plot.RenderInMemory((int)box.Width, (int)box.Height);       // settles the axes; a plot whose axes change while it is drawn is drawn twice
            plot.RenderManager.ClearCanvasBeforeEachRender = false;
            plot.Render(canvas, box.Rectangle);
        }

        DrawTitles(canvas, at);
        canvas.Flush();
        return IndexedPng.Encode(bitmap, diffuse: figure.Panels.Any(panel => panel.HeatMaps.Any(map => map.Shade is not null)));
    }

    private static void DrawTitles(SKCanvas canvas, FigureLayout at)
    {
        Draw(at.Figure.Title, EmbeddedFont.FigureTitleSize, at.Width / 2f, 25, at.Width - 16);
        foreach (var box in at.Boxes)
            Draw(box.Panel.Title, EmbeddedFont.TitleSize, box.DataLeft + box.DataWidth / 2, box.DataTop - 8, box.TitleWidth);

        void Draw(string text, float size, float center, float baseline, float width)
        {
            using var font = new SKFont(EmbeddedFont.Typeface, EmbeddedFont.Fit(text, size, width)) { Edging = SKFontEdging.Antialias };
            using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
            canvas.DrawText(text, center, baseline, SKTextAlign.Center, font, paint);
        }
    }

    private static Plot Plot(FigureLayout at, PanelBox box)
    {
        _ = EmbeddedFont.Typeface;
        var plot = new Plot();
        plot.Font.Set(EmbeddedFont.Name);
        plot.FigureBackground.Color = Colors.Transparent;
        plot.Layout.Fixed(box.Margin);

        var panel = box.Panel;
        plot.Axes.SetLimits(panel.XRange.Low, panel.XRange.High, panel.YRange.Low, panel.YRange.High);
        Style(plot, box);
        new ScottPlotLayers(at, box, plot).Add();
        return plot;
    }

    private static void Style(Plot plot, PanelBox box)
    {
        var panel = box.Panel;
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(panel.HeatMaps.Any() ? 0 : 0.08);
        if (panel.Images is not null || !panel.HasAxes)
        {
            plot.HideAxesAndGrid();
            return;
        }

        plot.XLabel(panel.XLabel, box.XLabelSize);
        plot.YLabel(panel.YLabel, box.YLabelSize);
        if (box.IsInCorner) plot.Axes.Left.MinimumSize = box.Margin.Left;      // names stand in one line, whatever the width of the ticks' labels
        foreach (var (axis, hasTicks) in new (IAxis, bool)[] { (plot.Axes.Bottom, panel.HasXTicks), (plot.Axes.Left, panel.HasYTicks) })
        {
            axis.Label.Bold = false;
            axis.TickLabelStyle.IsVisible = hasTicks;
            if (!hasTicks) axis.MajorTickStyle.Length = 0;
            axis.TickLabelStyle.FontSize = EmbeddedFont.TickSize;
            axis.MinorTickStyle.Length = 0;
            bool upright = axis == plot.Axes.Left;
            (var range, float length) = upright ? (panel.YRange, box.DataHeight) : (panel.XRange, box.DataWidth);
            axis.TickGenerator = (upright ? panel.YTicks : panel.XTicks) is { } own ? AxisTicks.At(own) : box.IsInCorner ? AxisTicks.At(AxisTicks.Close(range, length, upright)) : AxisTicks.AtLeastTwo(range, length, PanelBox.TickSpacing, upright);
        }
    }
}
