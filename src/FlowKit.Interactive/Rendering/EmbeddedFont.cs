using ScottPlot;
using SkiaSharp;

namespace FlowKit.Interactive.Rendering;

/// <summary>The font that FlowKit's pictures carry: ScottPlot finds it by name, and no installed font is needed.</summary>
internal sealed class EmbeddedFont : IFontResolver
{
    public const string Name = "FlowKit DejaVu Sans";

    public const float TickSize = 12, LabelSize = 13, TitleSize = 14, FigureTitleSize = 16, SmallestSize = 9;

    /// <summary>From one line of a text to the next, in sizes of the font.</summary>
    public const float LineHeight = 1.3f;

    private static readonly Lazy<SKTypeface> Face = new(Load);

    /// <summary>The typeface, known to ScottPlot from the first call on.</summary>
    public static SKTypeface Typeface => Face.Value;

    public static float Measure(string text, float size)
    {
        using var font = new SKFont(Typeface, size);
        return font.MeasureText(text);
    }

    /// <summary>The largest size up to <paramref name="size"/> at which the text is no wider than <paramref name="width"/>, but at least <see cref="SmallestSize"/>.</summary>
    public static float Fit(string text, float size, float width) => Math.Clamp(size * width / Math.Max(Measure(text, size), 1), SmallestSize, size);

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => fontName == Name ? Typeface : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Typeface : null;

    private static SKTypeface Load()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        var face = SKTypeface.FromStream(stream);
        ScottPlot.Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        return face;
    }
}
