using System.Buffers.Binary;
using System.Text;

namespace FlowKit;

/// <summary>A shared object for x64 Linux with one function, <c>int NAME(void)</c>, that returns a constant: as small as ld.so accepts it, written byte by byte, since no compiler may be there.</summary>
/// <remarks>
/// Two pages. The first, read and executed: the ELF header, four program headers, the symbol table, its hash table, the strings, the code. The second, read and written: the dynamic section, into which
/// ld.so writes addresses. A header PT_GNU_STACK without the flag of execution keeps the process's stacks as they are. There is no table of sections: only linkers and debuggers read one.
/// </remarks>
internal static class ElfStub
{
    private const int Page = 0x1000, Header = 64, ProgramHeader = 56, Symbol = 24;
    private const int Load = 1, Dynamic = 2, GnuStack = 0x6474e551;                           // PT_...
    private const int Execute = 1, Write = 2, Read = 4;                                       // PF_...
    private const int Hash = 4, Strings = 5, Symbols = 6, StringsSize = 10, SymbolSize = 11, Soname = 14;       // DT_...

    /// <summary>The bytes of the file.</summary>
    /// <param name="library">What the library calls itself.</param>
    /// <param name="function">The name of its function, ASCII.</param>
    /// <param name="value">What it returns.</param>
    public static byte[] Build(string library, string function, int value)
    {
        byte[] names = Encoding.UTF8.GetBytes($"\0{function}\0{library}\0");
        int symbols = Header + 4 * ProgramHeader, hash = symbols + 2 * Symbol, code = hash + 5 * sizeof(int) + 4, strings = code + 8;
        int first = strings + names.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Page, nameof(function));
        (long Tag, long Value)[] dynamic =
        [
            (Soname, 2 + function.Length), (Hash, hash), (Strings, strings), (StringsSize, names.Length), (Symbols, symbols), (SymbolSize, Symbol), (0, 0),
        ];

        byte[] image = new byte[Page + dynamic.Length * 16];
        int at = 0;
        Put(0x00010102464c457f, 0);                                                           // "\x7fELF", 64-bit, little-endian, version 1
        Put2(3, 62);                                                                          // a shared object for x64
        Put4(1);
        Put(0, Header, 0);                                                                    // no entry; program headers; no sections
        Put4(0);
        Put2(Header, ProgramHeader, 4, 64, 0, 0);
        Segment(Load, Read | Execute, 0, first);
        Segment(Load, Read | Write, Page, image.Length - Page);
        Segment(Dynamic, Read | Write, Page, image.Length - Page);
        Segment(GnuStack, Read | Write, 0, 0);

        at += Symbol;                                                                         // the first symbol is none
        Put4(1);
        Put2(0x12, 1);                                                                        // a global function of some section: what counts is that it has one
        Put(code, 6);
        Put4(1, 2, 1, 0, 0);                                                                  // one bucket, two symbols; the bucket begins with symbol 1, and nothing follows it
        at = code;
        image[at++] = 0xb8;                                                                   // mov eax, value
        Put4(value);
        image[at] = 0xc3;                                                                     // ret
        names.CopyTo(image, strings);
        at = Page;
        foreach (var (tag, content) in dynamic) Put(tag, content);
        return image;

        void Segment(int type, int flags, long offset, long size)
        {
            Put4(type, flags);
            Put(offset, offset, offset, size, size, Page);
        }

        void Put(params ReadOnlySpan<long> values)
        {
            foreach (long one in values) BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan((at += 8) - 8), one);
        }

        void Put4(params ReadOnlySpan<int> values)
        {
            foreach (int one in values) BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan((at += 4) - 4), one);
        }

        void Put2(params ReadOnlySpan<short> values)
        {
            foreach (short one in values) BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan((at += 2) - 2), one);
        }
    }
}
