using System.Buffers.Binary;

namespace FlowKit;

/// <summary>A section of a 64-bit little-endian ELF library: what it holds, and where in the file.</summary>
/// <param name="Type">SHT_...; the dynamic symbols are 11.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Link">The number of the section with its strings.</param>
/// <param name="Count">Of a list of versions, its entries (sh_info).</param>
internal readonly record struct ElfSection(uint Type, long Offset, long Size, int Link, int Count)
{
    /// <summary>Bytes of the header that every ELF file begins with.</summary>
    public const int HeaderSize = 64;

    private const int EntrySize = 64;

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];       // 64-bit, little-endian

    /// <summary>Where the table of sections lies, and how many bytes it has.</summary>
    /// <param name="header">The first bytes of the file.</param>
    /// <exception cref="BadImageFormatException">They are no header of a 64-bit little-endian ELF library.</exception>
    public static (long Offset, int Size) Table(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderSize || !header.StartsWith(Magic)) throw new BadImageFormatException("Expected a 64-bit little-endian ELF library.");
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3A..]), count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3C..]);
        if (count > 0 && size != EntrySize) throw Damaged();
        return (checked((long)BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..])), count * EntrySize);
    }

    /// <summary>The sections of a table.</summary>
    public static ElfSection[] Read(ReadOnlySpan<byte> table)
    {
        var sections = new ElfSection[table.Length / EntrySize];
        for (int i = 0; i < sections.Length; i++)
        {
            var entry = table[(i * EntrySize)..];
            sections[i] = new(
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), checked((long)BinaryPrimitives.ReadUInt64LittleEndian(entry[24..])), checked((long)BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])),
                checked((int)BinaryPrimitives.ReadUInt32LittleEndian(entry[40..])), checked((int)BinaryPrimitives.ReadUInt32LittleEndian(entry[44..])));
        }
        return sections;
    }

    /// <summary>Runs what reads a library; where it runs out of the file, the library is at fault.</summary>
    /// <exception cref="BadImageFormatException">It is cut short or damaged.</exception>
    public static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException or EndOfStreamException)
        {
            throw Damaged(e);
        }
    }

    private static BadImageFormatException Damaged(Exception? cause = null) => new("The ELF library is cut short or damaged.", cause);
}
