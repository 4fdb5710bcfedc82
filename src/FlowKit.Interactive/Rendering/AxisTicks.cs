using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowKit.Interactive.Rendering;

/// <summary>Few ticks, and how much room their labels take.</summary>
internal static class AxisTicks
{
    public static NumericAutomatic Few(float spacing) => new() { MinimumTickSpacing = spacing, LabelFormatter = Label };

    /// <summary>Width in pixels of the widest label on an upright axis of the given length.</summary>
    public static float Widest(Interval range, float length, float spacing)
    {
        using var paint = Paint.NewDisposablePaint();
        _ = EmbeddedFont.Typeface;
        var ticks = Few(spacing);
        ticks.Regenerate(new CoordinateRange(range.Low, range.High), Edge.Left, new PixelLength(length), paint,
            new LabelStyle { FontName = EmbeddedFont.Name, FontSize = EmbeddedFont.TickSize });
        return ticks.Ticks.Where(tick => tick.IsMajor).Select(tick => EmbeddedFont.Measure(tick.Label, EmbeddedFont.TickSize)).DefaultIfEmpty(0).Max();
    }

    /// <summary>ScottPlot's own label, but the same in every culture: pictures are compared and committed.</summary>
    private static string Label(double value)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return LabelFormatters.Numeric(value);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
