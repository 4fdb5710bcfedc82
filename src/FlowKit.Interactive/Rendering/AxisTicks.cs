using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowKit.Interactive.Rendering;

/// <summary>Few ticks, and how much room their labels take.</summary>
internal static class AxisTicks
{
    public static NumericAutomatic Few(float spacing) => new() { MinimumTickSpacing = spacing, LabelFormatter = Label };

    /// <summary>ScottPlot's ticks, or those of <see cref="Close"/> where it would settle for fewer than two: one tick has no scale.</summary>
    /// <param name="range">Of the axis.</param>
    /// <param name="length">In pixels.</param>
    /// <param name="spacing">The least distance of ScottPlot's ticks, in pixels.</param>
    /// <param name="upright">Whether labels stand above each other.</param>
    public static ITickGenerator AtLeastTwo(Interval range, float length, float spacing, bool upright) =>
        Major(range, length, spacing, upright).Length < 2 ? At(Close(range, length, upright)) : Few(spacing);

    /// <summary>Width in pixels of the widest label on an upright axis of the given length.</summary>
    public static float Widest(Interval range, float length, float spacing)
    {
        var ticks = Major(range, length, spacing, upright: true);
        return ticks.Length < 2 ? WidestClose(range, length) : ticks.Max(tick => EmbeddedFont.Measure(tick.Label, EmbeddedFont.TickSize));
    }

    /// <summary>The same for an axis that may have ticks of its own.</summary>
    public static float WidestOn(IReadOnlyList<(double At, string Label)>? own, Interval range, float length, float spacing) =>
        own is null ? Widest(range, length, spacing) : own.Select(tick => EmbeddedFont.Measure(tick.Label, EmbeddedFont.TickSize)).DefaultIfEmpty(0).Max();

    /// <summary>Ticks with labels of their own.</summary>
    public static NumericManual At(IReadOnlyList<(double At, string Label)> ticks) => new([.. ticks.Select(tick => tick.At)], [.. ticks.Select(tick => tick.Label)]);

    private static Tick[] Major(Interval range, float length, float spacing, bool upright)
    {
        using var paint = Paint.NewDisposablePaint();
        _ = EmbeddedFont.Typeface;
        var ticks = Few(spacing);
        ticks.Regenerate(new CoordinateRange(range.Low, range.High), upright ? Edge.Left : Edge.Bottom, new PixelLength(length), paint,
            new LabelStyle { FontName = EmbeddedFont.Name, FontSize = EmbeddedFont.TickSize });
        return [.. ticks.Ticks.Where(tick => tick.IsMajor)];
    }

    /// <summary>The ticks of a short axis, at 1, 2 or 5 times a power of ten: up to six, as their labels allow, but at least two.</summary>
    /// <param name="range">Of the axis.</param>
    /// <param name="length">In pixels.</param>
    /// <param name="upright">Whether labels stand above each other.</param>
    public static double[] Close(Interval range, float length, bool upright)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range.Length)) - 1);
        double[][] choices = [.. new[] { 1.0, 2, 5, 10, 20, 50 }.Select(factor => Multiples(factor * power, range)).Where(ticks => ticks.Length > 1)];
        return choices.FirstOrDefault(Fits) ?? [choices[^1][0], choices[^1][^1]];

        bool Fits(double[] ticks) => (ticks[1] - ticks[0]) / range.Length * length >= Math.Max(length / 6, upright ? 20 : 10 + ticks.Max(Width));
    }

    private static float Width(double tick) => EmbeddedFont.Measure(Label(tick), EmbeddedFont.TickSize);

    private static double[] Multiples(double step, Interval range)
    {
        double first = Math.Ceiling(range.Low / step);
        return [.. Enumerable.Range(0, (int)Math.Max(0, Math.Floor(range.High / step) - first + 1)).Select(i => (first + i) * step)];
    }

    /// <summary>Width in pixels of the widest label on an upright axis whose ticks are close.</summary>
    public static float WidestClose(Interval range, float length) => Close(range, length, upright: true).Max(Width);

    /// <summary>Ticks at these places.</summary>
    public static NumericManual At(double[] places) => new(places, [.. places.Select(Label)]);

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
