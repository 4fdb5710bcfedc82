using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Cli;

/// <summary>A cell's code as HTML, colored by the compiler's own classification.</summary>
internal static class CodeHtml
{
    /// <summary>The code as HTML: C# is colored; other languages, and code that is nested too deeply, are plain.</summary>
    public static string Of(NotebookCell cell)
    {
        string code = cell.Source.TrimEnd();
        bool isOther = cell.Code.StartsWith("#!", StringComparison.Ordinal) && cell.Language is not null and not "csharp";
        return isOther || CellSyntax.OpensTooMuch(code) ? WebUtility.HtmlEncode(code) : CSharp(code);
    }

    private static string CSharp(string code)
    {
        var html = new StringBuilder();
        foreach (var token in SyntaxFactory.ParseTokens(code, options: CellSyntax.Options))
        {
            foreach (var trivia in token.LeadingTrivia) Write(html, trivia.ToFullString(), Class(trivia));
            Write(html, token.Text, Class(token));
            foreach (var trivia in token.TrailingTrivia) Write(html, trivia.ToFullString(), Class(trivia));
        }
        return html.ToString();
    }

    private static void Write(StringBuilder html, string text, string? kind)
    {
        if (text.Length == 0) return;
        string safe = WebUtility.HtmlEncode(text);
        html.Append(kind is null ? safe : $"<span class=\"{kind}\">{safe}</span>");
    }

    private static string? Class(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken => "string",
        var kind when SyntaxFacts.IsKeywordKind(kind) => "keyword",
        SyntaxKind.IdentifierToken when SyntaxFacts.GetContextualKeywordKind(token.Text) is SyntaxKind.VarKeyword or SyntaxKind.AwaitKeyword or SyntaxKind.RecordKeyword or SyntaxKind.WithKeyword
            or SyntaxKind.WhenKeyword or SyntaxKind.AndKeyword or SyntaxKind.OrKeyword or SyntaxKind.NotKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.YieldKeyword => "keyword",
        _ => null,
    };

    private static string? Class(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia => null,
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "comment",
        _ => "directive",
    };
}
