namespace FlowKit.Copulas;

/// <summary>A regular vine of D variables: trees whose edges say which pairs of variables are joined given which others. An edge of one tree is a node of the next, and joins two edges that share a node.</summary>
/// <remarks>
/// <para>The first tree joins the variables themselves, D - 1 edges; tree t has D - t edges, each given t - 1 variables. Truncated after T trees, everything above is independent.</para>
/// <para>Variables are columns of the data, counted from 0; trees and edges are counted from 1 in messages. Only <see cref="FromMatrix"/> and <see cref="Matrix"/> count variables from 1, as the literature does.</para>
/// <para>Bedford, Cooke 2002, Annals of Statistics 30:1031; the matrix is that of Dissmann, Brechmann, Czado, Kurowicka 2013, Computational Statistics &amp; Data Analysis 59:52.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// var path = VineStructure.DVine(0, 1, 2, 3);
/// foreach (var tree in path.Trees) Console.WriteLine(string.Join("  ", tree));
/// // => 0,1  1,2  2,3
/// // => 0,2|1  1,3|2
/// // => 0,3|1,2
/// try { new VineStructure([[new(0, 1), new(1, 2), new(2, 3)], [new(0, 3, 2), new(1, 3, 2)]]); }
/// catch (ArgumentException refused) { Console.WriteLine(refused.Message); }
/// // => tree 2, edge 1: 0 and 3 given 2 share no node in tree 1, which has no edge of 0 and 2. (Parameter 'trees')
/// </code></example>
public sealed class VineStructure
{
    /// <summary>A vine of these edges, tree by tree; it is truncated where trees are missing.</summary>
    /// <param name="trees">The edges of each tree; the copula of an edge has its first variable as u and its second as v.</param>
    /// <exception cref="ArgumentException">They are not the trees of a regular vine; the message names the tree and the edge.</exception>
    public VineStructure(IReadOnlyList<IReadOnlyList<VinePair>> trees) : this(trees, null, nameof(trees))
    {
    }

    private VineStructure(IReadOnlyList<IReadOnlyList<VinePair>> trees, IReadOnlyList<int>? order, string name, int first = 0)
    {
        Links = VineCheck.Links(trees, name, first);
        Trees = [.. Links.Select(tree => (IReadOnlyList<VinePair>)[.. tree.Select(link => link.Pair)])];
        Plan = (order is null ? null : VinePlan.Of(Links, order)) ?? VinePlan.Any(Links);
    }

    /// <summary>D.</summary>
    public int Dimensions => Trees[0].Count + 1;

    /// <summary>The edges of each tree.</summary>
    public IReadOnlyList<IReadOnlyList<VinePair>> Trees { get; }

    /// <summary>Whether trees above the last are left out, so that what they would join is conditionally independent.</summary>
    public bool IsTruncated => Trees.Count < Dimensions - 1;

    /// <summary>The variables in the order in which they are drawn, each given all before it.</summary>
    public IReadOnlyList<int> Order => Plan.Order;

    /// <summary>The matrix of the vine, (D, D), lower triangular and counted from 1, as <see cref="FromMatrix"/> takes it.</summary>
    public int[,] Matrix
    {
        get
        {
            int[,] matrix = new int[Dimensions, Dimensions];
            for (int column = 0; column < Dimensions; column++)
            {
                var (variable, way) = Plan.Steps[Dimensions - 1 - column];
                matrix[column, column] = variable + 1;
                for (int tree = 0; tree < way.Length; tree++) matrix[Dimensions - 1 - tree, column] = way[tree].Partner + 1;
            }
            return matrix;
        }
    }

    internal VineLink[][] Links { get; }

    internal VinePlan Plan { get; }

    /// <summary>The D-vine: the first tree is the path through the variables in this order.</summary>
    /// <param name="order">0 .. D - 1 in some order, D >= 2.</param>
    /// <exception cref="ArgumentException">It is no such order.</exception>
    public static VineStructure DVine(params IReadOnlyList<int> order)
    {
        CheckOrder(order);
        return new([.. Enumerable.Range(1, order.Count - 1).Select(tree => Enumerable.Range(0, order.Count - tree)
            .Select(i => new VinePair(order[i], order[i + tree], [.. order.Skip(i + 1).Take(tree - 1)])).ToArray())], order, nameof(order));
    }

    /// <summary>The C-vine: each tree is a star. The first variable is joined with all others, the second with all others given the first, and so on.</summary>
    /// <param name="order">0 .. D - 1 in some order, D >= 2.</param>
    /// <exception cref="ArgumentException">It is no such order.</exception>
    public static VineStructure CVine(params IReadOnlyList<int> order)
    {
        CheckOrder(order);
        return new([.. Enumerable.Range(1, order.Count - 1).Select(tree => Enumerable.Range(tree, order.Count - tree)
            .Select(i => new VinePair(order[tree - 1], order[i], [.. order.Take(tree - 1)])).ToArray())], order, nameof(order));
    }

    /// <summary>The vine of a matrix: column i joins the variable on its diagonal, m_ii, with the one in row k given those below row k, m_ki | m_(k+1)i, ..., m_Di. The last row is the first tree.</summary>
    /// <param name="matrix">(D, D), lower triangular, variables counted from 1; 0 above the diagonal and, for a truncated vine, in the rows between it and the last T.</param>
    /// <exception cref="ArgumentException">It is no matrix of a regular vine; the message names the entry, or the tree and the edge, which is the column.</exception>
    public static VineStructure FromMatrix(int[,] matrix)
    {
        var (trees, order) = VineCheck.Read(matrix);
        return new(trees, order, nameof(matrix), first: 1);
    }

    /// <summary>The first trees of this vine.</summary>
    /// <param name="trees">How many, >= 1.</param>
    public VineStructure Truncate(int trees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1);
        return new([.. Trees.Take(trees)], Order, nameof(trees));
    }

    /// <summary>The order of drawing that begins with these variables.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal VinePlan Beginning(IReadOnlyList<int> known, string name)
    {
        CheckVariables(known, Dimensions, name);
        return VinePlan.Beginning(Links, known) ?? throw new ArgumentException($"The variables {{{string.Join(", ", known)}}} begin no order of this vine. {Possible(known.Count)}", name);
    }

    /// <summary>The edges, one line a tree.</summary>
    public override string ToString() => string.Join("\n", Trees.Select((tree, i) => $"tree {i + 1}: {string.Join("  ", tree)}"));

    // In a full vine the sets that begin an order are the edges of the tree below their number.
    private string Possible(int count) => count == 1 || count > Trees.Count + 1
        ? $"One that does begins {string.Join(", ", Order.Take(count))}."
        : $"Those of {count} that do: {string.Join(" ", Links[count - 2].Select(link => $"{{{string.Join(", ", link.All)}}}"))}.";

    private static void CheckOrder(IReadOnlyList<int> order)
    {
        CheckVariables(order, order?.Count ?? 0, nameof(order));
        if (order!.Count < 2) throw new ArgumentException($"A vine has at least 2 variables; there were {order.Count}.", nameof(order));
    }

    private static void CheckVariables(IReadOnlyList<int> variables, int dimensions, string name)
    {
        ArgumentNullException.ThrowIfNull(variables, name);
        var seen = new HashSet<int>();
        foreach (int variable in variables)
            if (variable < 0 || variable >= dimensions || !seen.Add(variable))
                throw new ArgumentException($"Expected different variables of 0 .. {dimensions - 1}; got {string.Join(", ", variables)}.", name);
    }
}
