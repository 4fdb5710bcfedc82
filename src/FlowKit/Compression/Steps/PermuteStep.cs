namespace FlowKit.Compression;

/// <summary>z_i = x_{order[i]}, as <see cref="Transforms.Permutation"/>.</summary>
internal sealed record PermuteStep(int[] Order) : CodecStep
{
    /// <inheritdoc/>
    public override (int Channels, int Height, int Width) After(int channels, int height, int width) =>
        Order.Order().SequenceEqual(Enumerable.Range(0, channels)) ? (channels, height, width) : throw Misfit("A permutation", channels, height, width);

    /// <inheritdoc/>
    public override Planes Forward(Planes x, List<CodedLevel> left) => x with { Channels = [.. Order.Select(i => x.Channels[i])] };

    /// <inheritdoc/>
    public override Planes Inverse(Planes z, Func<LevelTheta, int, int[][]> next)
    {
        int[][] all = new int[Order.Length][];
        for (int i = 0; i < all.Length; i++) all[Order[i]] = z.Channels[i];
        return z with { Channels = all };
    }
}
