using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Decides whether a text is a complete cell.</summary>
internal static class CellCompleteness
{
    private const int IndentWidth = 4;

    /// <summary>Whether the text is complete, and how the next line would be indented.</summary>
    public static Completeness Of(string code)
    {
        if (string.IsNullOrWhiteSpace(code) || CellSource.IsProse(code)) return new(CodeStatus.Complete);

        if (CellSyntax.Read(SourceText.From(WithoutMagics(code))) is not { } tree) return new(CodeStatus.Invalid);
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return new(CodeStatus.Incomplete, Indent(code, tree));
        bool isBroken = tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return new(isBroken ? CodeStatus.Invalid : CodeStatus.Complete);
    }

    // The compiler reads "#!" as a broken directive; a string that holds such a line stays a string without it.
    private static string WithoutMagics(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.TrimStart().StartsWith("#!", StringComparison.Ordinal) ? "" : line));

    private static string Indent(string code, SyntaxTree tree)
    {
        int open = 0;
        foreach (var token in tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing))
            open += token.Kind() switch
            {
                SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => 1,
                SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => -1,
                _ => 0,
            };
        if (open > 0) return new string(' ', IndentWidth * open);
        string last = code.TrimEnd().Split('\n')[^1];
        return last[..(last.Length - last.TrimStart().Length)];
    }
}
