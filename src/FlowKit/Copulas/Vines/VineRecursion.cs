namespace FlowKit.Copulas;

/// <summary>The h-recursion of a vine: F(first | second, given) and F(second | first, given) of every edge from those of the tree below, up for densities and ranks, back for draws.</summary>
/// <param name="links">The edges.</param>
/// <param name="copulas">Their copulas, [tree][edge].</param>
internal sealed class VineRecursion(VineLink[][] links, BivariateCopula[][] copulas)
{
    /// <summary>The log-density, (B), and with a plan the ranks of all variables given those before them, (B, D); float64.</summary>
    /// <param name="x">(B, D).</param>
    /// <param name="plan">The order; null if the ranks are not wanted.</param>
    public (Tensor LogDensity, Tensor? Ranks) Forward(Tensor x, VinePlan? plan = null)
    {
        var (columns, outside) = Columns(x);
        var sum = zeros(x.size(0), dtype: float64, device: x.device);
        var levels = Levels();
        var ranks = columns.ToArray();
        for (int tree = 0; tree < links.Length; tree++)
        {
            for (int edge = 0; edge < links[tree].Length; edge++)
            {
                var (wantFirst, wantSecond) = plan is null ? (Wanted(tree, edge, first: true), Wanted(tree, edge, first: false)) : (true, true);
                var (u, v) = (Input(columns, levels, tree, edge, first: true), Input(columns, levels, tree, edge, first: false));
                var (logDensity, first, second) = copulas[tree][edge].Joint(u, v, wantFirst, wantSecond);
                sum = sum + logDensity;
                (levels[tree][edge].First, levels[tree][edge].Second) = (first, second);
            }
        }
        foreach (var (variable, way) in plan?.Steps ?? [])
            if (way.Length > 0) ranks[variable] = (way[^1].IsFirst ? levels[way.Length - 1][way[^1].Edge].First : levels[way.Length - 1][way[^1].Edge].Second)!;
        return (Marked(sum, x, outside), plan is null ? null : stack(ranks, dim: 1));
    }

    /// <summary>The variables whose ranks given those before them are z, (B, D), and their log-density, (B); float64.</summary>
    /// <param name="z">(B, D); of the known variables, their values.</param>
    /// <param name="plan">The order.</param>
    /// <param name="known">How many at the beginning of the order are known.</param>
    public (Tensor X, Tensor LogDensity) Inverse(Tensor z, VinePlan plan, int known = 0)
    {
        var (columns, outside) = Columns(z);
        var sum = zeros(z.size(0), dtype: float64, device: z.device);
        var levels = Levels();
        for (int step = 0; step < plan.Steps.Count; step++)
        {
            var (variable, way) = plan.Steps[step];
            var ranks = new Tensor[way.Length + 1];                    // F(variable | given) at the foot of each edge, and above the last
            if (step < known) ranks[0] = columns[variable];
            else
            {
                ranks[^1] = columns[variable];
                for (int tree = way.Length - 1; tree >= 0; tree--)
                {
                    var partner = Input(columns, levels, tree, way[tree].Edge, first: !way[tree].IsFirst);
                    ranks[tree] = copulas[tree][way[tree].Edge].Inverse(ranks[tree + 1], partner, way[tree].IsFirst);
                }
                columns[variable] = ranks[0];
            }
            for (int tree = 0; tree < way.Length; tree++)
            {
                var (edge, isFirst, _) = way[tree];
                var partner = Input(columns, levels, tree, edge, first: !isFirst);
                bool wantRank = step < known && (tree < way.Length - 1 || Wanted(tree, edge, isFirst)), wantPartner = Wanted(tree, edge, first: !isFirst);
                var (u, v) = isFirst ? (ranks[tree], partner) : (partner, ranks[tree]);
                var (logDensity, first, second) = copulas[tree][edge].Joint(u, v, isFirst ? wantRank : wantPartner, isFirst ? wantPartner : wantRank);
                if (wantRank) ranks[tree + 1] = (isFirst ? first : second)!;
                sum = sum + logDensity;
                levels[tree][edge] = isFirst ? (ranks[tree + 1], second) : (first, ranks[tree + 1]);
            }
        }
        return (stack(columns, dim: 1), Marked(sum, z, outside));
    }

    /// <summary>F(first | given) or F(second | given) of an edge.</summary>
    private Tensor Input(Tensor[] columns, (Tensor? First, Tensor? Second)[][] levels, int tree, int edge, bool first)
    {
        var (pair, firstNode, secondNode) = links[tree][edge];
        int variable = first ? pair.First : pair.Second, node = first ? firstNode : secondNode;
        if (tree == 0) return columns[variable];
        return (links[tree - 1][node].Pair.First == variable ? levels[tree - 1][node].First : levels[tree - 1][node].Second)!;
    }

    // Whether the tree above reads this of the edge's two ranks.
    private bool Wanted(int tree, int edge, bool first)
    {
        if (tree + 1 >= links.Length) return false;
        int variable = first ? links[tree][edge].Pair.First : links[tree][edge].Pair.Second;
        return links[tree + 1].Any(above => above.FirstNode == edge && above.Pair.First == variable || above.SecondNode == edge && above.Pair.Second == variable);
    }

    private (Tensor? First, Tensor? Second)[][] Levels() => [.. links.Select(tree => new (Tensor?, Tensor?)[tree.Length])];

    private static (Tensor[] Columns, Tensor Outside) Columns(Tensor x)
    {
        var wide = x.to(float64);
        var outside = wide.lt(0).logical_or(wide.gt(1)).any(1);
        return ([.. Enumerable.Range(0, (int)x.size(1)).Select(i => wide.select(1, i).clamp(0, 1))], outside);
    }

    private static Tensor Marked(Tensor logDensity, Tensor x, Tensor outside) => logDensity.masked_fill(outside, double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN);
}
