namespace FlowKit.Copulas;

/// <summary>An edge of a vine with its pair copula: the law of F(first | given) and F(second | given).</summary>
/// <param name="Tree">The tree, counted from 1 as in the literature: the size of the conditioning set plus 1.</param>
/// <param name="First">The column of the first variable, the copula's u.</param>
/// <param name="Second">The column of the second variable, the copula's v.</param>
/// <param name="Given">The columns of the conditioning set.</param>
/// <param name="Copula">The pair copula. It does not depend on the values of the conditioning variables, the simplifying assumption.</param>
/// <example><code>
/// using FlowKit.Copulas;
/// var vine = new VineCopula(VineStructure.DVine(0, 1, 2), [[new PairCopula(new Clayton(), 2.0), new PairCopula(new Gumbel(), 2.0)], [new PairCopula(new Frank(), 5.0)]]);
/// foreach (var edge in vine.Edges) Console.WriteLine($"tree {edge.Tree}: {edge}, tau {edge.Copula.Tau:F2}");
/// // => tree 1: 0,1 Clayton(2), tau 0.50
/// // => tree 1: 1,2 Gumbel(2), tau 0.50
/// // => tree 2: 0,2|1 Frank(5), tau 0.46
/// </code></example>
public sealed record VineEdge(int Tree, int First, int Second, IReadOnlyList<int> Given, BivariateCopula Copula)
{
    /// <summary>The variables and the copula, as 0,2|1 Frank(5).</summary>
    public override string ToString() => $"{new VinePair(First, Second, Given)} {Name}";

    /// <summary>What the copula is called, with its parameters to three digits and its rotation.</summary>
    internal string Name => Copula is not PairCopula pair ? Copula.GetName()
        : FormattableString.Invariant($"{FamilyName}{(pair.Theta.Count > 0 ? $"({string.Join(", ", pair.Theta.Select(Short))})" : "")}{(pair.Rotation > 0 ? $" {pair.Rotation}°" : "")}");

    /// <summary>What the family is called.</summary>
    internal string FamilyName => Copula is not PairCopula pair ? Copula.GetName() : pair.Family.GetType().Name is var name && name.EndsWith("Copula", StringComparison.Ordinal) ? name[..^6] : pair.Family.GetType().Name;

    private static string Short(double value) => value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture);
}
