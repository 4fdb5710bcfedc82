using FlowKit.Experiments;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Finds the settings that a notebook declares in its text, so that a mistyped name is reported before hours are spent on it.</summary>
internal static class DeclaredSettings
{
    private const string Method = "Setting";

    /// <summary>The names that appear nowhere in the notebook, and the names that it declares. No name is unknown where the text alone cannot tell.</summary>
    public static (IReadOnlyList<string> Unknown, IReadOnlyList<string> Declared) Compare(Notebook notebook, IEnumerable<string> names)
    {
        var trees = notebook.Cells.Where(cell => cell.IsCode).Select(cell => CellSyntax.Read(SourceText.From(cell.Source))).ToList();
        if (trees.Contains(null)) return ([], []);

        var roots = trees.Select(tree => tree!.GetRoot()).ToList();
        var calls = roots.SelectMany(root => root.DescendantNodes()).OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: Method }).ToList();
        string[] declared = [.. calls.Select(NameOf).OfType<string>().Distinct()];
        if (declared.Length == 0 || calls.Any(call => NameOf(call) is null)) return ([], declared);

        var texts = roots.SelectMany(root => root.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText).ToHashSet();
        return ([.. names.Except([Experiment.UntrainedSetting, Experiment.StepsSetting]).Where(name => !texts.Contains(name))], declared);     // those two are every experiment's
    }

    private static string? NameOf(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments;
        var argument = arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == "name") ?? arguments.FirstOrDefault();
        return (argument?.Expression as LiteralExpressionSyntax)?.Token.ValueText;
    }
}
