using System.Globalization;
using FlowKit.Copulas;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const float NodeText = 13, EdgeText = 12;
    private const double NodeHeight = 30, RowHeight = 62, Beside = 14, Stub = 18;

    /// <summary>The trees of a vine, one below the other: a box for each variable, then for each edge of the tree above, and on each line the pair copula with its parameters and Kendall's tau.</summary>
    /// <param name="vine">The vine. Up to six variables can be read at once.</param>
    /// <param name="names">Of the variables, in the order of the columns; short. null: their numbers.</param>
    /// <exception cref="ArgumentException">There is not one name for each variable.</exception>
    /// <example><code>
    /// using FlowKit.Copulas;
    ///
    /// var vine = new VineCopula(VineStructure.DVine(0, 1, 2), [[new PairCopula(new Clayton(), 2.0), new PairCopula(new Gumbel(), 2.0)], [new PairCopula(new Frank(), 5.0)]]);
    /// Figures.Vine(vine, ["rain", "wind", "sea"])
    /// </code></example>
    public static Figure Vine(VineCopula vine, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(vine);
        int dimensions = vine.Structure.Dimensions;
        names ??= [.. Enumerable.Range(0, dimensions).Select(i => $"{i}")];
        if (names.Count != dimensions) throw new ArgumentException($"Expected a name for each of the {dimensions} variables; there were {names.Count}.", nameof(names));

        var panels = new List<Panel>();
        string[] nodes = [.. names];
        foreach (var tree in vine.Edges.GroupBy(edge => edge.Tree))
        {
            VineEdge[] edges = [.. tree];
            panels.Add(TreePanel($"tree {tree.Key}", nodes, [.. edges.Select(edge => Ends(edge))], [.. edges.Select(edge => $"{edge.Name}\nτ {edge.Copula.Tau.ToString("F2", CultureInfo.InvariantCulture)}".Replace("-", "−", StringComparison.Ordinal))],
                [.. edges.Select(edge => edge.Copula is PairCopula { Family: Independence })]));
            nodes = [.. edges.Select(edge => $"{names[edge.First]},{names[edge.Second]}{(edge.Given.Count > 0 ? "|" : "")}{string.Join(",", edge.Given.Select(i => names[i]))}")];
        }
        return new("", panels) { Columns = 1 };

        // The nodes that an edge joins: those of the tree's nodes that hold its conditioning set and one of its two variables.
        (int, int) Ends(VineEdge edge)
        {
            if (edge.Tree == 1) return (edge.First, edge.Second);
            VineEdge[] below = [.. vine.Edges.Where(one => one.Tree == edge.Tree - 1)];
            int Node(int variable) => Array.FindIndex(below, one => one.Given.Append(one.First).Append(one.Second).Order().SequenceEqual(edge.Given.Append(variable).Order()));
            return (Node(edge.First), Node(edge.Second));
        }
    }

    /// <summary>A tree from left to right, beginning at an end of its longest path: each node in the middle of those that follow it.</summary>
    private static Panel TreePanel(string title, string[] nodes, (int A, int B)[] edges, string[] labels, bool[] faint)
    {
        int[][] paths = [.. Enumerable.Range(0, nodes.Length).Select(Distances)];
        int root = Array.FindIndex(paths, distances => distances.Max() == paths.Max(other => other.Max()));
        int[] depth = paths[root];
        double[] row = new double[nodes.Length];
        double next = 0;
        Place(root, -1);

        // A column for each depth. Where a node has several followers, their labels stand nearer to them, in a wider gap.
        double[] widths = [.. nodes.Select(node => Math.Max(NodeHeight, 2 * Beside + EmbeddedFont.Measure(node, NodeText)))], labelWidths = [.. labels.Select(label => label.Split('\n').Max(line => EmbeddedFont.Measure(line, EdgeText)))];
        double[] left = new double[depth.Max() + 1], share = new double[left.Length], gap = new double[left.Length];
        for (int column = 0; column < left.Length; column++)
        {
            double width = Enumerable.Range(0, nodes.Length).Where(node => depth[node] == column).Max(node => widths[node]);
            var following = Enumerable.Range(0, edges.Length).Where(edge => Math.Min(depth[edges[edge].A], depth[edges[edge].B]) == column).ToList();
            bool spreads = following.Count > Enumerable.Range(0, nodes.Length).Count(node => depth[node] == column && following.Exists(edge => Parent(edge) == node));
            share[column] = spreads ? 0.64 : 0.5;
            gap[column] = following.Count == 0 ? 0 : (following.Max(edge => labelWidths[edge]) / 2 + Stub) / (1 - share[column]);
            if (column + 1 < left.Length) left[column + 1] = left[column] + width + gap[column];
        }

        double[] x = [.. depth.Select((column, node) => left[column] + widths[node] / 2)], y = [.. row.Select(at => -at * RowHeight)];
        var lines = Enumerable.Range(0, edges.Length).Select(edge =>
        {
            int from = Parent(edge), to = edges[edge].A == from ? edges[edge].B : edges[edge].A;
            double begin = x[from] + widths[from] / 2, end = left[depth[to]], middle = end - (1 - share[depth[from]]) * gap[depth[from]];
            return (Begin: (X: begin, Y: y[from]), End: (X: end, Y: y[to]), Label: (X: middle, Y: y[from] + (middle - begin) / (end - begin) * (y[to] - y[from])));
        }).ToArray();
        Layer[] layers =
        [
            Line(independent: false),
            Line(independent: true),
            new Boxes([.. lines.Select(line => line.Label.X)], [.. lines.Select(line => line.Label.Y)], [.. labelWidths.Select(width => width + 6)], [.. labels.Select(_ => 2 * EmbeddedFont.LineHeight * EdgeText)])
            {
                Texts = labels,
                TextSize = EdgeText,
                Fill = "#ffffff",
                Outline = null,
            },
            new Boxes(x, y, widths, [.. nodes.Select(_ => NodeHeight)]) { Texts = nodes, TextSize = NodeText },
        ];
        double air = NodeHeight / 2 + 6;
        return Panel.Drawing(title, layers, (-4, x.Zip(widths, (middle, width) => middle + width / 2).Max() + 4), (y.Min() - air, y.Max() + air));

        int Parent(int edge) => depth[edges[edge].A] < depth[edges[edge].B] ? edges[edge].A : edges[edge].B;

        Curve Line(bool independent)
        {
            var some = lines.Where((_, edge) => faint[edge] == independent).ToList();
            return new([.. some.SelectMany(line => new[] { line.Begin.X, line.End.X, double.NaN })], [.. some.SelectMany(line => new[] { line.Begin.Y, line.End.Y, double.NaN })])
            {
                Color = independent ? "#b8c0c8" : "#3d4852",
            };
        }

        int[] Distances(int from)
        {
            int[] distances = new int[nodes.Length];
            Array.Fill(distances, -1);
            distances[from] = 0;
            for (int round = 0; round < nodes.Length; round++)
                foreach (var (a, b) in edges)
                    if ((distances[a] < 0) != (distances[b] < 0)) (distances[a], distances[b]) = (Math.Max(distances[a], distances[b] + 1), Math.Max(distances[b], distances[a] + 1));
            return distances;
        }

        void Place(int node, int parent)
        {
            int[] followers = [.. edges.Where(edge => edge.A == node || edge.B == node).Select(edge => edge.A == node ? edge.B : edge.A).Where(other => other != parent)];
            foreach (int follower in followers) Place(follower, node);
            row[node] = followers.Length == 0 ? next++ : (row[followers[0]] + row[followers[^1]]) / 2;
        }
    }
}
