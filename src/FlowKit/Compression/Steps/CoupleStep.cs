namespace FlowKit.Compression;

/// <summary>z_B = x_B + t(x_A) in whole numbers; x_A passes. Sums wrap at 32 bits, so that every input has its inverse.</summary>
internal sealed record CoupleStep(bool[] Mask, ExactNet Net) : CodecStep
{
    /// <inheritdoc/>
    public override (int Channels, int Height, int Width) After(int channels, int height, int width) =>
        Mask.Length == channels && Net.Outputs == Mask.Count(transformed => transformed) && Net.Inputs == channels - Net.Outputs
            ? (channels, height, width)
            : throw Misfit("A coupling", channels, height, width);

    /// <inheritdoc/>
    public override Planes Forward(Planes x, List<CodedLevel> left) => Shift(x, sign: 1);

    /// <inheritdoc/>
    public override Planes Inverse(Planes z, Func<LevelTheta, int, int[][]> next) => Shift(z, sign: -1);

    private Planes Shift(Planes x, int sign)
    {
        int[][] passed = [.. x.Channels.Where((_, i) => !Mask[i])];
        int[][] shifts = Net.Run(passed, x.Count, x.Height, x.Width), all = [.. x.Channels];
        for (int i = 0, o = 0; i < all.Length; i++)
        {
            if (!Mask[i]) continue;
            int[] from = all[i], by = shifts[o++], to = all[i] = new int[from.Length];
            for (int k = 0; k < to.Length; k++) to[k] = unchecked(from[k] + sign * by[k]);
        }
        return x with { Channels = all };
    }
}
