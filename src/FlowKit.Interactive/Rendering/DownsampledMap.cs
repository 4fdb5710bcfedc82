namespace FlowKit.Interactive.Rendering;

/// <summary>A heat map with fewer cells: means over blocks.</summary>
internal sealed record DownsampledMap(double[] X, double[] Y, double[,] Values)
{
    /// <summary>The map in at most <paramref name="cells"/> cells.</summary>
    public static DownsampledMap Of(HeatMap map, int cells)
    {
        int block = 1;
        while (Blocks(map.X.Count, block) * Blocks(map.Y.Count, block) > cells) block++;

        double[,] values = new double[Blocks(map.Y.Count, block), Blocks(map.X.Count, block)];
        for (int row = 0; row < values.GetLength(0); row++)
            for (int column = 0; column < values.GetLength(1); column++)
                values[row, column] = Mean(map.Values, row * block, column * block, block);
        return new(Centers(map.X, block), Centers(map.Y, block), values);
    }

    private static int Blocks(int count, int block) => (count + block - 1) / block;

    private static double[] Centers(IReadOnlyList<double> centers, int block) => [.. centers.Chunk(block).Select(chunk => chunk.Average())];

    private static double Mean(double[,] values, int top, int left, int block)
    {
        int bottom = Math.Min(top + block, values.GetLength(0)), right = Math.Min(left + block, values.GetLength(1));
        double sum = 0;
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
                sum += values[row, column];
        return sum / ((bottom - top) * (right - left));
    }
}
