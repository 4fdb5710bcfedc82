using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Cli;

/// <summary>A stored output as HTML: the richest of its forms that a page can show.</summary>
internal static partial class OutputHtml
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>The output in a div; nothing for one with nothing to see.</summary>
    /// <param name="output">As nbformat writes it.</param>
    /// <param name="markdown">Renders outputs in Markdown.</param>
    public static string Of(JsonNode? output, MarkdownHtml markdown)
    {
        string html = output is not JsonObject json ? "" : NotebookText.Join(json["output_type"]) switch
        {
            "stream" => Text(NotebookText.Join(json["text"]) ?? "", NotebookText.Join(json["name"]) == "stderr" ? "stderr" : "stdout"),
            "error" => Text(Failure(json), "stderr"),
            _ => json["data"] is JsonObject data ? Of(data, markdown) : "",
        };
        return html.Length == 0 ? "" : $"<div class=\"output\">{html}</div>\n";
    }

    private static string Of(JsonObject data, MarkdownHtml markdown)
    {
        string? Form(string mime) => NotebookText.Join(data[mime]);
        string? Picture(string mime) => Form(mime) is { } base64 ? $"<img alt=\"{WebUtility.HtmlEncode(Form("text/plain") ?? "")}\" src=\"data:{mime};base64,{base64.ReplaceLineEndings("")}\">" : null;

        string? still = Picture("image/png") ?? Picture("image/jpeg") ?? Picture("image/gif");
        if (Form("text/html") is { } html) return IsLoader(html) ? "" : html;
        if (data[Plotly] is JsonNode chart) return ChartHtml.Of(NotebookText.Join(chart) ?? chart.ToJsonString(), still ?? Text(Form("text/plain") ?? "", "stdout"));
        return still
            ?? Form("image/svg+xml")
            ?? (Form("text/markdown") is { } text ? markdown.Render(text) : null)
            ?? (Form("text/latex") is { } tex ? markdown.Render(tex) : null)
            ?? (Form("text/plain") is { } plain ? Text(plain, "stdout") : "");
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

    // Colours that other kernels put into their texts.
    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalCodes();
}
