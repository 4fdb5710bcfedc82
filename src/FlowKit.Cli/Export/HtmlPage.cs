using System.Net;
using System.Text;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Cli;

/// <summary>A notebook as one HTML page without a network: pictures and plotly.js are inside it, formulas are MathML.</summary>
/// <param name="Html">The page; the same notebook always makes the same one.</param>
/// <param name="Summary">A summary of the page for the terminal.</param>
internal sealed record HtmlPage(string Html, string Summary)
{
    private const string Generator = "<meta name=\"generator\" content=\"flowkit export\">";

    private static readonly string Style = EmbeddedText.Read("page.css");

    /// <summary>The page of a notebook.</summary>
    /// <param name="notebook">As it is stored, run or not.</param>
    /// <param name="path">Its file: pictures that its text names are looked for beside it.</param>
    public static HtmlPage Of(Notebook notebook, string path)
    {
        var markdown = new MarkdownHtml();
        var parts = new PageParts(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells) body.Append(Of(cell, markdown, parts));

        // A chart draws itself as soon as the page has loaded plotly.js, which it needs only once.
        int charts = Count(body.ToString(), "<div data-flowkit=");
        if (charts > 0) body.Append(PlotlyLoader.Html);

        string title = markdown.FirstHeading ?? Path.GetFileNameWithoutExtension(path);
        string html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {Generator}
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {Style}</style>
            </head>
            <body>
            <main>
            {body}
            </main>
            </body>
            </html>

            """;
        return new(html.Replace("\r\n", "\n"), Summarize(notebook, charts, parts));
    }

    /// <summary>Whether a file is a page that this command wrote.</summary>
    /// <exception cref="NotebookException">It cannot be read.</exception>
    public static bool IsOurs(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            char[] head = new char[1000];
            return new string(head, 0, reader.ReadBlock(head)).Contains(Generator, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: cannot be read: {error.Message}");
        }
    }

    private static string Of(NotebookCell cell, MarkdownHtml markdown, PageParts parts) => cell.Kind switch
    {
        "markdown" => $"<section class=\"text\">{parts.Of(markdown.Render(cell.Source), cell.Attachments)}</section>\n",
        "raw" => $"<pre class=\"raw\">{WebUtility.HtmlEncode(cell.Source)}</pre>\n",
        _ when cell.Source.Length + cell.Outputs.Count == 0 => "",
        _ => $"<section class=\"code\"><pre class=\"source\">{CodeHtml.Of(cell)}</pre>{string.Concat(cell.Outputs.Select(output => Shown(OutputHtml.Of(output, markdown), parts)))}</section>\n",
    };

    private static string Shown(string output, PageParts parts) => output.Length == 0 ? "" : $"<div class=\"output\">{parts.Of(output)}</div>\n";

    private static string Summarize(Notebook notebook, int charts, PageParts parts)
    {
        bool isEmpty = notebook.Cells.Any(cell => cell.IsRunnable) && notebook.Cells.All(cell => cell.Outputs.Count == 0);
        string[] notes =
        [
            Phrases.Count(notebook.Cells.Count, "cell"),
            Phrases.Count(charts, "interactive chart"),
            .. isEmpty ? ["no outputs are stored in it: 'flowkit run' makes them"] : Array.Empty<string>(),
            .. parts.Missing.Select(picture => $"picture '{picture}' is not beside it"),
            .. parts.Remote.Select(address => $"'{address}' stays on the network"),
        ];
        return string.Join(", ", notes);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
