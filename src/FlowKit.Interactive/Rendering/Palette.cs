using ScottPlot;

namespace FlowKit.Interactive.Rendering;

/// <summary>The colors: for things that differ, those of Okabe and Ito (2008) and two of Tol's, which the color-blind tell apart too, viridis for amounts.</summary>
internal static class Palette
{
    public const string OnHeatMap = White;

    private const string White = "#ffffff", Black = "#000000";

    private static readonly string[] Category =
        ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#332288", "#7f7f7f", "#882255", "#000000"];

    public static readonly IColormap Amount = new ScottPlot.Colormaps.Viridis();

    public static string At(int index) => Category[index % Category.Length];

    /// <summary>Black or white, in which a text can be read on a color 0xRRGGBB: by the luma of ITU-R BT.601.</summary>
    public static string TextColorOn(int color) =>
        0.299 * (color >> 16 & 0xFF) + 0.587 * (color >> 8 & 0xFF) + 0.114 * (color & 0xFF) < 140 ? White : Black;

    /// <summary>White for what is dark, and black for white.</summary>
    public static string Opposite(string color) => color == White ? Black : White;

    /// <summary>"rgba(31,119,180,0.2)", as Plotly writes a translucent color.</summary>
    public static string Translucent(string color, double opacity)
    {
        var c = new Color(color);
        return FormattableString.Invariant($"rgba({c.R},{c.G},{c.B},{opacity:G3})");
    }
}
