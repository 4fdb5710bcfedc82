using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Cli;

/// <summary>Where in a cell's text something stands.</summary>
internal static class CellSyntax
{
    /// <summary>How cells are read.</summary>
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The name around or before the cursor: where it begins and ends. Empty where there is none.</summary>
    public static (int Start, int End) NameAt(string code, int cursor)
    {
        int start = cursor, end = cursor;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1])) start--;
        while (end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end])) end++;
        if (start < end && !SyntaxFacts.IsIdentifierStartCharacter(code[start])) return (cursor, cursor);       // a number
        return (start > 0 && code[start - 1] == '@' ? start - 1 : start, end);
    }

    /// <summary>The last token that ends at or before a position.</summary>
    public static SyntaxToken TokenBefore(SyntaxNode root, int position)
    {
        if (position == 0) return default;
        var token = root.FindToken(position - 1);
        return token.Span.End <= position && !token.IsMissing && token.Span.Length > 0 ? token : token.GetPreviousToken();
    }

    /// <summary>Whether what follows the token is a member of what stands before it.</summary>
    public static bool IsAccess(SyntaxToken token) => token.Kind() is SyntaxKind.DotToken or SyntaxKind.MinusGreaterThanToken or SyntaxKind.ColonColonToken;

    /// <summary>Whether the cursor is in text that is not code: a string, a character, a number or a comment.</summary>
    public static bool IsText(SyntaxNode root, int cursor)
    {
        if (cursor == 0) return false;

        var trivia = root.FindTrivia(cursor - 1, findInsideTrivia: true);
        if (trivia.Kind() is SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
            return cursor < trivia.FullSpan.End || !trivia.ToFullString().EndsWith("*/", StringComparison.Ordinal);
        if (trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia) return true;

        var token = root.FindToken(cursor - 1, findInsideTrivia: true);
        if (token.Parent?.FirstAncestorOrSelf<StructuredTriviaSyntax>() is not null) return true;
        bool isInside = token.SpanStart < cursor && (cursor < token.Span.End || (cursor == token.Span.End && !IsClosed(token)));
        return token.Kind() switch
        {
            SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken => isInside,
            SyntaxKind.NumericLiteralToken => token.SpanStart < cursor && cursor <= token.Span.End,
            SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
                or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken => true,
            _ => false,
        };
    }

    private static bool IsClosed(SyntaxToken literal) => !literal.ContainsDiagnostics && !literal.IsMissing;
}
