using FlowKit.Copulas;

namespace FlowKit.Tests;

/// <summary>What is found again of vines that data were drawn from.</summary>
public class VineFitTests
{
    private static readonly PairFitOptions Few = new() { Families = [new Independence(), new GaussianCopula(), new Clayton(), new Gumbel(), new Frank()] };

    private static Tensor Data(long seed, int count, bool withFrank = true)
    {
        manual_seed(seed);
        return VineCopulaTests.Known(withFrank).Sample(count);
    }

    [Fact]
    public void With_the_path_given_families_and_parameters_are_found()
    {
        const int Count = 5000;
        var truth = VineCopulaTests.Known();
        var x = Data(1, Count);
        var vine = VineCopula.Fit(x, new() { Structure = truth.Structure });
        var expected = truth.Edges.Select(edge => (PairCopula)edge.Copula).ToArray();
        var found = vine.Edges.Select(edge => (PairCopula)edge.Copula).ToArray();
        Assert.Equal(expected.Select(copula => (copula.Family, copula.Rotation)), found.Select(copula => (copula.Family, copula.Rotation)));
        foreach (var (one, other) in expected.Zip(found))
            foreach (var (theta, fitted) in one.Theta.Zip(other.Theta)) Assert.InRange(fitted / theta, 0.9, 1.1);

        // On new data it is nearly as likely as the truth.
        var fresh = Data(2, Count);
        double error = (truth.LogProb(fresh) - vine.LogProb(fresh)).std().ToDouble() / Math.Sqrt(Count);
        Assert.InRange((truth.LogLikelihood(fresh) - vine.LogLikelihood(fresh)) / Count, -4 * error, 0.003 + 4 * error);
        Assert.InRange(vine.LogLikelihood(x) - truth.LogLikelihood(x), -2, 15);        // tree by tree it is not quite the largest likelihood
    }

    [Theory]
    [InlineData(VineKind.Regular), InlineData(VineKind.DVine)]
    public void Without_the_upper_edge_the_path_is_found(VineKind kind)
    {
        var vine = VineCopula.Fit(Data(3, 2000, withFrank: false), new() { Kind = kind, Pairs = Few });
        Assert.Equal(["0,1", "1,2", "2,3"], vine.Edges.Where(edge => edge.Tree == 1).Select(edge => $"{edge.First},{edge.Second}"));
        Assert.Equal(["Clayton", "Gumbel", "GaussianCopula"], vine.Edges.Take(3).Select(edge => ((PairCopula)edge.Copula).Family.GetType().Name));
        Assert.Equal(6, vine.Edges.Count);
    }

    [Fact]
    public void A_star_is_found_with_its_center()
    {
        var truth = new VineCopula(VineStructure.CVine(2, 0, 3, 1), [
            [new PairCopula(new GaussianCopula(), 0.8), new PairCopula(new GaussianCopula(), -0.7), new PairCopula(new Clayton(), 3.0)],
            [new PairCopula(new Frank(), 6.0), new PairCopula(new Gumbel(), 2.0)],
            [new PairCopula(new Independence())]]);
        truth.to(float64);
        manual_seed(4);
        var x = truth.Sample(2000);
        var vine = VineCopula.Fit(x, new() { Kind = VineKind.CVine, Pairs = Few });
        Assert.All(vine.Edges.Where(edge => edge.Tree == 1), edge => Assert.True(edge.First == 2 || edge.Second == 2));
        Assert.All(vine.Edges.Where(edge => edge.Tree == 2), edge => Assert.True(edge.First == 0 || edge.Second == 0));
        Assert.InRange(vine.LogLikelihood(x) / truth.LogLikelihood(x), 0.99, 1.02);
    }

    [Fact]
    public void Found_trees_are_those_of_a_vine_and_do_not_depend_on_threads()
    {
        manual_seed(5);
        var x = VineCopulaTests.MixedVine(VineStructureTests.General).Sample(600);
        VineCopula Fit(int threads) => VineCopula.Fit(x, new() { Threads = threads, Pairs = Few });
        var (one, two) = (Fit(1), Fit(2));
        Assert.Equal(one.Structure.ToString(), two.Structure.ToString());
        Assert.Equal(one.Edges.Select(edge => edge.ToString()), two.Edges.Select(edge => edge.ToString()));
        Assert.Equal(Thetas(one), Thetas(two));
        Assert.Equal(one.LogLikelihood(x), two.LogLikelihood(x));

        static double[] Thetas(VineCopula vine) => [.. vine.Edges.SelectMany(edge => ((PairCopula)edge.Copula).Theta)];
    }

