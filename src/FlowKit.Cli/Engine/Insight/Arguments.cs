using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Cli;

/// <summary>The methods that a list of arguments can belong to.</summary>
internal static class Arguments
{
    /// <summary>The names of arguments that can follow this token; empty elsewhere.</summary>
    public static IEnumerable<string> At(SemanticModel model, SyntaxToken before)
    {
        if (before.Kind() is not (SyntaxKind.OpenParenToken or SyntaxKind.CommaToken) || before.Parent is not ArgumentListSyntax list) return [];
        var given = list.Arguments.Select(argument => argument.NameColon?.Name.Identifier.ValueText).ToHashSet();
        return Methods(model, list).SelectMany(method => method.Parameters).Select(parameter => parameter.Name).Where(name => name.Length > 0 && !given.Contains(name)).Distinct();
    }

    /// <summary>The overloads that the arguments choose from, the chosen one first.</summary>
    public static IEnumerable<IMethodSymbol> Methods(SemanticModel model, ArgumentListSyntax list)
    {
        if (list.Parent is not ExpressionSyntax call) return [];
        var chosen = model.GetSymbolInfo(call);
        IEnumerable<ISymbol> all = call switch
        {
            InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression),
            BaseObjectCreationExpressionSyntax => model.GetTypeInfo(call).Type is INamedTypeSymbol type ? type.InstanceConstructors : [],
            _ => [],
        };
        return new[] { chosen.Symbol }.Concat(chosen.CandidateSymbols).Concat(all).OfType<IMethodSymbol>()
            .Where(method => model.IsAccessible(list.SpanStart, method) && !method.IsImplicitlyDeclared)
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);
    }
}
