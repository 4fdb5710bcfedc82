namespace FlowKit.Compression;

/// <summary>A picture cut into a codec's patches, from left to right, then downwards; at the right and lower edges the last pixels are repeated.</summary>
/// <remarks>A codec of one channel codes the channels of a color picture as pictures of their own. Patches are coded in chunks, independent of each other.</remarks>
internal sealed class PatchGrid
{
    private const int PixelsAtOnce = 1 << 16;             // of a chunk

    private readonly int width, height, channels, patchChannels, patchHeight, patchWidth, columns, rows;

    /// <summary>How a picture of that size is cut.</summary>
    /// <exception cref="InvalidDataException">The codec is of vectors, or of other channels.</exception>
    public PatchGrid(Codec codec, int width, int height, int channels)
    {
        (this.width, this.height, this.channels) = (width, height, channels);
        (patchChannels, patchHeight, patchWidth) = Codec.Sizes(codec.ImageShape);
        if (codec.ImageShape.Count != 3) throw new InvalidDataException($"the codec is of vectors of {codec.ImageShape[0]} numbers, not of images");
        if (patchChannels != 1 && patchChannels != channels)
            throw new InvalidDataException($"the picture has {Count(channels)} and the codec {Count(patchChannels)}; a codec of one channel codes both gray and color");
        (columns, rows) = ((width + patchWidth - 1) / patchWidth, (height + patchHeight - 1) / patchHeight);
        Patches = (long)columns * rows * (channels / patchChannels);
        AtOnce = Math.Max(1, PixelsAtOnce / (patchWidth * patchHeight));

        static string Count(int channels) => channels == 1 ? "one channel" : $"{channels} channels";
    }

    /// <summary>Patches of the whole picture.</summary>
    public long Patches { get; }

    /// <summary>Patches of a chunk, the last one aside.</summary>
    public int AtOnce { get; }

    /// <summary>Chunks of the whole picture.</summary>
    public int Chunks => (int)((Patches + AtOnce - 1) / AtOnce);

    /// <summary>Patches of one chunk.</summary>
    public int Count(int chunk) => (int)Math.Min(AtOnce, Patches - (long)chunk * AtOnce);

    /// <summary>A chunk's patches.</summary>
    public Planes Cut(byte[] pixels, int chunk)
    {
        int count = Count(chunk);
        int[][] planes = [.. Enumerable.Range(0, patchChannels).Select(_ => new int[count * patchHeight * patchWidth])];
        for (int c = 0; c < patchChannels; c++)
            for (int n = 0, at = 0; n < count; n++)
            {
                var (left, top, first) = Place((long)chunk * AtOnce + n);
                for (int y = 0; y < patchHeight; y++)
                {
                    long row = (long)Math.Min(top + y, height - 1) * width;
                    for (int x = 0; x < patchWidth; x++, at++) planes[c][at] = pixels[(row + Math.Min(left + x, width - 1)) * channels + first + c];
                }
            }
        return new(planes, count, patchHeight, patchWidth);
    }

    /// <summary>Puts a chunk's patches where they were cut.</summary>
    /// <param name="patches">As <see cref="Cut"/> gave them.</param>
    /// <param name="pixels">Of the picture.</param>
    /// <param name="chunk">Which.</param>
    /// <param name="clamps">Whether values outside of 0..255 are moved to its ends; otherwise they are refused.</param>
    /// <exception cref="InvalidDataException">A value is no pixel's.</exception>
    public void Paste(Planes patches, byte[] pixels, int chunk, bool clamps)
    {
        for (int c = 0; c < patchChannels; c++)
            for (int n = 0; n < patches.Count; n++)
            {
                var (left, top, first) = Place((long)chunk * AtOnce + n);
                for (int y = 0; y < patchHeight && top + y < height; y++)
                    for (int x = 0; x < patchWidth && left + x < width; x++)
                    {
                        int value = patches.Channels[c][(n * patchHeight + y) * patchWidth + x];
                        if (clamps) value = Math.Clamp(value, 0, 255);
                        if (value is < 0 or > 255) throw new InvalidDataException("a decoded value is no pixel's");
                        pixels[((long)(top + y) * width + left + x) * channels + first + c] = (byte)value;
                    }
            }
    }

    private (int Left, int Top, int Channel) Place(long patch)
    {
        long each = (long)columns * rows;
        int at = (int)(patch % each);
        return (at % columns * patchWidth, at / columns * patchHeight, (int)(patch / each) * patchChannels);
    }
}
