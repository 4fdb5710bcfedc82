using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Cli;

/// <summary>The members that can follow a dot.</summary>
internal static class MembersOf
{
    /// <summary>The members of what stands before the dot, as far as code at the position may use them.</summary>
    public static IEnumerable<ISymbol> At(SemanticModel model, SyntaxToken dot, int position)
    {
        if (Owner(dot.Parent) is not { } owner) return [];

        var symbol = model.GetSymbolInfo(owner) is var info && info.Symbol is null ? info.CandidateSymbols.FirstOrDefault() : info.Symbol;
        if (symbol is IAliasSymbol alias) symbol = alias.Target;
        if (symbol is INamespaceSymbol space)
        {
            bool isUsing = owner.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { StaticKeyword.RawKind: 0, Alias: null };
            return model.LookupNamespacesAndTypes(position, space).Where(member => !isUsing || member is INamespaceSymbol);
        }
        if (symbol is ITypeSymbol named) return Statics(model, position, named);

        var type = model.GetTypeInfo(owner).Type;
        if (dot.Parent is MemberBindingExpressionSyntax && type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        if (dot.Parent is MemberAccessExpressionSyntax && type is IPointerTypeSymbol pointer) type = pointer.PointedAtType;
        if (type is null or IErrorTypeSymbol) return [];

        var members = model.LookupSymbols(position, type, includeReducedExtensionMethods: true).Where(member => !member.IsStatic && member is not ITypeSymbol);
        return symbol?.Name == type.Name ? members.Concat(Statics(model, position, type)) : members;       // "Color Color"
    }

    private static IEnumerable<ISymbol> Statics(SemanticModel model, int position, ITypeSymbol type) =>
        model.LookupSymbols(position, type).Where(member => member.IsStatic || member is ITypeSymbol);

    private static ExpressionSyntax? Owner(SyntaxNode? access) => access switch
    {
        MemberAccessExpressionSyntax member => member.Expression,
        QualifiedNameSyntax name => name.Left,
        AliasQualifiedNameSyntax name => name.Alias,
        MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };
}