    [Fact]
    public void Truncated_it_has_the_first_trees_of_the_whole()
    {
        manual_seed(6);
        var x = VineCopulaTests.MixedVine(VineStructureTests.General).Sample(400);
        var pairs = new PairFitOptions { Families = [new GaussianCopula()], IndependenceLevel = 0 };
        var (whole, less) = (VineCopula.Fit(x, new() { Pairs = pairs }), VineCopula.Fit(x, new() { Pairs = pairs, Trees = 2 }));
        Assert.Equal(2, less.Structure.Trees.Count);
        Assert.Equal(whole.Edges.Take(7).Select(edge => edge.ToString()), less.Edges.Select(edge => edge.ToString()));
        Assert.True(less.LogLikelihood(x) < whole.LogLikelihood(x));
        Assert.Single(VineCopula.Fit(x, new() { Pairs = pairs, Trees = 1, Structure = VineStructure.DVine(0, 1, 2, 3, 4) }).Structure.Trees);
    }

    [Fact]
    public void Searches_are_those_of_every_tree_star_and_path()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 20; trial++)
        {
            const int Nodes = 6;
            double[,] weights = new double[Nodes, Nodes];
            var edges = new List<(int A, int B, double Weight)>();
            for (int i = 0; i < Nodes; i++)
                for (int j = i + 1; j < Nodes; j++)
                {
                    weights[i, j] = weights[j, i] = random.NextDouble();
                    edges.Add((i, j, weights[i, j]));
                }

            // Each spanning tree of the complete graph, by its code (Prüfer 1918); each path.
            double tree = Enumerable.Range(0, 1296).Max(code => Tree(code, weights)), path = Orders([], Nodes).Max(order => order.Zip(order.Skip(1), (a, b) => weights[a, b]).Sum());
            Assert.Equal(tree, VineSearch.SpanningTree(Nodes, edges).Sum(i => edges[i].Weight), 1e-12);
            int[] found = VineSearch.Path(weights);
            Assert.Equal(Enumerable.Range(0, Nodes), found.Order());
            Assert.InRange(found.Zip(found.Skip(1), (a, b) => weights[a, b]).Sum(), 0.95 * path, path + 1e-12);
            Assert.Equal(Enumerable.Range(0, Nodes).Max(center => Enumerable.Range(0, Nodes).Sum(other => weights[center, other])), VineSearch.Star(Nodes, edges).Sum(i => edges[i].Weight), 1e-12);
        }

        static double Tree(int code, double[,] weights)
        {
            int[] digits = [.. Enumerable.Range(0, 4).Select(k => code / (int)Math.Pow(6, k) % 6)], degree = [.. Enumerable.Range(0, 6).Select(node => 1 + digits.Count(digit => digit == node))];
            double sum = 0;
            foreach (int digit in digits)
            {
                int leaf = Array.IndexOf(degree, 1);
                sum += weights[leaf, digit];
                degree[leaf]--;
                degree[digit]--;
            }
            int first = Array.IndexOf(degree, 1);
            return sum + weights[first, Array.IndexOf(degree, 1, first + 1)];
        }

        static IEnumerable<int[]> Orders(int[] start, int nodes) =>
            start.Length == nodes ? [start] : Enumerable.Range(0, nodes).Except(start).SelectMany(next => Orders([.. start, next], nodes));
    }

    [Fact]
    public void Data_that_cannot_be_fitted_are_refused_by_name()
    {
        var x = Data(8, 50);
        Refused("u has 3 rows of 4 variables", x.narrow(0, 0, 3));
        Refused("expected (N, D) with D >= 2", x.narrow(1, 0, 1));
        Refused("u holds NaN in column 2: 3 of 50 rows", Changed(2, 3, double.NaN));
        Refused("u holds numbers outside (0, 1) in column 1: 2 of 50 rows", Changed(1, 2, 1.0));
        Refused("u holds numbers outside (0, 1) in column 0: 1 of 50 rows", Changed(0, 1, 0.0));
        Refused("Column 3 of u is constant, 0.5", Changed(3, 50, 0.5));
        Refused("u has 4 columns; the structure has 3 variables", x, new() { Structure = VineStructure.DVine(0, 1, 2) });
        Assert.Throws<ArgumentOutOfRangeException>("Trees", () => VineCopula.Fit(x, new() { Trees = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Threads", () => VineCopula.Fit(x, new() { Threads = 0 }));
        Assert.Throws<ArgumentException>("options", () => VineCopula.Fit(x, new() { Pairs = null! }));
        Assert.Throws<ArgumentException>("options", () => VineCopula.Fit(x, new() { Pairs = new() { Families = [] } }));

        Tensor Changed(int column, int rows, double value)
        {
            var changed = x.clone();
            changed.narrow(0, 0, rows).select(1, column).fill_(value);
            return changed;
        }

        static void Refused(string what, Tensor u, VineFitOptions? options = null) => Assert.Contains(what, Assert.Throws<ArgumentException>("u", () => VineCopula.Fit(u, options)).Message);
    }
}
