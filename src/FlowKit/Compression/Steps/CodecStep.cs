namespace FlowKit.Compression;

/// <summary>One layer of a frozen flow, from data to latent and back, exact in both directions.</summary>
internal abstract record CodecStep
{
    /// <summary>From data to latent; what leaves is appended to <paramref name="left"/>.</summary>
    public abstract Planes Forward(Planes x, List<CodedLevel> left);

    /// <summary>From latent to data; <paramref name="next"/> gives the values of what left, coarsest first.</summary>
    public abstract Planes Inverse(Planes z, Func<LevelTheta, int, int[][]> next);

    /// <summary>Channels, height and width behind this layer.</summary>
    /// <exception cref="InvalidDataException">It does not take such images.</exception>
    public abstract (int Channels, int Height, int Width) After(int channels, int height, int width);

    private protected static InvalidDataException Misfit(string layer, int channels, int height, int width) => new($"{layer} does not take {channels} channels of {height} x {width}.");
}
