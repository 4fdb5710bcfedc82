namespace FlowKit.Interactive.Rendering;

/// <summary>A heat map with fewer cells: means over the cells of a block that are not blank; a block of which more than half is blank is blank.</summary>
internal sealed record DownsampledMap(double[] X, double[] Y, double[,] Values)
{
    /// <summary>The map in at most <paramref name="cells"/> cells.</summary>
    public static DownsampledMap Of(HeatMap map, int cells) => Of(map.X, map.Y, map.Values, cells);

    /// <summary>Values (y, x) in at most <paramref name="cells"/> cells.</summary>
    public static DownsampledMap Of(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values, int cells)
    {
        int block = 1;
        while (Blocks(x.Count, block) * Blocks(y.Count, block) > cells) block++;

        double[,] means = new double[Blocks(y.Count, block), Blocks(x.Count, block)];
        for (int row = 0; row < means.GetLength(0); row++)
            for (int column = 0; column < means.GetLength(1); column++)
                means[row, column] = Mean(values, row * block, column * block, block);
        return new(Centers(x, block), Centers(y, block), means);
    }

    private static int Blocks(int count, int block) => (count + block - 1) / block;

    private static double[] Centers(IReadOnlyList<double> centers, int block) => [.. centers.Chunk(block).Select(chunk => chunk.Average())];

    private static double Mean(double[,] values, int top, int left, int block)
    {
        int bottom = Math.Min(top + block, values.GetLength(0)), right = Math.Min(left + block, values.GetLength(1));
        double sum = 0;
        int seen = 0;
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
                if (double.IsFinite(values[row, column])) (sum, seen) = (sum + values[row, column], seen + 1);
        return 2 * seen >= (bottom - top) * (right - left) ? sum / seen : double.NaN;
    }
}
