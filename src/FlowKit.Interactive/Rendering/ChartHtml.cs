using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Interactive.Rendering;

/// <summary>A chart as HTML for every front end: a still form, which a script replaces by the interactive chart where scripts run and the page holds a <see cref="PlotlyLoader"/>.</summary>
/// <remarks>A notebook that is not trusted, and GitHub, drop the script and keep the picture. The same chart always makes the same HTML.</remarks>
internal static class ChartHtml
{
    /// <summary>The figure: its PNG, and the chart that replaces it.</summary>
    public static string Of(Figure figure) => Of(PlotlyRenderer.Json(figure), figure.Image());

    /// <summary>The animation: its frames side by side, and what replaces them.</summary>
    public static string Of(Animation animation) => Of(PlotlyFrames.Json(animation), animation.Image());

    /// <summary>A chart in Plotly's JSON.</summary>
    /// <param name="json">An object with data and layout, and frames if it moves.</param>
    /// <param name="still">HTML to show where no script runs.</param>
    public static string Of(string json, string still)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        string id = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        return $"""
            <div data-flowkit="{id}">{still}</div>
            <script>(window.flowkitCharts ??= []).push(["{id}", "{PlotlyLoader.Gzip(bytes)}"]); window.flowkitDraw?.();</script>
            """;
    }
}
