namespace FlowKit.Copulas;

/// <summary>Fits a vine tree by tree: the copulas of a tree's edges, each by itself, then the ranks that the next tree joins.</summary>
internal sealed class VineFit
{
    private readonly double[][] columns;
    private readonly VineFitOptions options;
    private readonly int threads;

    // The ranks of the edges of the last tree: F(first | second, given) and F(second | first, given).
    private (double[] First, double[] Second)[] ranks = [];

    /// <summary>A fit to these columns.</summary>
    public VineFit(Tensor u, VineFitOptions options)
    {
        this.options = options;
        threads = options.Threads ?? Environment.ProcessorCount;
        columns = Columns(u);
    }

    /// <summary>The vine.</summary>
    public VineCopula Run()
    {
        int dimensions = columns.Length, count = Math.Min(options.Trees ?? int.MaxValue, options.Structure?.Trees.Count ?? dimensions - 1);
        var known = options.Structure ?? (options.Kind == VineKind.DVine ? VineStructure.DVine(VineSearch.Path(Taus(columns))) : null);
        var links = new List<VineLink[]>();
        var copulas = new List<BivariateCopula[]>();
        for (int tree = 0; tree < count; tree++)
        {
            links.Add(known?.Links[tree] ?? Found(links));
            var (inputs, tier) = (links[tree].Select(link => Input(links, tree, link)).ToArray(), links[tree]);
            var fitted = new BivariateCopula[tier.Length];
            var next = new (double[], double[])[tier.Length];
            OneThreadEach.For(tier.Length, threads, edge =>
            {
                using var scope = NewDisposeScope();
                var (u, v) = inputs[edge];
                var x = stack([tensor(u, dtype: float64, device: CPU), tensor(v, dtype: float64, device: CPU)], dim: 1);
                fitted[edge] = PairFit.Select(x, options.Pairs).Best;
                if (tree + 1 < count) next[edge] = (Inside(fitted[edge].GivenSecond(x)), Inside(fitted[edge].GivenFirst(x)));
            });
            copulas.Add(fitted);
            ranks = next;
        }
        var structure = known?.Truncate(count) ?? new VineStructure([.. links.Select(tree => tree.Select(link => link.Pair).ToArray())]);
        return new(structure, copulas);
    }

    // The next tree: of the pairs of edges that share a node.
    private VineLink[] Found(List<VineLink[]> links)
    {
        int tree = links.Count, nodes = columns.Length - tree;
        var below = tree == 0 ? [] : links[^1];
        var possible = new List<VineLink>();
        for (int a = 0; a < nodes; a++)
            for (int b = a + 1; b < nodes; b++)
                if (tree == 0) possible.Add(new(new(a, b), -1, -1));
                else if (tree == 1 ? below[a].All.Intersect(below[b].All).Any() : Share(below[a], below[b])) possible.Add(Join(a, b));
        double[] weights = new double[possible.Count];
        OneThreadEach.For(weights.Length, threads, i =>
        {
            var (u, v) = Input(links, tree, possible[i]);
            weights[i] = Math.Abs(KendallTau.Of(u, v));
        });
        (int, int, double)[] edges = [.. possible.Select((link, i) => tree == 0 ? (link.Pair.First, link.Pair.Second, weights[i]) : (link.FirstNode, link.SecondNode, weights[i]))];
        int[] chosen = options.Kind == VineKind.CVine ? VineSearch.Star(nodes, edges) : VineSearch.SpanningTree(nodes, edges);
        return [.. chosen.Select(i => possible[i])];

        static bool Share(VineLink one, VineLink other) => one.FirstNode == other.FirstNode || one.FirstNode == other.SecondNode || one.SecondNode == other.FirstNode || one.SecondNode == other.SecondNode;

        VineLink Join(int a, int b)
        {
            int first = below[a].All.Except(below[b].All).Single(), second = below[b].All.Except(below[a].All).Single();
            return new(new(first, second, [.. below[a].All.Intersect(below[b].All)]), a, b);
        }
    }

    private (double[] U, double[] V) Input(List<VineLink[]> links, int tree, VineLink link)
    {
        if (tree == 0) return (columns[link.Pair.First], columns[link.Pair.Second]);
        double[] Of(int node, int variable) => links[tree - 1][node].Pair.First == variable ? ranks[node].First : ranks[node].Second;
        return (Of(link.FirstNode, link.Pair.First), Of(link.SecondNode, link.Pair.Second));
    }

    private double[,] Taus(double[][] x)
    {
        double[,] taus = new double[x.Length, x.Length];
        (int, int)[] pairs = [.. from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(0, i) select (i, j)];
        OneThreadEach.For(pairs.Length, threads, k =>
        {
            var (i, j) = pairs[k];
            taus[i, j] = taus[j, i] = Math.Abs(KendallTau.Of(x[i], x[j]));
        });
        return taus;
    }

    // Ranks that rounded to 0 or 1 are moved inside.
    private static double[] Inside(Tensor rank)
    {
        const double least = 1e-300, most = 1 - 1.2e-16;
        using var scope = NewDisposeScope();
        return rank.clamp(least, most).contiguous().data<double>().ToArray();
    }

    private static double[][] Columns(Tensor u)
    {
        Guard.Number(u);
        if (u.Dimensions != 2 || u.size(1) < 2) throw new ArgumentException($"u has shape {Guard.Describe(u)}; expected (N, D) with D >= 2 variables.", nameof(u));
        if (u.size(0) < u.size(1)) throw new ArgumentException($"u has {u.size(0)} rows of {u.size(1)} variables; expected at least as many rows as variables.", nameof(u));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var wide = u.detach().to(float64).cpu();
        double[][] columns = [.. Enumerable.Range(0, (int)u.size(1)).Select(i => wide.select(1, i).contiguous().data<double>().ToArray())];
        for (int i = 0; i < columns.Length; i++)
        {
            int missing = columns[i].Count(double.IsNaN), outside = columns[i].Count(value => value <= 0 || value >= 1);
            if (missing > 0) throw new ArgumentException($"u holds NaN in column {i}: {missing} of {columns[i].Length} rows.", nameof(u));
            if (outside > 0) throw new ArgumentException($"u holds numbers outside (0, 1) in column {i}: {outside} of {columns[i].Length} rows. Use ranks divided by N + 1.", nameof(u));
            if (columns[i].AsSpan().IndexOfAnyExcept(columns[i][0]) < 0) throw new ArgumentException($"Column {i} of u is constant, {columns[i][0]}; it depends on nothing.", nameof(u));
        }
        return columns;
    }
}
