namespace FlowKit.Compression;

/// <summary>Each 2x2 block becomes four channels, in the order of <see cref="Transforms.Squeeze"/>: z[4c + 2i + j, y, x] = x[c, 2y + i, 2x + j].</summary>
internal sealed record SqueezeStep : CodecStep
{
    /// <inheritdoc/>
    public override (int Channels, int Height, int Width) After(int channels, int height, int width) =>
        height % 2 == 0 && width % 2 == 0 && channels <= 1 << 16 ? (4 * channels, height / 2, width / 2) : throw Misfit("A squeeze", channels, height, width);

    /// <inheritdoc/>
    public override Planes Forward(Planes x, List<CodedLevel> left)
    {
        var (height, width) = (x.Height / 2, x.Width / 2);
        int[][] all = new int[4 * x.Channels.Length][];
        for (int c = 0; c < all.Length; c++)
        {
            all[c] = new int[x.Count * height * width];
            Each(c, height, width, x.Count, (whole, part) => all[c][part] = x.Channels[c / 4][whole]);
        }
        return new(all, x.Count, height, width);
    }

    /// <inheritdoc/>
    public override Planes Inverse(Planes z, Func<LevelTheta, int, int[][]> next)
    {
        int[][] all = [.. Enumerable.Range(0, z.Channels.Length / 4).Select(_ => new int[4 * z.Count * z.Height * z.Width])];
        for (int c = 0; c < z.Channels.Length; c++) Each(c, z.Height, z.Width, z.Count, (whole, part) => all[c / 4][whole] = z.Channels[c][part]);
        return new(all, z.Count, 2 * z.Height, 2 * z.Width);
    }

    // Where the numbers of a channel of z are in their channel of x.
    private static void Each(int channel, int height, int width, int count, Action<int, int> move)
    {
        var (down, right) = (channel / 2 % 2, channel % 2);
        for (int n = 0, part = 0; n < count; n++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++, part++) move(((n * height + y) * 2 + down) * 2 * width + 2 * x + right, part);
    }
}
