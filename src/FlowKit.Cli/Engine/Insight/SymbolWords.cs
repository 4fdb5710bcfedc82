using System.ComponentModel;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Cli;

/// <summary>The names of symbols in a list of completions.</summary>
internal static class SymbolWords
{
    /// <summary>The kind of a symbol in one word.</summary>
    public static string Kind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        INamedTypeSymbol type => type.TypeKind switch
        {
            TypeKind.Struct => "struct",
            TypeKind.Interface => "interface",
            TypeKind.Enum => "enum",
            TypeKind.Delegate => "delegate",
            _ => "class",
        },
        INamespaceSymbol => "namespace",
        IPropertySymbol => "property",
        IFieldSymbol field => field.ContainingType.IsScriptClass ? "variable" : "field",
        IEventSymbol => "event",
        IParameterSymbol => "parameter",
        ITypeParameterSymbol => "type parameter",
        IAliasSymbol alias => Kind(alias.Target),
        _ => "variable",
    };

    /// <summary>The name as code writes it: <c>@class</c>.</summary>
    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>Whether its author hides it from completion lists.</summary>
    public static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == nameof(EditorBrowsableAttribute) && attribute.ConstructorArguments is [{ Value: (int)EditorBrowsableState.Never }]);
}
