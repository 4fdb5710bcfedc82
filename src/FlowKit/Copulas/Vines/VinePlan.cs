namespace FlowKit.Copulas;

/// <summary>An order in which a vine's variables can be drawn, and what leads to each: for tree 1, 2, ... the edge that joins it with one of those before it.</summary>
/// <remarks>Read backwards it takes variables away: one that is in exactly one edge of each tree may go, and a vine of the others remains. What may go stays free to go, so that no choice has to be taken back.</remarks>
internal sealed class VinePlan
{
    private VinePlan((int Variable, Stage[] Way)[] steps) => Steps = steps;

    /// <summary>An edge on the way to a variable.</summary>
    /// <param name="Edge">Its index in its tree.</param>
    /// <param name="IsFirst">Whether the variable is its first.</param>
    /// <param name="Partner">The other variable.</param>
    public readonly record struct Stage(int Edge, bool IsFirst, int Partner);

    /// <summary>Each variable with its edges in the trees 1, 2, ...</summary>
    public IReadOnlyList<(int Variable, Stage[] Way)> Steps { get; }

    /// <summary>The variables.</summary>
    public IReadOnlyList<int> Order => [.. Steps.Select(step => step.Variable)];

    /// <summary>An order in which larger variables come later, where that is possible.</summary>
    public static VinePlan Any(VineLink[][] links) => Build(links, (free, _) => free.Max())!;

    /// <summary>This order; null if the vine has no such order.</summary>
    public static VinePlan? Of(VineLink[][] links, IReadOnlyList<int> order) => Build(links, (free, left) => free.Contains(order[left - 1]) ? order[left - 1] : null);

    /// <summary>An order that begins with these variables; null if there is none.</summary>
    public static VinePlan? Beginning(VineLink[][] links, IReadOnlyCollection<int> known) =>
        Build(links, (free, left) => left <= known.Count ? free.Max() : free.Where(variable => !known.Contains(variable)).Select(variable => (int?)variable).Max());

    private static VinePlan? Build(VineLink[][] links, Func<IReadOnlyList<int>, int, int?> choose)
    {
        int dimensions = links[0].Length + 1;
        var variables = Enumerable.Range(0, dimensions).ToList();
        List<int>[] edges = [.. links.Select(tree => Enumerable.Range(0, tree.Length).ToList())];
        var steps = new (int, Stage[])[dimensions];
        for (int left = dimensions; left > 0; left--)
        {
            int depth = Math.Min(links.Length, left - 1);
            int[] free = [.. variables.Where(variable => Enumerable.Range(0, depth).All(tree => edges[tree].Count(edge => links[tree][edge].All.Contains(variable)) == 1))];
            if (choose(free, left) is not { } gone) return null;

            var way = new Stage[depth];
            for (int tree = 0; tree < depth; tree++)
            {
                int edge = edges[tree].Find(edge => links[tree][edge].All.Contains(gone));
                var pair = links[tree][edge].Pair;
                way[tree] = new(edge, pair.First == gone, pair.First == gone ? pair.Second : pair.First);
                edges[tree].Remove(edge);
            }
            steps[left - 1] = (gone, way);
            variables.Remove(gone);
        }
        return new(steps);
    }
}
