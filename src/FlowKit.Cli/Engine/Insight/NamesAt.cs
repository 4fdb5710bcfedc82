using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Cli;

/// <summary>What a bare name can mean.</summary>
internal static class NamesAt
{
    /// <summary>Every symbol that code at the position can name; members first where an object is being initialized.</summary>
    public static IEnumerable<ISymbol> In(SemanticModel model, SyntaxToken before, int position, CancellationToken cancellation)
    {
        if (before.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive && before.Kind() is SyntaxKind.UsingKeyword or SyntaxKind.StaticKeyword)
            return model.LookupNamespacesAndTypes(position).Where(symbol => directive.StaticKeyword.RawKind != 0 || symbol is INamespaceSymbol);
        if (before.IsKind(SyntaxKind.NewKeyword))
            return model.LookupNamespacesAndTypes(position).Where(symbol => symbol is not INamedTypeSymbol { IsStatic: true } and not INamedTypeSymbol { TypeKind: TypeKind.Interface });
        return Initializable(model, before, position, cancellation).Concat(model.LookupSymbols(position));
    }

    private static IEnumerable<ISymbol> Initializable(SemanticModel model, SyntaxToken before, int position, CancellationToken cancellation)
    {
        if (before.Kind() is not (SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken) || before.Parent is not InitializerExpressionSyntax { Parent: ExpressionSyntax created }) return [];
        if (created is not (BaseObjectCreationExpressionSyntax or WithExpressionSyntax) || model.GetTypeInfo(created, cancellation).Type is not { } type) return [];
        return model.LookupSymbols(position, type).Where(member => !member.IsStatic && member is IPropertySymbol { IsReadOnly: false } or IFieldSymbol { IsReadOnly: false });
    }
}
