using System.Net;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlowKit.Cli;

/// <summary>Markdown as HTML: GitHub's dialect, formulas between dollars.</summary>
internal sealed class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseAutoLinks().UseFootnotes().UseEmphasisExtras().UseMathematics().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).Build();

    /// <summary>The text of the first heading so far, or null.</summary>
    public string? FirstHeading { get; private set; }

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

    private sealed class MathInlineHtml : Markdig.Renderers.Html.HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline formula) => renderer.Write(TexMath.ToMathMl(formula.Content.ToString(), isDisplay: formula.DelimiterCount == 2));
    }

    private sealed class MathBlockHtml : Markdig.Renderers.Html.HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock formula) => renderer.Write($"<p>{TexMath.ToMathMl(formula.Lines.ToString(), isDisplay: true)}</p>");
    }
}
