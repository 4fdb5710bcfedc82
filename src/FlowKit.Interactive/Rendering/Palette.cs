using ScottPlot;

namespace FlowKit.Interactive.Rendering;

/// <summary>The colours: Tableau's ten for things that differ, viridis for amounts.</summary>
internal static class Palette
{
    public const string OnHeatMap = "#ffffff";

    private static readonly string[] Category =
        ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];

    public static readonly IColormap Amount = new ScottPlot.Colormaps.Viridis();

    public static string At(int index) => Category[index % Category.Length];

    /// <summary>"rgba(31,119,180,0.2)", as Plotly writes a translucent colour.</summary>
    public static string Translucent(string colour, double opacity)
    {
        var c = new Color(colour);
        return FormattableString.Invariant($"rgba({c.R},{c.G},{c.B},{opacity:G3})");
    }
}
