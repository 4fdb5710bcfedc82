using System.Text.Json;
using FlowKit.Interactive.Rendering;
using SkiaSharp;

namespace FlowKit.Interactive.Tests;

/// <summary>What the tests of pictures share.</summary>
internal static class Pictures
{
    public static Figure Of(params Layer[] layers) => new("", [new Panel("", layers)]);

    public static SKBitmap Decode(Figure figure) => SKBitmap.Decode(figure.ToPng());

    public static int Colors(SKBitmap bitmap) => bitmap.Pixels.Distinct().Count();

    /// <summary>The color that a single-panel figure's picture shows at a point of its axes.</summary>
    public static SKColor At(Figure figure, SKBitmap bitmap, double x, double y)
    {
        var box = FigureLayout.Of(figure).Boxes[0];
        var panel = figure.Panels[0];
        double right = (x - panel.XRange.Low) / panel.XRange.Length, up = (y - panel.YRange.Low) / panel.YRange.Length;
        return bitmap.GetPixel((int)(box.DataLeft + right * box.DataWidth), (int)(box.DataTop + (1 - up) * box.DataHeight));
    }

    public static JsonElement Json(Figure figure) => JsonDocument.Parse(PlotlyRenderer.Json(figure.ToPlotly())).RootElement;

    public static JsonElement Trace(Figure figure, int index = 0) => Json(figure).GetProperty("data")[index];

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    public static bool Near(SKColor color, SKColor other, int tolerance = 10) =>
        Math.Abs(color.Red - other.Red) <= tolerance && Math.Abs(color.Green - other.Green) <= tolerance && Math.Abs(color.Blue - other.Blue) <= tolerance;
}
