namespace FlowKit.Compression;

/// <summary>The last half of the channels leaves under a law that reads the first half, as <see cref="Transforms.FactorOut"/>.</summary>
/// <param name="Net">From what is kept to the laws' parameters in steps, P-major.</param>
/// <param name="Components">Of each mixture.</param>
internal sealed record FactorStep(ExactNet Net, int Components) : CodecStep
{
    /// <inheritdoc/>
    public override (int Channels, int Height, int Width) After(int channels, int height, int width) =>
        channels >= 2 && Net.Inputs == channels - channels / 2 && Net.Outputs == channels / 2 * LevelTheta.ParametersOf(Components)
            ? (channels - channels / 2, height, width)
            : throw Misfit("A factor-out", channels, height, width);

    /// <inheritdoc/>
    public override Planes Forward(Planes x, List<CodedLevel> left)
    {
        int keeps = Net.Inputs;
        var kept = x with { Channels = x.Channels[..keeps] };
        left.Add(new(x.Channels[keeps..], Theta(kept)));
        return kept;
    }

    /// <inheritdoc/>
    public override Planes Inverse(Planes z, Func<LevelTheta, int, int[][]> next)
    {
        int[][] leaving = next(Theta(z), z.Count * z.Height * z.Width);
        return z with { Channels = [.. z.Channels, .. leaving] };
    }

    private LevelTheta Theta(Planes kept) => new(Net.Run(kept.Channels, kept.Count, kept.Height, kept.Width), Components);
}
