using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Parses C#, and locates names and tokens in a cell's text.</summary>
internal static class CellSyntax
{
    // The compiler takes some ten kilobytes of the stack for each level, of which DeepStack has enough for this many.
    private const int MostLevels = 5000;

    /// <summary>How cells are read.</summary>
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The syntax of a text, or null where it is nested so deeply that the compiler would end the process. Call it on a <see cref="DeepStack"/>.</summary>
    public static SyntaxTree? Read(SourceText text, string path = "") => Read(text, path, out _);

    /// <summary>The syntax of a text that is to run. Call it on a <see cref="DeepStack"/>.</summary>
    /// <param name="text">Of a cell or a file.</param>
    /// <param name="file">The imported file that contains it, or null.</param>
    /// <param name="path">What the compiler calls it.</param>
    /// <exception cref="CellException">It is nested too deeply.</exception>
    public static SyntaxTree Parse(SourceText text, string? file, string path = "")
    {
        if (Read(text, path, out int overflow) is { } tree) return tree;
        int line = text.Lines.GetLineFromPosition(overflow).LineNumber + 1;
        throw new CellException("CompilationError", new CellProblem(file, line, $"The code is nested deeper than {MostLevels} levels, which is more than the compiler can handle: give names to parts of it."));
    }

    /// <summary>Whether a text opens more brackets than the compiler's lexer can handle.</summary>
    public static bool OpensTooMuch(string code) => OverflowOf(code) is not null;

    private static SyntaxTree? Read(SourceText text, string path, out int overflow)
    {
        SyntaxTree? tree = null;
        int? place = OverflowOf(text.ToString());
        if (place is null)
        {
            tree = CSharpSyntaxTree.ParseText(text, Options, path);
            place = OverflowOf(tree.GetRoot());
        }
        overflow = place ?? 0;
        return place is null ? tree : null;
    }

    // Nested interpolations and conditions of #if are read before there is a tree.
    private static int? OverflowOf(string code)
    {
        int level = 0, negations = 0;
        for (int i = 0; i < code.Length; i++)
        {
            level = code[i] is '(' or '[' or '{' ? level + 1 : code[i] is ')' or ']' or '}' ? Math.Max(0, level - 1) : level;
            negations = code[i] == '!' ? negations + 1 : char.IsWhiteSpace(code[i]) ? negations : 0;
            if (level > MostLevels || negations > MostLevels) return i;
        }
        return null;
    }

    // A long sum is not deep: the compiler reads it term by term.
    private static int? OverflowOf(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Level)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            if (next.Level > MostLevels) return next.Node.SpanStart;
            foreach (var child in next.Node.ChildNodes())
                open.Push((child, next.Node is BinaryExpressionSyntax sum && child == sum.Left ? next.Level : next.Level + 1));
        }
        return null;
    }

    /// <summary>Start and end of the name around or before the cursor; an empty span if there is none.</summary>
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

    /// <summary>Whether the token gives access to a member of the expression before it.</summary>
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
