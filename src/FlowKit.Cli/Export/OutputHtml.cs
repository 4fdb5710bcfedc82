using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Cli;

/// <summary>A stored output as HTML: the richest of its forms that a page can show.</summary>
internal static partial class OutputHtml
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>The output as HTML; empty if there is nothing to see.</summary>
    /// <param name="output">As nbformat writes it.</param>
    /// <param name="markdown">Renders outputs in Markdown.</param>
    public static string Of(JsonNode? output, MarkdownHtml markdown) => output is not JsonObject json ? "" : NotebookText.Join(json["output_type"]) switch
    {
        "stream" => Text(NotebookText.Join(json["text"]) ?? "", NotebookText.Join(json["name"]) == "stderr" ? "stderr" : "stdout"),
        "error" => Text(Failure(json), "stderr"),
        _ => json["data"] is JsonObject data ? Of(data, markdown) : "",
    };

    private static string Of(JsonObject data, MarkdownHtml markdown)
    {
        string? Form(string mime) => NotebookText.Join(data[mime]);
        string Picture(string mime, string base64) => $"<img alt=\"{WebUtility.HtmlEncode(Form("text/plain") ?? "")}\" src=\"data:{mime};base64,{WebUtility.HtmlEncode(base64.ReplaceLineEndings(""))}\">";

        string? still = new[] { "image/png", "image/jpeg", "image/gif" }.Select(mime => Form(mime) is { } base64 ? Picture(mime, base64) : null).FirstOrDefault(picture => picture is not null);
        if (Form("text/html") is { } html) return IsLoader(html) ? "" : html;
        if (Chart(data[Plotly]) is { } chart) return ChartHtml.Of(chart, still ?? Text(Form("text/plain") ?? "", "stdout"));
        return still
            ?? (Form("image/svg+xml") is { } svg ? Picture("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(Named(svg)))) : null)       // a picture: its names and styles stay inside
            ?? (Form("text/markdown") is { } text ? markdown.Render(text) : null)
            ?? (Form("text/latex") is { } tex ? tex.Contains('$') ? markdown.Render(tex) : TexMath.ToMathMl(tex, isDisplay: true) : null)
            ?? (Form("text/plain") is { } plain ? Text(plain, "stdout") : data.Count == 0 ? "" : Text($"An output that a page cannot show: {string.Join(", ", data.Select(form => form.Key))}.", "stderr"));
    }

    // A page recognizes <svg>; a picture must declare its namespace.
    private static string Named(string svg) => svg.Contains("xmlns", StringComparison.Ordinal) ? svg : svg.Replace("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", StringComparison.Ordinal);

    // What the page's script can draw: it takes the width from a layout.
    private static string? Chart(JsonNode? stored)
    {
        try
        {
            if ((NotebookText.Join(stored) is { } text ? NotebookFile.ReadJson(text) : stored?.DeepClone()) is not JsonObject { } chart || chart["data"] is not JsonArray) return null;
            if (chart["layout"] is not JsonObject) chart["layout"] = new JsonObject();
            return chart.ToJsonString();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    // The page brings its own, once.
    private static bool IsLoader(string html) => html.StartsWith("<script>", StringComparison.Ordinal) && html.Contains($"w.{PlotlyLoader.Mark} ??=", StringComparison.Ordinal);

    private static string Failure(JsonObject error)
    {
        string head = $"{NotebookText.Join(error["ename"])}: {NotebookText.Join(error["evalue"])}";
        string trace = string.Join('\n', (error["traceback"] as JsonArray ?? []).Select(NotebookText.Join));
        return trace.Contains(head, StringComparison.Ordinal) ? trace : $"{head}\n{trace}";
    }

    private static string Text(string text, string kind) => $"<pre class=\"{kind}\">{WebUtility.HtmlEncode(TerminalCodes().Replace(text, ""))}</pre>";

    // Colors that other kernels put into their texts.
    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalCodes();
}
