using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Lines such as <c>%timeit f()</c>, <c>%%bash</c> and <c>!pip install x</c>, in code that the compiler cannot parse.</summary>
internal static partial class PythonMagics
{
    /// <summary>One problem for each such line; none if the code has no syntax error, since then these lines are C#.</summary>
    /// <param name="tree">The code.</param>
    /// <param name="file">The imported file that contains it, or null.</param>
    public static IEnumerable<CellProblem> In(SyntaxTree tree, string? file)
    {
        if (!tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) yield break;

        var root = tree.GetRoot();
        foreach (var line in tree.GetText().Lines)
        {
            var magic = MagicPattern().Match(line.ToString());
            if (!magic.Success || root.FindToken(line.Start + magic.Groups[1].Index, findInsideTrivia: true).SpanStart != line.Start + magic.Groups[1].Index) continue;
            yield return new(file, line.LineNumber + 1, $"The magic '{magic.Groups[1]}' belongs to Python's notebooks; FlowKit's engine runs C# only.");
        }
    }

    [GeneratedRegex(@"^\s*((?:%%?|!)[A-Za-z]\w*)(?=\s|$)")]
    private static partial Regex MagicPattern();
}
