using System.Buffers.Binary;

namespace FlowKit.Compression;

/// <summary>Reads an archive's blocks, and trusts none of them: a length is compared with what the file has left before memory is taken.</summary>
internal sealed class BlockReader(Stream from)
{
    private long number;

    /// <summary>Bytes not read yet.</summary>
    public long Left => from.Length - from.Position;

    /// <summary>The next block, which has to be of that kind.</summary>
    /// <exception cref="InvalidDataException">It is of another kind, damaged or cut off.</exception>
    public byte[] Read(BlockKind kind, int most)
    {
        if (Left < BlockWriter.Overhead) throw new InvalidDataException("it is cut off");
        Span<byte> head = stackalloc byte[5], check = stackalloc byte[BlockWriter.CheckBytes];
        from.ReadExactly(head);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[1..]);
        if (head[0] != (byte)kind) throw new InvalidDataException("it is damaged: a block is of another kind than expected");
        if (length > most) throw new InvalidDataException($"it is damaged: a block claims {length} bytes, at most {most} are possible");
        if (length > Left - BlockWriter.CheckBytes) throw new InvalidDataException("it is cut off or damaged");
        byte[] content = new byte[length];
        from.ReadExactly(content);
        from.ReadExactly(check);
        return check.SequenceEqual(BlockWriter.Check(number++, head, content)) ? content : throw new InvalidDataException("it is damaged: a checksum does not match");
    }
}
