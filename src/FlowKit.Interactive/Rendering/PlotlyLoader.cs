using System.IO.Compression;
using Plotly.NET;

namespace FlowKit.Interactive.Rendering;

/// <summary>plotly.js for a whole page, without a network: 1.5 MB of HTML, wanted once.</summary>
/// <remarks>
/// Any chart's <see cref="ChartHtml"/> before or after it draws itself once the page holds it; a second loader in a page changes nothing.
/// A module loader of the page (require.js) must not see the script, so it runs as a function whose own <c>define</c>, <c>module</c> and <c>exports</c> are undefined.
/// </remarks>
internal static class PlotlyLoader
{
    /// <summary>What only a page with the loader contains.</summary>
    public const string Mark = "flowkitPlotly";

    private const string Resource = "Plotly.NET.plotly-2.28.0.min.js";

    private static readonly Lazy<string> Packed = new(Pack);

    /// <summary>The loader as a script element.</summary>
    public static string Html => $"<script>{Script}</script>";

    private static string Script => $$"""
        (() => {
        const w = window, unpack = text => new Response(new Blob([Uint8Array.from(atob(text), c => c.charCodeAt(0))])
          .stream().pipeThrough(new DecompressionStream("gzip"))).text();
        const options = { displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"] };
        w.flowkitCharts ??= [];
        w.{{Mark}} ??= unpack("{{Packed.Value}}")
          .then(js => { new Function("define", "module", "exports", js).call(w); return w.Plotly; });
        w.flowkitDraw ??= () => w.{{Mark}}.then(async plotly => {
          for (const [id, text] of w.flowkitCharts.splice(0)) {
            const figure = JSON.parse(await unpack(text));
            for (const place of document.querySelectorAll(`[data-flowkit="${id}"]`)) {
              place.removeAttribute("data-flowkit");
              const chart = document.createElement("div"), still = [...place.childNodes];
              chart.style = "position:absolute;visibility:hidden";
              place.append(chart);
              await plotly.newPlot(chart, figure.data, figure.layout, { ...options, ...(figure.layout.width < 300 && { displayModeBar: false }) });
              if (figure.frames) await plotly.addFrames(chart, figure.frames);
              chart.style = "";
              for (const node of still) node.remove();
            }
          }
        });
        w.flowkitDraw();
        })();
        """;

    /// <summary>A text as gzip in base64.</summary>
    public static string Gzip(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(bytes);
        return Convert.ToBase64String(packed.ToArray());
    }

    private static string Pack()
    {
        using var stream = typeof(GenericChart).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Plotly.NET has no resource {Resource}; charts stay static with this version of it.");
        byte[] script = new byte[stream.Length];
        stream.ReadExactly(script);
        return Gzip(script);
    }
}
