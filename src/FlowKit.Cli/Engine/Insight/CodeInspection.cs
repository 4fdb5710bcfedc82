using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Cli;

/// <summary>Describes the name at the cursor.</summary>
internal static class CodeInspection
{
    /// <summary>Describes the name at the cursor, or the method whose arguments surround the cursor; null where nothing is known.</summary>
    /// <param name="model">The compiler's model of the cell.</param>
    /// <param name="cursor">An offset in the cell.</param>
    /// <param name="states">The objects that hold the session's variables, newest first.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public static Inspection? At(SemanticModel model, int cursor, IEnumerable<object> states, CancellationToken cancellation)
    {
        var root = model.SyntaxTree.GetRoot(cancellation);
        ISymbol[] symbols = [.. CellSyntax.IsText(root, cursor) ? [] : Named(model, root, cursor)];
        if (symbols.Length == 0) symbols = [.. Called(model, root, cursor)];
        if (symbols.Length == 0) return null;

        var documentation = symbols.Select(symbol => SymbolDocumentation.Of(symbol, model.Compilation)).FirstOrDefault(found => found is not null);
        return new InspectionText([.. symbols.Select(SymbolSignature.Of)], VariableValue.Of(symbols[0], states), documentation).ToInspection();
    }

    private static IEnumerable<ISymbol> Named(SemanticModel model, SyntaxNode root, int cursor)
    {
        var token = root.FindToken(cursor);
        if (!IsName(token, cursor)) token = CellSyntax.TokenBefore(root, cursor);
        if (!IsName(token, cursor) || token.Parent is not { } node) return [];

        if (node is not TypeSyntax && model.GetDeclaredSymbol(node) is { } declared) return [declared];
        var info = model.GetSymbolInfo(node);
        var symbols = new[] { info.Symbol }.Concat(info.CandidateSymbols).Concat(model.GetMemberGroup(node)).OfType<ISymbol>();
        return symbols.Select(symbol => symbol is IAliasSymbol alias ? alias.Target : symbol).Where(symbol => symbol is not IErrorTypeSymbol).Distinct(SymbolEqualityComparer.Default);
    }

    private static bool IsName(SyntaxToken token, int cursor) =>
        (token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(token.Kind())) && token.SpanStart <= cursor && cursor <= token.Span.End && token.Span.Length > 0;

    private static IEnumerable<IMethodSymbol> Called(SemanticModel model, SyntaxNode root, int cursor)
    {
        if (cursor == 0) return [];
        var list = root.FindToken(cursor - 1).Parent?.AncestorsAndSelf().OfType<ArgumentListSyntax>().FirstOrDefault(list => list.SpanStart < cursor && (cursor < list.Span.End || list.CloseParenToken.IsMissing));
        return list is null ? [] : Arguments.Methods(model, list);
    }
}
