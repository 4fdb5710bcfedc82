using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Reads C#, and tells where in a cell's text something stands.</summary>
internal static partial class CellSyntax
{
    // The compiler takes some of the stack for each level, also on threads that have little of it.
    private const int MostLevels = 500;

    /// <summary>How cells are read.</summary>
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The syntax of a text, or null where it is nested so deeply that the compiler would end the process.</summary>
    public static SyntaxTree? Read(SourceText text, string path = "")
    {
        if (IsDeep(text.ToString())) return null;
        var tree = CSharpSyntaxTree.ParseText(text, Options, path);
        return IsDeep(tree.GetRoot()) ? null : tree;
    }

    /// <summary>The syntax of a text that is to run.</summary>
    /// <param name="text">Of a cell or a file.</param>
    /// <param name="file">The imported file it is in, or null.</param>
    /// <param name="path">What the compiler calls it.</param>
    /// <exception cref="CellException">It is nested too deeply.</exception>
    public static SyntaxTree Parse(SourceText text, string? file, string path = "") =>
        Read(text, path) ?? throw new CellException("CompilationError", new CellProblem(file, null, $"The code is nested deeper than {MostLevels} levels, which the compiler does not bear: name parts of it."));

    /// <summary>Whether a text opens more than can be read.</summary>
    public static bool IsDeep(string code)
    {
        int level = 0, negations = 0;
        foreach (char c in code)
        {
            level = c is '(' or '[' or '{' ? level + 1 : c is ')' or ']' or '}' ? Math.Max(0, level - 1) : level;
            negations = c == '!' ? negations + 1 : char.IsWhiteSpace(c) ? negations : 0;
            if (level > MostLevels || negations > MostLevels) return true;
        }
        return NestedTypes().IsMatch(code);
    }

    [GeneratedRegex("(<[\\w.,\\s*?]*){500}")]
    private static partial Regex NestedTypes();

    // A long sum is no deep one: the compiler reads it term by term.
    private static bool IsDeep(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Level)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            if (next.Level > MostLevels) return true;
            foreach (var child in next.Node.ChildNodes())
                open.Push((child, next.Node is BinaryExpressionSyntax sum && child == sum.Left ? next.Level : next.Level + 1));
        }
        return false;
    }

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
