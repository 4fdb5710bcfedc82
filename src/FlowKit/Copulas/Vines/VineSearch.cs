namespace FlowKit.Copulas;

/// <summary>Trees on a graph with the largest sum of weights. Of equal ones the first is taken, so that a result can be repeated.</summary>
internal static class VineSearch
{
    /// <summary>The spanning tree, by its edges' indices in their order (Kruskal 1956).</summary>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="edges">The graph, which is connected.</param>
    public static int[] SpanningTree(int nodes, IReadOnlyList<(int A, int B, double Weight)> edges)
    {
        int[] group = [.. Enumerable.Range(0, nodes)];
        var tree = new List<int>();
        foreach (int edge in Enumerable.Range(0, edges.Count).OrderByDescending(i => edges[i].Weight))
        {
            var (a, b) = (group[edges[edge].A], group[edges[edge].B]);
            if (a == b) continue;
            for (int i = 0; i < nodes; i++)
                if (group[i] == b) group[i] = a;
            tree.Add(edge);
        }
        return [.. tree.Order()];
    }

    /// <summary>The star whose center has the largest sum of weights; the graph has an edge of each two nodes.</summary>
    public static int[] Star(int nodes, IReadOnlyList<(int A, int B, double Weight)> edges)
    {
        int center = Enumerable.Range(0, nodes).MaxBy(node => edges.Where(edge => edge.A == node || edge.B == node).Sum(edge => edge.Weight));
        return [.. Enumerable.Range(0, edges.Count).Where(i => edges[i].A == center || edges[i].B == center)];
    }

    /// <summary>A path through all nodes: from each node on the heaviest way to go on at either end, then exchanges of two edges (2-opt) while the sum grows; the best of all starts.</summary>
    /// <param name="weights">(D, D), symmetric.</param>
    public static int[] Path(double[,] weights)
    {
        int count = weights.GetLength(0);
        int[] best = [.. Enumerable.Range(0, count).Select(start => Improved(Greedy(start))).MaxBy(Sum)!];
        return best[0] < best[^1] ? best : [.. best.Reverse()];

        double Sum(int[] path) => path.Zip(path.Skip(1), (a, b) => weights[a, b]).Sum();

        int[] Greedy(int start)
        {
            var path = new LinkedList<int>([start]);
            var left = Enumerable.Range(0, count).Where(node => node != start).ToList();
            while (left.Count > 0)
            {
                var (head, tail) = (path.First!.Value, path.Last!.Value);
                int before = left.MaxBy(node => weights[head, node]), after = left.MaxBy(node => weights[tail, node]);
                if (weights[head, before] > weights[tail, after]) path.AddFirst(before);
                else path.AddLast(after);
                left.Remove(weights[head, before] > weights[tail, after] ? before : after);
            }
            return [.. path];
        }

        // Turning a stretch around exchanges the edges at its ends.
        int[] Improved(int[] path)
        {
            for (bool grows = true; grows;)
            {
                grows = false;
                for (int from = 0; from < count; from++)
                    for (int to = from + 1; to < count; to++)
                    {
                        double gain = (from > 0 ? weights[path[from - 1], path[to]] - weights[path[from - 1], path[from]] : 0) + (to + 1 < count ? weights[path[from], path[to + 1]] - weights[path[to], path[to + 1]] : 0);
                        if (gain <= 1e-12) continue;
                        Array.Reverse(path, from, to - from + 1);
                        grows = true;
                    }
            }
            return path;
        }
    }
}
