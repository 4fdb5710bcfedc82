using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FlowKit.Compression;

/// <summary>Writes an archive's blocks: kind (u8), length (u32), content, and the first 8 bytes of the SHA-256 of the block's number (u64), kind, length and content.</summary>
internal sealed class BlockWriter(Stream to)
{
    /// <summary>Bytes of a block beside its content.</summary>
    public const int Overhead = 1 + 4 + CheckBytes;

    public const int CheckBytes = 8;

    /// <summary>Blocks so far.</summary>
    public long Blocks { get; private set; }

    public void Write(BlockKind kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(head[1..], (uint)content.Length);
        to.Write(head);
        to.Write(content);
        to.Write(Check(Blocks++, head, content));
    }

    /// <summary>A block's checksum.</summary>
    public static byte[] Check(long number, ReadOnlySpan<byte> head, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(place, number);
        hash.AppendData(place);
        hash.AppendData(head);
        hash.AppendData(content);
        return hash.GetHashAndReset()[..CheckBytes];
    }
}
