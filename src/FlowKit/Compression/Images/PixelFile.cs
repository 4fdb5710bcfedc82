using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SkiaSharp;

namespace FlowKit.Compression;

/// <summary>Reads and writes pictures whose pixels a file holds exactly: PNG, by SkiaSharp, and binary PGM and PPM.</summary>
internal static class PixelFile
{
    private const long LargestFile = int.MaxValue - 100;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>A file's picture.</summary>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged, or has what a codec of 8-bit gray and color does not keep; the message says what.</exception>
    public static PixelImage Read(string path)
    {
        byte[] bytes = Bytes(path);
        return bytes.AsSpan().StartsWith(PngSignature) ? Png(path, bytes) : bytes is [(byte)'P', >= (byte)'1' and <= (byte)'7', ..] ? Pnm(path, bytes)
            : throw Wrong(path, "it is no PNG, PGM or PPM; other formats are not lossless, or are not known here");
    }

    /// <summary>Writes a picture in its format.</summary>
    public static void Write(Stream to, PixelImage image)
    {
        if (image.Format == PixelFormat.Pnm)
        {
            to.Write(Encoding.ASCII.GetBytes($"P{(image.Channels == 1 ? 5 : 6)}\n{image.Width} {image.Height}\n255\n"));
            to.Write(image.Pixels);
            return;
        }

        byte[] pixels = image.Pixels;
        if (image.Channels == 3)
        {
            pixels = new byte[4L * image.Width * image.Height];
            for (int i = 0, j = 0; j < pixels.Length; i += 3, j += 4)
                (pixels[j], pixels[j + 1], pixels[j + 2], pixels[j + 3]) = (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2], 255);
        }
        var info = new SKImageInfo(image.Width, image.Height, image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using var map = new SKPixmap(info, pin.AddrOfPinnedObject());
            using var data = map.Encode(SKPngEncoderOptions.Default) ?? throw new InvalidOperationException($"A picture of {image.Width} x {image.Height} pixels could not be encoded as PNG.");
            data.SaveTo(to);
        }
        finally
        {
            pin.Free();
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > LargestFile) throw Wrong(path, "it has more than 2 GB");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, $"it cannot be read ({problem.Message})");
        }
    }

    private static PixelImage Png(string path, byte[] bytes)
    {
        var (width, height, depth, color) = (0u, 0u, 0, 0);
        bool ends = false;
        int at = PngSignature.Length;
        while (!ends)
        {
            if (bytes.Length - at < 12) throw Wrong(path, "the PNG is cut off");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            string type = Encoding.Latin1.GetString(bytes, at + 4, 4);
            if (length > bytes.Length - at - 12) throw Wrong(path, "the PNG is cut off");
            if (at == PngSignature.Length)
            {
                if (type != "IHDR" || length != 13) throw Wrong(path, "the PNG is damaged");
                width = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 8));
                height = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 12));
                (depth, color) = (bytes[at + 16], bytes[at + 17]);
            }
            switch (type)
            {
                case "tRNS":
                    throw Wrong(path, "it has transparent pixels; remove transparency first");
                case "acTL":
                    throw Wrong(path, "it is an animation of several pictures");
                case "IEND":
                    ends = true;
                    break;
            }
            at += 12 + (int)length;
        }
        if (depth == 16) throw Wrong(path, "it has 16 bits a channel, of which a codec would keep 8");
        if (color is 4 or 6) throw Wrong(path, "it has an alpha channel; remove transparency first");
        if (color is not (0 or 2 or 3)) throw Wrong(path, "the PNG is damaged");
        int channels = color == 0 ? 1 : 3;
        if (!PixelImage.IsPossible(width, height, channels)) throw Wrong(path, $"it has {width} x {height} pixels; expected 1 to {PixelImage.MostPixels}");

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Wrong(path, "the PNG is damaged");
        using var bitmap = new SKBitmap();
        var info = new SKImageInfo((int)width, (int)height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.Info.Width != width || codec.Info.Height != height || !bitmap.TryAllocPixels(info)) throw Wrong(path, "the PNG is damaged");
        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) throw Wrong(path, $"the PNG is damaged ({result})");

        var from = bitmap.GetPixelSpan();
        byte[] pixels = new byte[(long)width * height * channels];
        for (int i = 0, j = 0; i < pixels.Length; i += channels, j += 4)
            for (int c = 0; c < channels; c++) pixels[i + c] = from[j + c];
        return new(PixelFormat.Png, (int)width, (int)height, channels, pixels);
    }

    private static PixelImage Pnm(string path, byte[] bytes)
    {
        int channels = bytes[1] switch
        {
            (byte)'5' => 1,
            (byte)'6' => 3,
            byte kind => throw Wrong(path, $"it is a P{(char)kind} file; of the family of PGM, binary gray (P5) and color (P6) are known"),
        };
        int at = 2;
        long width = Number(), height = Number(), greatest = Number();
        at++;                                             // one blank, then pixels
        if (greatest != 255) throw Wrong(path, greatest > 255 ? $"its levels go up to {greatest}: it has 16 bits a channel, of which a codec would keep 8" : $"its levels go up to {greatest}; expected 255");
        if (!PixelImage.IsPossible(width, height, channels)) throw Wrong(path, $"it has {width} x {height} pixels; expected 1 to {PixelImage.MostPixels}");
        long size = width * height * channels;
        if (bytes.Length - at != size) throw Wrong(path, bytes.Length - at < size ? "it is cut off" : "something follows its pixels");
        return new(PixelFormat.Pnm, (int)width, (int)height, channels, bytes[at..]);

        long Number()
        {
            while (at < bytes.Length && (char.IsWhiteSpace((char)bytes[at]) || bytes[at] == '#'))
                if (bytes[at++] == '#')
                    while (at < bytes.Length && bytes[at] != '\n') at++;
            long number = 0;
            int digits = 0;
            for (; at < bytes.Length && char.IsAsciiDigit((char)bytes[at]) && digits < 11; at++, digits++) number = 10 * number + (bytes[at] - '0');
            return digits is > 0 and < 11 && at < bytes.Length ? number : throw Wrong(path, "its header is damaged");
        }
    }

    private static InvalidDataException Wrong(string path, string what) => new($"{path}: {what}.");
}
