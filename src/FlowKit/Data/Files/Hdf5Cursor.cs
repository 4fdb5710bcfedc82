using System.Buffers.Binary;

namespace FlowKit.Data;

/// <summary>A place in one of an HDF5 file's structures, little-endian as they all are.</summary>
internal sealed class Hdf5Cursor(byte[] bytes, string what, Hdf5Bytes file)
{
    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public int Left => bytes.Length - Position;

    public byte Byte() => Bytes(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>An unsigned number of that many bytes.</summary>
    public ulong Sized(int size)
    {
        if (size is < 1 or > 8) throw file.Wrong($"numbers of 1 to 8 bytes in {what}", $"{size}");
        ulong value = 0;
        foreach (byte part in Bytes(size).ToArray().Reverse()) value = value << 8 | part;
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Left) throw file.Wrong($"{count} more bytes of {what}", $"{Left}");
        return bytes.AsSpan((Position += count) - count, count);
    }

    /// <summary>The next bytes, to be read apart.</summary>
    public Hdf5Cursor Part(int count, string name) => new(Bytes(count).ToArray(), name, file);

    public void Skip(int count) => Bytes(count);

    /// <exception cref="InvalidDataException">The next four bytes are others.</exception>
    public void Expect(ReadOnlySpan<byte> signature)
    {
        var found = Bytes(4);
        if (!found.SequenceEqual(signature)) throw file.Wrong($"{what} that begins with '{System.Text.Encoding.ASCII.GetString(signature)}'", Convert.ToHexString(found));
    }
}
