namespace FlowKit.Copulas;

/// <summary>An edge of a vine within its trees: the nodes it joins are edges of the tree below.</summary>
/// <param name="Pair">The variables.</param>
/// <param name="FirstNode">Where F(first | given) comes from: an edge of the tree below; -1 in the first tree, where it is the variable itself.</param>
/// <param name="SecondNode">Where F(second | given) comes from.</param>
internal sealed record VineLink(VinePair Pair, int FirstNode, int SecondNode)
{
    /// <summary>The edge's variables, all of them, ascending.</summary>
    public int[] All { get; } = [.. Pair.Given.Append(Pair.First).Append(Pair.Second).Order()];

    /// <summary>A name of a set of variables.</summary>
    public static string Key(IEnumerable<int> variables) => string.Join(',', variables.Order());
}
