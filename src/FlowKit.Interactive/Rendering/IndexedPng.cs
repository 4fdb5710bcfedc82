using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace FlowKit.Interactive.Rendering;

/// <summary>PNG with a color table: a third of the size of the full colors that Skia writes, and notebooks hold many pictures.</summary>
internal static class IndexedPng
{
    private const byte BitDepth = 8, Indexed = 3;

    /// <summary>The opaque picture's bytes as a file; more than 256 colors become 256.</summary>
    /// <param name="bitmap">The picture.</param>
    /// <param name="diffuse">Whether colors that are lost are mixed from neighboring pixels: smooth where there are shadows, and twice as large.</param>
    public static byte[] Encode(SKBitmap bitmap, bool diffuse = false)
    {
        uint[] pixels = [.. bitmap.Pixels.Select(pixel => (uint)pixel & 0xFFFFFF)];
        var table = ColorTable.Of(pixels);

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, bitmap.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), bitmap.Height);
        (header[8], header[9]) = (BitDepth, Indexed);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "PLTE"u8, [.. table.Colors.SelectMany(color => new[] { (byte)(color >> 16), (byte)(color >> 8), (byte)color })]);
        Chunk(file, "IDAT"u8, Rows(diffuse ? ErrorDiffusion.Of(pixels, bitmap.Width, table.Colors) : [.. pixels.Select(color => table[color])], bitmap.Width));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Rows(byte[] indices, int width)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
            foreach (byte[] row in indices.Chunk(width))
                zlib.Write([0, .. row]); // 0: the row is not filtered

        return packed.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] body)
    {
        byte[] number = new byte[4], named = [.. type, .. body];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(named));
        file.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
