using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlowKit.Cli;

/// <summary>Markdown as HTML: GitHub's dialect, formulas between dollars, pictures taken into the page.</summary>
/// <param name="folder">Where pictures with relative names lie.</param>
internal sealed partial class MarkdownHtml(string folder)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseAutoLinks().UseFootnotes().UseEmphasisExtras().UseMathematics().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).Build();

    private readonly List<string> missing = [], remote = [];

    /// <summary>The text of the first heading so far, or null.</summary>
    public string? FirstHeading { get; private set; }

    /// <summary>Pictures that are not where the text says.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Pictures, scripts and styles that only a network has.</summary>
    public IReadOnlyList<string> Remote => remote;

    /// <summary>A cell's text as HTML; one that is nested too deeply to be read is shown as it was written.</summary>
    /// <param name="text">Markdown.</param>
    public string Render(string text)
    {
        try
        {
            return ToHtml(text);
        }
        catch (ArgumentException)       // Markdig's word for it
        {
            return $"<pre>{WebUtility.HtmlEncode(text)}</pre>";
        }
    }

    /// <summary>The same HTML with the pictures inside it that lie beside the notebook or are stored with its cell.</summary>
    /// <param name="html">Of a cell's text or outputs.</param>
    /// <param name="attachments">The pictures stored with the cell, by name and MIME type, or null.</param>
    public string TakePicturesIn(string html, JsonObject? attachments)
    {
        foreach (Match part in Sources().Matches(html))
            if (IsRemote(part.Groups["url"].Value)) remote.Add(part.Groups["url"].Value);
        return Images().Replace(html, image =>
            Inside(WebUtility.HtmlDecode(image.Groups["url"].Value), attachments) is { } data ? $"{image.Groups["before"].Value}{WebUtility.HtmlEncode(data)}" : image.Value);
    }

    [GeneratedRegex("(?<before><img\\b[^>]*?\\bsrc\\s*=\\s*[\"'])(?<url>[^\"']*)", RegexOptions.IgnoreCase)]
    private static partial Regex Images();

    [GeneratedRegex("<(script|link|iframe)\\b[^>]*?\\b(src|href)\\s*=\\s*[\"']?(?<url>[^\"'>\\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Sources();

    private static bool IsRemote(string url) => url.StartsWith("//", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");

    private string ToHtml(string text)
    {
        var document = Markdown.Parse(text, Pipeline);
        FirstHeading ??= document.Descendants<HeadingBlock>().Select(Words).FirstOrDefault(words => words.Length > 0);

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
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return null;
        if (IsRemote(url))
        {
            remote.Add(url);
            return null;
        }

        string name = Uri.UnescapeDataString(url.Split('?', '#')[0]);
        if (name.StartsWith("attachment:", StringComparison.Ordinal) && attachments?[name["attachment:".Length..]] is JsonObject { Count: > 0 } stored && stored.First() is var (mime, data))
            return $"data:{mime};base64,{NotebookText.Join(data)?.ReplaceLineEndings("")}";
        string file = Path.Combine(folder, name);
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
        ".avif" => "image/avif",
        ".bmp" => "image/bmp",
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
