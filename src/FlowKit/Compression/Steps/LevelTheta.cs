namespace FlowKit.Compression;

/// <summary>Parameters of the laws of a level's values in steps, P-major: (logarithms of weights, means, scales) of each channel, without weights where there is one component.</summary>
/// <param name="Steps">(P C) of as many positions as there are, or of one image's, which all images share.</param>
/// <param name="Components">K >= 1.</param>
internal sealed record LevelTheta(int[][] Steps, int Components)
{
    /// <summary>Parameters of one value, P.</summary>
    public static int ParametersOf(int components) => components == 1 ? 2 : 3 * components;

    /// <summary>C.</summary>
    public int Channels => Steps.Length / ParametersOf(Components);

    /// <summary>Calls <paramref name="visit"/> for every value with its law, channel by channel: the order in which values are coded.</summary>
    public void Each(int positions, Action<LogisticLaw, int, int> visit)
    {
        var law = new LogisticLaw(Components);
        int parameters = ParametersOf(Components), channels = Channels, own = Steps[0].Length;
        Span<int> theta = stackalloc int[parameters];
        Span<int> weights = Components == 1 ? [] : theta[..Components], means = theta[^(2 * Components)..^Components], scales = theta[^Components..];
        for (int c = 0; c < channels; c++)
            for (int j = 0; j < own; j++)
            {
                for (int p = 0; p < parameters; p++) theta[p] = Steps[p * channels + c][j];
                law.Set(weights, means, scales);
                for (int i = j; i < positions; i += own) visit(law, c, i);
            }
    }

    /// <summary>Values read from a decoder.</summary>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public int[][] Pull(RansDecoder decoder, int positions) => Values(positions, law => law.Pull(decoder));

    /// <summary>The laws' means in the place of values.</summary>
    public int[][] Centers(int positions) => Values(positions, law => law.Center());

    private int[][] Values(int positions, Func<LogisticLaw, int> value)
    {
        int[][] all = [.. Enumerable.Range(0, Channels).Select(_ => new int[positions])];
        Each(positions, (law, c, i) => all[c][i] = value(law));
        return all;
    }
}
