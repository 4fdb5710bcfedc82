using System.Buffers.Binary;
using System.Text;

namespace FlowKit;

/// <summary>The list of symbol versions a 64-bit little-endian ELF library needs, section SHT_GNU_verneed.</summary>
internal static class ElfVersionNeeds
{
    private const uint GnuVerneed = 0x6ffffffe;
    private const ushort Weak = 0x2; // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that the loader does not insist on it.</summary>
    /// <returns>How many needs were marked: 0 if the image does not need that version.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not a 64-bit little-endian ELF image, or are cut short.</exception>
    public static int MarkWeak(byte[] image, string version) => ElfSection.Guarded(() => MarkWeakIn(image, Encoding.ASCII.GetBytes(version)));

    private static int MarkWeakIn(Span<byte> image, ReadOnlySpan<byte> version)
    {
        var (offset, size) = ElfSection.Table(image);
        var sections = ElfSection.Read(image.Slice(checked((int)offset), size));
        int marked = 0;

        foreach (var section in sections)
        {
            if (section.Type != GnuVerneed) continue;

            int strings = checked((int)sections[section.Link].Offset), need = checked((int)section.Offset);
            for (int library = section.Count; library > 0; library--)
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

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);
}
