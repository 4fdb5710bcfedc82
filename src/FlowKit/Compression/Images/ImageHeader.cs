using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Compression;

/// <summary>What an archive says of an image before its chunks: format (u8), width, height (u32), channels (u8), the first 16 bytes of the SHA-256 of its pixels, and its file name in UTF-8 (the rest).</summary>
internal sealed record ImageHeader(string Name, PixelFormat Format, int Width, int Height, int Channels, byte[] Check)
{
    /// <summary>The longest block.</summary>
    public const int MostBytes = 4096;

    private const int CheckBytes = 16, FixedBytes = 1 + 4 + 4 + 1 + CheckBytes;

    public static ImageHeader Of(string name, PixelImage image) => new(name, image.Format, image.Width, image.Height, image.Channels, Hash(image.Pixels));

    public static byte[] Hash(byte[] pixels) => SHA256.HashData(pixels)[..CheckBytes];

    public byte[] ToBytes()
    {
        byte[] bytes = [(byte)Format, .. BitConverter.GetBytes(Width), .. BitConverter.GetBytes(Height), (byte)Channels, .. Check, .. Encoding.UTF8.GetBytes(Name)];
        if (bytes.Length > MostBytes) throw new InvalidDataException($"the file name '{Name[..40]}...' is too long");
        CheckName(Name);
        return bytes;
    }

    /// <exception cref="InvalidDataException">There can be no such image, or its name is none for a file.</exception>
    public static ImageHeader Parse(byte[] bytes)
    {
        if (bytes.Length <= FixedBytes) throw new InvalidDataException("it is damaged: the head of an image is too short");
        var format = (PixelFormat)bytes[0];
        uint width = BitConverter.ToUInt32(bytes, 1), height = BitConverter.ToUInt32(bytes, 5);
        int channels = bytes[9];
        string name = Encoding.UTF8.GetString(bytes, FixedBytes, bytes.Length - FixedBytes);
        if (!Enum.IsDefined(format) || !PixelImage.IsPossible(width, height, channels))
            throw new InvalidDataException($"it claims an image of {width} x {height} pixels and {channels} channels; at most {PixelImage.MostPixels} pixels of 1 or 3 channels are possible");
        CheckName(name);
        return new(name, format, (int)width, (int)height, channels, bytes[10..FixedBytes]);
    }

    // What every system takes for a name, and never a path.
    private static void CheckName(string name)
    {
        if (name is "." or ".." || name.AsSpan().IndexOfAny("/\\:*?\"<>|") >= 0 || name.Any(char.IsControl) || name.Contains('\uFFFD'))
            throw new InvalidDataException($"an image is named '{name}', which is no file name on every system; rename it");
    }
}
