using FlowKit.Copulas;

namespace FlowKit.Tests;

/// <summary>Which trees make a vine, how a matrix says them, and in which orders variables can be drawn.</summary>
public class VineStructureTests
{
    // Five variables, neither a path nor a star: tree 1 is 0-1, 1-2, 1-3, 3-4.
    internal static VineStructure General => new(
    [
        [new(0, 1), new(2, 1), new(1, 3), new(4, 3)],
        [new(0, 3, 1), new(3, 2, 1), new(1, 4, 3)],
        [new(0, 2, 1, 3), new(2, 4, 1, 3)],
        [new(4, 0, 1, 2, 3)],
    ]);

    [Fact]
    public void A_path_and_a_star_have_the_known_edges()
    {
        Assert.Equal(["2,0 0,1 1,3", "2,1|0 0,3|1", "2,3|0,1"], Text(VineStructure.DVine(2, 0, 1, 3)));
        Assert.Equal(["2,0 2,1 2,3", "0,1|2 0,3|2", "1,3|2,0"], Text(VineStructure.CVine(2, 0, 1, 3)));
        Assert.Equal([2, 0, 1, 3], VineStructure.DVine(2, 0, 1, 3).Order);
        Assert.Equal([2, 0, 1, 3], VineStructure.CVine(2, 0, 1, 3).Order);
    }

    [Fact]
    public void A_matrix_leads_to_a_vine_and_back()
    {
        // Dissmann et al. 2013: the last row is the first tree.
        int[,] matrix = { { 5, 0, 0, 0, 0 }, { 2, 2, 0, 0, 0 }, { 3, 3, 3, 0, 0 }, { 1, 4, 4, 4, 0 }, { 4, 1, 1, 1, 1 } };
        var vine = VineStructure.FromMatrix(matrix);
        Assert.Equal(["4,3 1,0 2,0 3,0", "4,0|3 1,3|0 2,3|0", "4,2|0,3 1,2|3,0", "4,1|2,0,3"], Text(vine));
        Assert.Equal(matrix, vine.Matrix);
        Assert.Equal([0, 3, 2, 1, 4], vine.Order);
    }

    [Fact]
    public void Every_vine_is_the_vine_of_its_matrix()
    {
        foreach (var vine in new[] { VineStructure.DVine(3, 1, 0, 2, 4), VineStructure.CVine(3, 1, 0, 2, 4), General, General.Truncate(2), General.Truncate(1), VineStructure.DVine(1, 0) })
        {
            var again = VineStructure.FromMatrix(vine.Matrix);
            Assert.Equal(vine.Matrix, again.Matrix);
            Assert.Equal(Sets(vine), Sets(again));
            Assert.Equal(vine.Order, again.Order);
            Assert.Equal(vine.IsTruncated, again.IsTruncated);
        }

        static IEnumerable<string> Sets(VineStructure vine) => vine.Trees.SelectMany(tree => tree.Select(pair =>
            $"{Math.Min(pair.First, pair.Second)},{Math.Max(pair.First, pair.Second)}|{string.Join(",", pair.Given.Order())}")).Order();
    }

    [Fact]
    public void Truncated_it_keeps_its_first_trees_and_its_order()
    {
        var vine = General;
        Assert.False(vine.IsTruncated);
        var less = vine.Truncate(2);
        Assert.True(less.IsTruncated);
        Assert.Equal(Text(vine).Take(2), Text(less));
        Assert.Equal(vine.Order, less.Order);
        Assert.Equal(5, less.Dimensions);
        Assert.Equal(4, vine.Truncate(9).Trees.Count);
        Assert.Throws<ArgumentOutOfRangeException>("trees", () => vine.Truncate(0));
    }

    [Fact]
    public void In_every_order_each_variable_is_joined_with_variables_before_it()
    {
        foreach (var vine in new[] { General, General.Truncate(2), VineStructure.DVine(4, 2, 0, 1, 3), VineStructure.CVine(4, 2, 0, 1, 3) })
            foreach (var link in vine.Links.SelectMany(tree => tree))
            {
                var plan = vine.Beginning(link.All, "known");
                Assert.Equal(link.All, plan.Order.Take(link.All.Length).Order());
                var before = new HashSet<int>();
                foreach (var (variable, way) in plan.Steps)
                {
                    Assert.Equal(Math.Min(before.Count, vine.Trees.Count), way.Length);
                    for (int tree = 0; tree < way.Length; tree++)
                    {
                        var pair = vine.Trees[tree][way[tree].Edge];
                        Assert.Equal(variable, way[tree].IsFirst ? pair.First : pair.Second);
                        Assert.All(pair.Given.Append(way[tree].Partner), one => Assert.Contains(one, before));
                    }
                    before.Add(variable);
                }
            }
    }

