using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace FlowKit.Interactive.Rendering;

/// <summary>Draws a figure as a static PNG.</summary>
internal static class ScottPlotRenderer
{
    public static byte[] Render(Figure figure)
    {
        var at = FigureLayout.Of(figure);
        using var surface = SKSurface.Create(new SKImageInfo(at.Width, at.Height));
        surface.Canvas.Clear(SKColors.White);
        DrawTitle(surface.Canvas, at);
        foreach (var box in at.Boxes)
        {
            using var plot = Plot(at, box);
            plot.RenderManager.ClearCanvasBeforeEachRender = false;
            plot.Render(surface.Canvas, box.Rectangle);
        }

        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void DrawTitle(SKCanvas canvas, FigureLayout at)
    {
        if (at.Figure.Title.Length == 0) return;
        using var font = new SKFont(EmbeddedFont.Typeface, EmbeddedFont.Fit(at.Figure.Title, EmbeddedFont.FigureTitleSize, at.Width - 16)) { Edging = SKFontEdging.Antialias };
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        canvas.DrawText(at.Figure.Title, at.Width / 2f, 25, SKTextAlign.Center, font, paint);
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
        plot.Title(panel.Title, EmbeddedFont.Fit(panel.Title, EmbeddedFont.TitleSize, box.Width));
        plot.Axes.Title.Label.Bold = false;
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(panel.HeatMaps.Any() ? 0 : 0.08);
        if (panel.Images is not null)
        {
            plot.HideAxesAndGrid();
            return;
        }

        plot.XLabel(panel.XLabel, EmbeddedFont.LabelSize);
        plot.YLabel(panel.YLabel, EmbeddedFont.LabelSize);
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = EmbeddedFont.TickSize;
            axis.MinorTickStyle.Length = 0;
            axis.TickGenerator = new NumericAutomatic { MinimumTickSpacing = 50 };
        }
    }
}
