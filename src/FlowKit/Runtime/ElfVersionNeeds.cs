using System.Buffers.Binary;
using System.Text;

namespace FlowKit;

/// <summary>The list of symbol versions a 64-bit little-endian ELF library needs, section SHT_GNU_verneed.</summary>
internal static class ElfVersionNeeds
{
    private static ReadOnlySpan<byte> Header => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]; // 64-bit, little-endian
    private const uint GnuVerneed = 0x6ffffffe;
    private const ushort Weak = 0x2; // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that the loader does not insist on it.</summary>
    /// <returns>How many needs were marked: 0 if the image does not need that version.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not a 64-bit little-endian ELF image, or are cut short.</exception>
    public static int MarkWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image.StartsWith(Header))
            throw new BadImageFormatException("Expected a 64-bit little-endian ELF library.");
        try
        {
            return MarkWeakIn(image, Encoding.ASCII.GetBytes(version));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new BadImageFormatException("The ELF library is cut short or damaged.", e);
        }
    }

    private static int MarkWeakIn(Span<byte> image, ReadOnlySpan<byte> version)
    {
        int sections = Offset(image, 0x28);
        int sectionSize = U16(image, 0x3A), sectionCount = U16(image, 0x3C);
        int marked = 0;

        for (int i = 0; i < sectionCount; i++)
        {
            int section = sections + i * sectionSize;
            if (U32(image, section + 4) != GnuVerneed) continue;

            int strings = Offset(image, sections + (int)U32(image, section + 40) * sectionSize + 24);
            int need = Offset(image, section + 24);
            for (int library = (int)U32(image, section + 44); library > 0; library--)
            {
                int aux = need + (int)U32(image, need + 8);
                for (int symbol = U16(image, need + 2); symbol > 0; symbol--)
                {
                    var name = image[(strings + (int)U32(image, aux + 8))..];
                    if (name[..name.IndexOf((byte)0)].SequenceEqual(version))
                    {
                        BinaryPrimitives.WriteUInt16LittleEndian(image[(aux + 4)..], (ushort)(U16(image, aux + 4) | Weak));
                        marked++;
                    }
                    aux += (int)U32(image, aux + 12);
                }
                need += (int)U32(image, need + 12);
            }
        }
        return marked;
    }

    private static int Offset(ReadOnlySpan<byte> image, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[at..]));
    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);
}