    [Fact]
    public void Trees_of_no_vine_are_refused_by_tree_and_edge()
    {
        Refused("tree 2, edge 1: 0 and 3 given 2 share no node in tree 1, which has no edge of 0 and 2.", [[new(0, 1), new(1, 2), new(2, 3)], [new(0, 3, 2), new(1, 3, 2)]]);
        Refused("tree 1, edge 3: 2 and 0 close a cycle.", [[new(0, 1), new(1, 2), new(2, 0)]]);
        Refused("tree 2, edge 2: 2 and 0 given 1 close a cycle.", [[new(0, 1), new(1, 2), new(2, 3)], [new(0, 2, 1), new(2, 0, 1)]]);
        Refused("tree 2, edge 1: 0 and 2 have 0 conditioning variables; expected 1.", [[new(0, 1), new(1, 2)], [new(0, 2)]]);
        Refused("tree 1, edge 2: 1 and 3 are not all of the variables 0 .. 2.", [[new(0, 1), new(1, 3)]]);
        Refused("tree 2, edge 1: 0 and 2 given 2 hold a variable twice.", [[new(0, 1), new(1, 2)], [new(0, 2, 2)]]);
        Refused("tree 2 of 4 variables has 2 edges; there were 1.", [[new(0, 1), new(1, 2), new(2, 3)], [new(0, 2, 1)]]);
        Refused("has at most 2 trees; there were 3.", [[new(0, 1), new(1, 2)], [new(0, 2, 1)], []]);
        Refused("at least one tree", []);

        static void Refused(string what, IReadOnlyList<IReadOnlyList<VinePair>> trees) => Assert.Contains(what, Assert.Throws<ArgumentException>("trees", () => new VineStructure(trees)).Message);
    }

    [Fact]
    public void Matrices_of_no_vine_are_refused_by_tree_and_edge_or_by_their_entry()
    {
        // The published example with 1 and 3 exchanged in its first column: 5 and 3 given 4 would need an edge of 3 and 4.
        Refused("tree 2, edge 1: 5 and 3 given 4 share no node in tree 1, which has no edge of 3 and 4.", new[,] { { 5, 0, 0, 0, 0 }, { 2, 2, 0, 0, 0 }, { 1, 3, 3, 0, 0 }, { 3, 4, 4, 4, 0 }, { 4, 1, 1, 1, 1 } });
        Refused("Row 1, column 2: expected 0 above the diagonal; it was 7.", new[,] { { 1, 7 }, { 2, 2 } });
        Refused("Row 2, column 1: expected a variable, 1 .. 2; it was 3.", new[,] { { 1, 0 }, { 3, 2 } });
        Refused("Row 2, column 2: 1 is on the diagonal twice.", new[,] { { 1, 0 }, { 2, 1 } });
        Refused("tree 1, edge 1: 1 in row 2, column 1 is on the diagonal of this column or of one to its left.", new[,] { { 1, 0 }, { 1, 2 } });
        Refused("it was 2 x 3", new int[2, 3]);
        Refused("The last row is empty", new[,] { { 1, 0 }, { 0, 2 } });

        static void Refused(string what, int[,] matrix) => Assert.Contains(what, Assert.Throws<ArgumentException>("matrix", () => VineStructure.FromMatrix(matrix)).Message);
    }

    [Fact]
    public void What_is_no_order_of_variables_is_refused()
    {
        Assert.Throws<ArgumentException>("order", () => VineStructure.DVine(0, 1, 1));
        Assert.Throws<ArgumentException>("order", () => VineStructure.CVine(0, 2));
        Assert.Throws<ArgumentException>("order", () => VineStructure.DVine(0));
        Assert.Throws<ArgumentNullException>("order", () => VineStructure.DVine(null!));
        Assert.Throws<ArgumentNullException>("trees", () => new VineStructure(null!));
        Assert.Throws<ArgumentNullException>("matrix", () => VineStructure.FromMatrix(null!));
    }

    private static string[] Text(VineStructure vine) => [.. vine.Trees.Select(tree => string.Join(" ", tree))];
}
