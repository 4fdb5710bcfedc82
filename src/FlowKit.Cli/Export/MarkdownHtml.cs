using System.Net;
using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlowKit.Cli;

/// <summary>Markdown as HTML: GitHub's dialect, formulas between dollars, pictures taken into the page.</summary>
/// <param name="folder">Where pictures with relative names lie.</param>
internal sealed class MarkdownHtml(string folder)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseAutoLinks().UseFootnotes().UseEmphasisExtras().UseMathematics().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).Build();

    private readonly List<string> missing = [], remote = [];

    /// <summary>The text of the first heading so far, or null.</summary>
    public string? FirstHeading { get; private set; }

    /// <summary>Pictures that are not where the text says.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Pictures that only a network has.</summary>
    public IReadOnlyList<string> Remote => remote;

    /// <summary>A cell's text as HTML; one that is nested too deeply to be read is shown as it was written.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="attachments">The pictures stored with it, by name and MIME type, or null.</param>
    public string Render(string text, JsonObject? attachments = null)
    {
        try
        {
            return ToHtml(text, attachments);
        }
        catch (ArgumentException)       // Markdig's word for it
        {
            return $"<pre>{WebUtility.HtmlEncode(text)}</pre>";
        }
    }

    private string ToHtml(string text, JsonObject? attachments)
    {
        var document = Markdown.Parse(text, Pipeline);
        FirstHeading ??= document.Descendants<HeadingBlock>().Select(Words).FirstOrDefault(words => words.Length > 0);
        foreach (var picture in document.Descendants<LinkInline>().Where(link => link.IsImage))
            picture.Url = Inside(Uri.UnescapeDataString(picture.Url ?? ""), attachments) ?? picture.Url;

        var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathInlineRenderer>(new MathInlineHtml());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathBlockRenderer>(new MathBlockHtml());
        renderer.Render(document);
        return writer.ToString();
    }

    private static string Words(HeadingBlock heading) => string.Concat(heading.Inline?.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline math => math.Content.ToString(),
        _ => "",
    }) ?? []).Trim();

    // The picture as a data URI, or null where it stays what it was.
    private string? Inside(string url, JsonObject? attachments)
    {
        if (url.StartsWith("data:", StringComparison.Ordinal)) return null;
        if (url.StartsWith("attachment:", StringComparison.Ordinal) && attachments?[url["attachment:".Length..]] is JsonObject { Count: > 0 } stored && stored.First() is var (mime, data))
            return $"data:{mime};base64,{NotebookText.Join(data)?.ReplaceLineEndings("")}";
        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            remote.Add(url);
            return null;
        }

        string file = Path.Combine(folder, url);
        if (Mime(file) is { } type && Bytes(file) is { } bytes) return $"data:{type};base64,{Convert.ToBase64String(bytes)}";
        missing.Add(url);
        return null;
    }

    private static byte[]? Bytes(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Mime(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".svg" => "image/svg+xml",
        ".webp" => "image/webp",
        _ => null,
    };

    private sealed class MathInlineHtml : Markdig.Renderers.Html.HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline formula) => renderer.Write(TexMath.ToMathMl(formula.Content.ToString(), isDisplay: formula.DelimiterCount == 2));
    }

    private sealed class MathBlockHtml : Markdig.Renderers.Html.HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock formula) => renderer.Write($"<p>{TexMath.ToMathMl(formula.Lines.ToString(), isDisplay: true)}</p>");
    }
}
