namespace FlowKit.Interactive.Rendering;

/// <summary>A line without the points that nobody would see missing: Douglas, Peucker (1973).</summary>
internal static class Thinning
{
    /// <summary>The line through some of its points, nowhere further from the others than a 2000th of the axes.</summary>
    public static (double[] X, double[] Y) Of((double[] X, double[] Y) line, Interval xRange, Interval yRange)
    {
        double[] x = [.. line.X.Select(value => value / xRange.Length * 2000)], y = [.. line.Y.Select(value => value / yRange.Length * 2000)];
        if (!x.Concat(y).All(double.IsFinite)) return line;

        bool[] kept = new bool[x.Length];
        if (x.Length > 0) kept[0] = kept[^1] = true;
        var open = new Stack<(int First, int Last)>([(0, x.Length - 1)]);
        while (open.TryPop(out var part))
        {
            var (first, last) = part;
            if (last - first < 2) continue;
            int farthest = Enumerable.Range(first + 1, last - first - 1).MaxBy(i => Distance(x, y, i, first, last));
            if (Distance(x, y, farthest, first, last) <= 1) continue;
            kept[farthest] = true;
            open.Push((first, farthest));
            open.Push((farthest, last));
        }
        return ([.. line.X.Where((_, i) => kept[i])], [.. line.Y.Where((_, i) => kept[i])]);
    }

    // From the i-th point to the segment between two others.
    private static double Distance(double[] x, double[] y, int i, int first, int last)
    {
        double dx = x[last] - x[first], dy = y[last] - y[first], length = dx * dx + dy * dy;
        double share = length > 0 ? Math.Clamp(((x[i] - x[first]) * dx + (y[i] - y[first]) * dy) / length, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(x[i] - x[first] - share * dx, 2) + Math.Pow(y[i] - y[first] - share * dy, 2));
    }
}
