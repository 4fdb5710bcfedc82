using System.Buffers.Binary;

namespace FlowKit.Data;

/// <summary>The data elements of a MAT-file, one after the other: a tag of type and size, the data, and zeros up to a multiple of 8 bytes.</summary>
internal sealed class MatElements(FileBytes file, bool isBigEndian)
{
    public const int Matrix = 14, Compressed = 15;

    /// <summary>The file, for its bytes and its messages.</summary>
    public FileBytes File => file;

    /// <summary>Whether numbers are big-endian.</summary>
    public bool IsBigEndian => isBigEndian;

    /// <summary>The next tag of a whole array; false at the end of the file.</summary>
    public bool TryTag(out (uint Type, uint Size) tag)
    {
        tag = default;
        byte[] first = new byte[8];
        int have = file.Fill(first);
        if (have == 0) return false;
        if (have < first.Length) throw file.Wrong("8 bytes of an element's tag", $"the end after {have}");
        tag = (Number(first), Number(first.AsSpan(4)));
        return true;
    }

    /// <summary>A tag of 8 bytes.</summary>
    public (uint Type, uint Size) Tag(string what)
    {
        byte[] bytes = file.Read(8, what);
        return (Number(bytes), Number(bytes.AsSpan(4)));
    }

    /// <summary>A whole element inside an array; small ones have their data within the tag.</summary>
    public (uint Type, byte[] Data) Next(string what, long most = long.MaxValue)
    {
        byte[] tag = file.Read(8, what);
        uint first = Number(tag);
        if (first >> 16 is var small and > 0)
        {
            if (small > 4) throw file.Wrong($"a small element of at most 4 bytes for {what}", $"{small}");
            return (first & 0xFFFF, tag[4..(4 + (int)small)]);
        }
        long size = Number(tag.AsSpan(4));
        if (size > most) throw file.Wrong($"at most {most} bytes of {what}", $"{size}");
        byte[] data = file.Read(size, what);
        if (size % 8 != 0) file.Read(8 - size % 8, $"padding after {what}");
        return (first, data);
    }

    /// <summary>A whole number of 4 bytes.</summary>
    public uint Number(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
