using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowKit;

/// <summary>What a 64-bit little-endian ELF library says of itself, without loading it: its machine, its name and its symbols. Only these parts of the file are read.</summary>
internal sealed class ElfLibrary
{
    /// <summary>The machine of x64, EM_X86_64.</summary>
    public const int X64 = 62;

    private const uint Dynamic = 6, DynamicSymbols = 11, SymbolVersions = 0x6fffffff;       // SHT_...
    private const int SymbolSize = 24, Soname = 14, Needed = 1, Global = 1;                  // DT_SONAME, DT_NEEDED, STB_GLOBAL
    private const ushort NoVersion = 1;                                                      // up to VER_NDX_GLOBAL

    private readonly byte[] symbols, strings, versions;

    private ElfLibrary(SafeFileHandle file)
    {
        byte[] header = At(0, ElfSection.HeaderSize);
        var (offset, size) = ElfSection.Table(header);
        var sections = ElfSection.Read(At(offset, size));
        Machine = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18));

        var table = sections.FirstOrDefault(section => section.Type == DynamicSymbols);
        (symbols, versions) = (Of(table), Of(sections.FirstOrDefault(section => section.Type == SymbolVersions)));
        strings = table.Link > 0 ? Of(sections[table.Link]) : [];

        var dynamic = sections.FirstOrDefault(section => section.Type == Dynamic);
        byte[] entries = Of(dynamic), names = dynamic.Link > 0 ? Of(sections[dynamic.Link]) : [];
        List<string> needs = [];
        for (int i = 0; i + 16 <= entries.Length; i += 16)
        {
            long tag = BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i));
            if (tag is not (Soname or Needed)) continue;
            string name = Encoding.ASCII.GetString(Text(names, checked((int)BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i + 8)))));
            if (tag == Soname) Name = name;
            else needs.Add(name);
        }
        Needs = needs;

        byte[] Of(ElfSection section) => At(section.Offset, section.Size);

        byte[] At(long from, long length)
        {
            if (from < 0 || length < 0 || from > RandomAccess.GetLength(file) - length) throw new EndOfStreamException();
            byte[] bytes = new byte[checked((int)length)];
            for (int read = 0, got; read < bytes.Length; read += got)
                if ((got = RandomAccess.Read(file, bytes.AsSpan(read), from + read)) == 0) throw new EndOfStreamException();
            return bytes;
        }
    }

    /// <summary>The processor it was built for, EM_...</summary>
    public int Machine { get; }

    /// <summary>What it calls itself, by which a process that holds it already knows it again; null where it has no name.</summary>
    public string? Name { get; }

    /// <summary>The names of the libraries it needs.</summary>
    public IReadOnlyList<string> Needs { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadImageFormatException">It is no 64-bit little-endian ELF library, is cut short or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ElfLibrary Read(string path)
    {
        using var file = File.OpenHandle(path);
        if (RandomAccess.GetLength(file) < ElfSection.HeaderSize) throw new BadImageFormatException("Expected a 64-bit little-endian ELF library.");
        return ElfSection.Guarded(() => new ElfLibrary(file));
    }

    /// <summary>The symbols it insists on and finds elsewhere, those without a version: the C library and that of C++ give theirs one, libtorch does not.</summary>
    /// <exception cref="BadImageFormatException">The library is damaged.</exception>
    public HashSet<string> Undefined() => ElfSection.Guarded(() =>
    {
        HashSet<string> names = [];
        for (int i = 0; i < symbols.Length / SymbolSize; i++)
            if (!IsDefined(i) && Binding(i) == Global && (versions.Length == 0 || BinaryPrimitives.ReadUInt16LittleEndian(versions.AsSpan(2 * i)) <= NoVersion)) names.Add(Encoding.ASCII.GetString(NameOf(i)));
        return names;
    });

    /// <summary>Takes the symbols that this library defines from a set of wanted ones.</summary>
    /// <exception cref="BadImageFormatException">The library is damaged.</exception>
    public void RemoveDefined(HashSet<string> wanted) => ElfSection.Guarded(() =>
    {
        var set = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] letters = new char[wanted.Select(name => name.Length).DefaultIfEmpty().Max()];
        for (int i = 0; i < symbols.Length / SymbolSize && wanted.Count > 0; i++)
            if (IsDefined(i) && Binding(i) >= Global && NameOf(i) is var name && name.Length <= letters.Length) set.Remove(letters.AsSpan(0, Encoding.ASCII.GetChars(name, letters)));
        return wanted.Count;
    });

    private bool IsDefined(int symbol) => BinaryPrimitives.ReadUInt16LittleEndian(symbols.AsSpan(SymbolSize * symbol + 6)) != 0;

    private int Binding(int symbol) => symbols[SymbolSize * symbol + 4] >> 4;

    private ReadOnlySpan<byte> NameOf(int symbol) => Text(strings, checked((int)BinaryPrimitives.ReadUInt32LittleEndian(symbols.AsSpan(SymbolSize * symbol))));

    private static ReadOnlySpan<byte> Text(byte[] strings, int at)
    {
        var rest = strings.AsSpan(at);
        return rest[..rest.IndexOf((byte)0)];
    }
}
