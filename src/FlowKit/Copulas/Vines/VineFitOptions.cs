namespace FlowKit.Copulas;

/// <summary>How <see cref="VineCopula.Fit"/> finds a vine.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var u = new VineCopula(VineStructure.DVine(0, 1, 2), [[new PairCopula(new Clayton(), 2.0), new PairCopula(new Clayton(), 2.0)], [new PairCopula(new Independence())]]).Sample(1000);
/// var options = new VineFitOptions { Structure = VineStructure.DVine(0, 1, 2), Trees = 1, Pairs = new() { Families = [new Clayton(), new Gumbel()] } };
/// foreach (var edge in VineCopula.Fit(u, options).Edges) Console.WriteLine($"{edge.First},{edge.Second} {Math.Abs(edge.Copula.Tau - 0.5) &lt; 0.05}");
/// // => 0,1 True
/// // => 1,2 True
/// </code></example>
public sealed record VineFitOptions
{
    /// <summary>The trees, if they are known; null: they are searched for.</summary>
    public VineStructure? Structure { get; init; }

    /// <summary>Which vines are searched.</summary>
    public VineKind Kind { get; init; } = VineKind.Regular;

    /// <summary>How many trees are fitted, >= 1; what those above would join is taken to be independent. null: all.</summary>
    public int? Trees { get; init; }

    /// <summary>How the copula of an edge is chosen.</summary>
    public PairFitOptions Pairs { get; init; } = new();

    /// <summary>Edges fitted at once, >= 1; null: one for each processor. The result does not depend on it.</summary>
    public int? Threads { get; init; }
}
