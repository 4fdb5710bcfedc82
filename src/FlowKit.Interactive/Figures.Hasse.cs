using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int SmallestNode = 30, BesideNodes = 14, AboveNodes = 40;

    /// <summary>The Hasse diagram of a finite partial order: a line where one element lies just below another, larger elements higher.</summary>
    /// <typeparam name="T">Of the elements, which differ by its equality.</typeparam>
    /// <param name="title">Above the picture.</param>
    /// <param name="elements">At least one, all different; those of one row stand in this order.</param>
    /// <param name="below">Whether the first is less than or equal to the second: a partial order.</param>
    /// <param name="name">What an element is called; short.</param>
    /// <param name="marked">Which elements are blue, with the lines between them, and not gray; null: all.</param>
    /// <param name="level">The row of an element, larger is higher; null: how many elements the longest chain below it has.</param>
    /// <exception cref="ArgumentException">There is no element, two are equal, or two different elements each lie below the other.</exception>
    /// <example><code>
    /// using FlowKit.Measures;
    ///
    /// FiniteSet[] sets = [.. FiniteSet.All(3)];
    /// Figures.Hasse("the subsets of {0, 1, 2}", sets, (a, b) => a.IsSubsetOf(b), set => set.IsEmpty ? "∅" : string.Concat(set), marked: set => set.Contains(0))
    /// </code></example>
    public static Figure Hasse<T>(
        string title, IEnumerable<T> elements, Func<T, T, bool> below, Func<T, string> name, Func<T, bool>? marked = null, Func<T, int>? level = null)
    {
        T[] all = [.. elements];
        if (all.Length == 0) throw new ArgumentException("An order has at least one element; there was none.", nameof(elements));
        if (all.Distinct().Count() < all.Length) throw new ArgumentException("The elements of an order differ; two were equal.", nameof(elements));

        bool[,] under = new bool[all.Length, all.Length];
        foreach (var (i, j) in PairsOf(all.Length)) under[i, j] = below(all[i], all[j]);
        if (PairsOf(all.Length).FirstOrDefault(pair => under[pair.I, pair.J] && under[pair.J, pair.I]) is var both && both.I != both.J)
            throw new ArgumentException($"Of two different elements at most one lies below the other; \"{name(all[both.I])}\" and \"{name(all[both.J])}\" each did.", nameof(below));

        var covers = PairsOf(all.Length).Where(pair => under[pair.I, pair.J] && !Enumerable.Range(0, all.Length).Any(k => under[pair.I, k] && under[k, pair.J])).ToList();
        string[] names = [.. all.Select(name)];
        bool[] blue = [.. all.Select(one => marked?.Invoke(one) ?? true)];
        int[] levels = level is null ? Heights(under) : [.. all.Select(level)];
        float node = Math.Max(SmallestNode, 14 + names.Max(text => EmbeddedFont.Measure(text, EmbeddedFont.TickSize)));

        double[] x = new double[all.Length], y = [.. levels.Select(row => row * (node + AboveNodes))];
        foreach (int[] row in Enumerable.Range(0, all.Length).GroupBy(i => levels[i]).Select(group => group.ToArray()))
            for (int i = 0; i < row.Length; i++) x[row[i]] = (i - (row.Length - 1) / 2.0) * (node + BesideNodes);

        double air = node / 2 + 4;
        return One(Panel.Drawing(title, [Edges(false, "#cccccc"), Edges(true, "#0072b2"), Nodes(false, "#e8e8e8"), Nodes(true, "#bfdcf0"), new Labels(x, y, names)],
            (x.Min() - air, x.Max() + air), (y.Min() - air, y.Max() + air)));

        Curve Edges(bool which, string color)
        {
            var some = covers.Where(pair => (blue[pair.I] && blue[pair.J]) == which).ToList();
            return new([.. some.SelectMany(pair => new[] { x[pair.I], x[pair.J], double.NaN })], [.. some.SelectMany(pair => new[] { y[pair.I], y[pair.J], double.NaN })]) { Color = color };
        }

        Points Nodes(bool which, string color)
        {
            int[] some = [.. Enumerable.Range(0, all.Length).Where(i => blue[i] == which)];
            return new([.. some.Select(i => x[i])], [.. some.Select(i => y[i])]) { Size = node, Opacity = 1, Color = color };
        }
    }

    private static IEnumerable<(int I, int J)> PairsOf(int count) =>
        from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, count) where i != j select (i, j);

    /// <summary>How long the longest chain below each element is: as often as there are elements, each rises above those below it.</summary>
    private static int[] Heights(bool[,] under)
    {
        int[] heights = new int[under.GetLength(0)];
        for (int round = 0; round < heights.Length; round++)
            foreach (var (i, j) in PairsOf(heights.Length))
                if (under[i, j]) heights[j] = Math.Max(heights[j], heights[i] + 1);
        return heights;
    }
}
