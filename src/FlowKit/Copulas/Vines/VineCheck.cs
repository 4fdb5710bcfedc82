namespace FlowKit.Copulas;

/// <summary>Reads the trees of a vine and refuses what is none, naming the tree and the edge.</summary>
internal static class VineCheck
{
    /// <summary>The edges with the nodes they join.</summary>
    /// <param name="trees">The edges of each tree.</param>
    /// <param name="name">Of the argument they came from.</param>
    /// <param name="first">What the caller calls the variable 0.</param>
    public static VineLink[][] Links(IReadOnlyList<IReadOnlyList<VinePair>> trees, string name, int first)
    {
        ArgumentNullException.ThrowIfNull(trees, name);
        Guard.NoneNull(trees, name);
        foreach (var tree in trees) Guard.NoneNull(tree, name);
        if (trees.Count == 0 || trees[0].Count == 0) throw new ArgumentException("A vine has at least one tree with one edge; there was none.", name);
        int dimensions = trees[0].Count + 1;
        if (trees.Count >= dimensions) throw new ArgumentException($"A vine of {dimensions} variables, one more than its first tree has edges, has at most {dimensions - 1} trees; there were {trees.Count}.", name);

        var links = new VineLink[trees.Count][];
        for (int tree = 0; tree < trees.Count; tree++)
        {
            if (trees[tree].Count != dimensions - 1 - tree) throw new ArgumentException($"tree {tree + 1} of {dimensions} variables has {dimensions - 1 - tree} edges; there were {trees[tree].Count}.", name);
            var below = tree == 0 ? [] : links[tree - 1];
            var nodes = new Dictionary<string, int>();
            for (int node = 0; node < below.Length; node++) nodes.Add(VineLink.Key(below[node].All), node);
            int[] group = [.. Enumerable.Range(0, dimensions - tree)];
            links[tree] = new VineLink[trees[tree].Count];
            for (int edge = 0; edge < links[tree].Length; edge++)
            {
                var pair = trees[tree][edge];
                CheckPair(pair, edge);
                int a = tree == 0 ? pair.First : Node(pair, pair.First, edge), b = tree == 0 ? pair.Second : Node(pair, pair.Second, edge);
                if (tree > 0 && !Ends(below[a], tree).Intersect(Ends(below[b], tree)).Any()) throw Fault(edge, pair, $"share no node in tree {tree}");
                if (group[a] == group[b]) throw Fault(edge, pair, "close a cycle");
                int old = group[b];
                for (int node = 0; node < group.Length; node++)
                    if (group[node] == old) group[node] = group[a];
                links[tree][edge] = tree == 0 ? new(pair, -1, -1) : new(pair, a, b);
            }

            void CheckPair(VinePair pair, int edge)
            {
                if (pair.Given is null) throw Fault(edge, pair with { Given = [] }, "have null as their conditioning set");
                int[] all = [pair.First, pair.Second, .. pair.Given];
                if (all.Any(variable => variable < 0 || variable >= dimensions)) throw Fault(edge, pair, $"are not all of the variables {first} .. {dimensions - 1 + first}");
                if (all.Distinct().Count() < all.Length) throw Fault(edge, pair, "hold a variable twice");
                if (pair.Given.Count != tree) throw Fault(edge, pair, $"have {pair.Given.Count} conditioning variables; expected {tree}");
            }

            // The edge of the tree below that holds one of the two variables and all the conditioning ones.
            int Node(VinePair pair, int variable, int edge)
            {
                int[] wanted = [.. pair.Given.Append(variable)];
                return nodes.TryGetValue(VineLink.Key(wanted), out int node) ? node
                    : throw Fault(edge, pair, $"share no node in tree {tree}, which has no edge of {string.Join(tree == 1 ? " and " : ", ", wanted.Order().Select(one => one + first))}");
            }

            ArgumentException Fault(int edge, VinePair pair, string what) => new(
                $"tree {tree + 1}, edge {edge + 1}: {pair.First + first} and {pair.Second + first}{(pair.Given.Count > 0 ? $" given {string.Join(", ", pair.Given.Select(one => one + first))}" : "")} {what}.", name);
        }
        return links;

        // Which nodes of its tree an edge joins.
        static int[] Ends(VineLink link, int tree) => tree == 1 ? [link.Pair.First, link.Pair.Second] : [link.FirstNode, link.SecondNode];
    }

    /// <summary>The edges in a matrix, column by column, and the order of drawing on its diagonal; variables counted from 0.</summary>
    public static (IReadOnlyList<IReadOnlyList<VinePair>> Trees, int[] Order) Read(int[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int size = matrix.GetLength(0);
        if (matrix.GetLength(1) != size || size < 2) throw new ArgumentException($"Expected a square matrix of 2 variables or more; it was {size} x {matrix.GetLength(1)}.", nameof(matrix));
        int trees = 0;
        while (trees < size - 1 && matrix[size - 1 - trees, 0] != 0) trees++;
        var seen = new HashSet<int>();
        for (int column = 0; column < size; column++)
        {
            for (int row = 0; row < size; row++)
            {
                bool used = row == column || row > column && row >= size - trees;
                int entry = matrix[row, column];
                if (used ? entry < 1 || entry > size : entry != 0)
                    throw new ArgumentException($"Row {row + 1}, column {column + 1}: expected {(used ? $"a variable, 1 .. {size}" : row < column ? "0 above the diagonal" : $"0 above the last {trees} rows")}; it was {entry}.", nameof(matrix));
            }
            if (!seen.Add(matrix[column, column])) throw new ArgumentException($"Row {column + 1}, column {column + 1}: {matrix[column, column]} is on the diagonal twice.", nameof(matrix));
            for (int row = Math.Max(column + 1, size - trees); row < size; row++)
                if (seen.Contains(matrix[row, column]))
                    throw new ArgumentException($"tree {size - row}, edge {column + 1}: {matrix[row, column]} in row {row + 1}, column {column + 1} is on the diagonal of this column or of one to its left.", nameof(matrix));
        }
        if (trees == 0) throw new ArgumentException("The last row is empty; expected the first tree in it.", nameof(matrix));

        return ([.. Enumerable.Range(0, trees).Select(tree => Enumerable.Range(0, size - 1 - tree).Select(column => Pair(tree, column)).ToArray())],
            [.. Enumerable.Range(0, size).Select(column => matrix[size - 1 - column, size - 1 - column] - 1)]);

        VinePair Pair(int tree, int column) => new(matrix[column, column] - 1, matrix[size - 1 - tree, column] - 1, [.. Enumerable.Range(size - tree, tree).Select(row => matrix[row, column] - 1)]);
    }
}
