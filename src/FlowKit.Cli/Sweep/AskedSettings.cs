using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Finds in a notebook's text what settings it asks for, so that a mistyped one is told before hours are spent on it.</summary>
internal static class AskedSettings
{
    private const string Method = "Setting";

    /// <summary>Those of the names that stand nowhere in the notebook, and those that it asks for; nothing where the text alone cannot tell.</summary>
    public static (IReadOnlyList<string> Unknown, IReadOnlyList<string> Asked) Compare(Notebook notebook, IEnumerable<string> names)
    {
        var trees = notebook.Cells.Where(cell => cell.IsCode).Select(cell => CellSyntax.Read(SourceText.From(cell.Source))).ToList();
        if (trees.Contains(null)) return ([], []);

        var roots = trees.Select(tree => tree!.GetRoot()).ToList();
        var calls = roots.SelectMany(root => root.DescendantNodes()).OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: Method }).ToList();
        string[] asked = [.. calls.Select(NameOf).OfType<string>().Distinct()];
        if (asked.Length == 0 || calls.Any(call => NameOf(call) is null)) return ([], asked);

        var texts = roots.SelectMany(root => root.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText).ToHashSet();
        return ([.. names.Where(name => !texts.Contains(name))], asked);
    }

    private static string? NameOf(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments;
        var argument = arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == "name") ?? arguments.FirstOrDefault();
        return (argument?.Expression as LiteralExpressionSyntax)?.Token.ValueText;
    }
}
