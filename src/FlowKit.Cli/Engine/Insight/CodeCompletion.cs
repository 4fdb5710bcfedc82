using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Cli;

/// <summary>Completes a name in C#.</summary>
internal static class CodeCompletion
{
    private static readonly string[] keywords =
    [
        .. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText),
        "and", "async", "await", "dynamic", "nameof", "not", "or", "record", "required", "var", "when", "where", "with", "yield",
    ];

    /// <summary>The completions at the cursor; none inside a string or a comment.</summary>
    /// <param name="sketch">The compiler's model of a text.</param>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">An offset in the cell.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public static Completions At(Func<string, SemanticModel> sketch, string code, int cursor, CancellationToken cancellation)
    {
        var (start, end) = CellSyntax.NameAt(code, cursor);
        var model = sketch(code);
        var root = model.SyntaxTree.GetRoot(cancellation);
        if (CellSyntax.IsText(root, cursor)) return new([], cursor, cursor, []);

        string typed = code[start..cursor].TrimStart('@');
        var before = CellSyntax.TokenBefore(root, start);
        if (CellSyntax.IsAccess(before))
        {
            var members = Offer(MembersOf.At(model, before, start), typed);
            // The line below may have been read as the name: "s." above "var x" is the type s.var.
            if (members.Count == 0 && cursor < code.Length)
            {
                model = sketch(code[..cursor]);
                members = Offer(MembersOf.At(model, CellSyntax.TokenBefore(model.SyntaxTree.GetRoot(cancellation), start), start), typed);
            }
            return Rank(members, start, end, typed);
        }

        var names = NamesAt.In(model, before, start, cancellation);
        var offers = Offer(typed.Length > 0 ? names : names.Where(symbol => !symbol.DeclaringSyntaxReferences.IsEmpty), typed);
        offers.AddRange(Arguments.At(model, before).Select(name => name + ":").Where(name => Fits(name, typed)).Select(name => new Offered(name, "parameter", 0)));
        if (typed.Length > 0 && !before.IsKind(SyntaxKind.NewKeyword))
            offers.AddRange(keywords.Where(word => Fits(word, typed)).Select(word => new Offered(word, "keyword", 2)));
        return Rank(offers, start, end, typed);
    }

    private static bool Fits(string name, string typed) => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static List<Offered> Offer(IEnumerable<ISymbol> symbols, string typed) =>
    [
        .. symbols
            .Where(symbol => symbol.CanBeReferencedByName && Fits(symbol.Name, typed))
            .DistinctBy(symbol => symbol.Name)
            .Where(symbol => !SymbolWords.IsHidden(symbol))
            .Select(symbol => new Offered(SymbolWords.Escape(symbol.Name), SymbolWords.Kind(symbol), symbol.DeclaringSyntaxReferences.IsEmpty ? 2 : 1)),
    ];

    // Exact prefixes come first, then the notebook's own names, then alphabetical order.
    private static Completions Rank(IEnumerable<Offered> offers, int start, int end, string typed)
    {
        Offered[] ranked =
        [
            .. offers
                .DistinctBy(offer => offer.Name)
                .OrderBy(offer => offer.Name.TrimStart('@').StartsWith(typed, StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(offer => offer.Distance)
                .ThenBy(offer => offer.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(offer => offer.Name, StringComparer.Ordinal),
        ];
        return new([.. ranked.Select(offer => offer.Name)], start, end, [.. ranked.Select(offer => offer.Kind)]);
    }

    private sealed record Offered(string Name, string Kind, int Distance);
}
