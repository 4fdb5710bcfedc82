namespace FlowKit.Copulas;

/// <summary>Which vines <see cref="VineCopula.Fit"/> chooses from.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var u = new VineCopula(VineStructure.DVine(1, 0, 2), [[new PairCopula(new Frank(), 8.0), new PairCopula(new Frank(), 5.0)], [new PairCopula(new Independence())]]).Sample(500);
/// var vine = VineCopula.Fit(u, new() { Kind = VineKind.CVine });
/// Console.WriteLine(vine.Structure.Order[0]);    // => 0
/// </code></example>
public enum VineKind
{
    /// <summary>Every vine: each tree is the spanning tree with the largest sum of |tau| among those that the tree below allows (Dissmann, Brechmann, Czado, Kurowicka 2013).</summary>
    Regular,

    /// <summary>Stars: the center of each tree is the node with the largest sum of |tau| (Czado, Schepsmeier, Min 2012).</summary>
    CVine,

    /// <summary>Paths: that with the largest sum of |tau| in the first tree, as far as a greedy path and exchanges of two edges find it; it determines the other trees.</summary>
    DVine,
}
