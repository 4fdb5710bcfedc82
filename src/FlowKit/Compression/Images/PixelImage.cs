namespace FlowKit.Compression;

/// <summary>A picture of 8 bits a channel, without transparency, as a file holds it.</summary>
/// <param name="Format">Of the file.</param>
/// <param name="Width">>= 1.</param>
/// <param name="Height">>= 1.</param>
/// <param name="Channels">1 (gray) or 3 (red, green, blue).</param>
/// <param name="Pixels">(Height, Width, Channels).</param>
internal sealed record PixelImage(PixelFormat Format, int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>The most pixels of a picture.</summary>
    public const long MostPixels = 1 << 28;

    /// <summary>Whether there can be such a picture.</summary>
    public static bool IsPossible(long width, long height, long channels) =>
        width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue && channels is 1 or 3 && width * height <= MostPixels && width * height * channels <= Array.MaxLength;
}
