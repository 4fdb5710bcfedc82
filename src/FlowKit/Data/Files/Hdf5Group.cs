using System.Text;

namespace FlowKit.Data;

/// <summary>What a group of an HDF5 file holds: names, and where the headers of what they name are. Links to elsewhere have no address.</summary>
internal static class Hdf5Group
{
    private const int LinkInfo = 0x02, Link = 0x06, SymbolTable = 0x11;
    private const string What = "a group's table of names";

    public static Dictionary<string, ulong> Members(Hdf5Bytes file, Hdf5Header header)
    {
        var members = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var table in header.All(SymbolTable)) AddTable(file, table.UInt64(), Heap(file, table.UInt64()), members, level: null);
        foreach (var link in header.All(Link)) AddLink(file, link, members);
        foreach (var info in header.All(LinkInfo)) RefuseDense(file, info);
        return members;
    }

    // B-tree of version 1: keys between children; below it nodes of symbols.
    private static void AddTable(Hdf5Bytes file, ulong address, byte[] heap, Dictionary<string, ulong> members, int? level)
    {
        foreach (ulong child in Children(file, address, level, out int below))
            if (below > 0) AddTable(file, child, heap, members, below - 1);
            else AddSymbols(file, child, heap, members);
    }

    private static ulong[] Children(Hdf5Bytes file, ulong address, int? expected, out int level)
    {
        var head = file.At(address, 24, What);
        head.Expect("TREE"u8);
        int type = head.Byte();
        level = head.Byte();
        int count = head.UInt16();
        if (type != 0 || (expected ?? level) != level) throw file.Wrong($"{What} of type 0{(expected is null ? "" : $", level {expected}")}", $"type {type}, level {level}");
        var body = file.At(address + 24, 16L * count, What);
        return [.. Enumerable.Range(0, count).Select(_ => (body.UInt64(), body.UInt64()).Item2)];
    }

    private static void AddSymbols(Hdf5Bytes file, ulong address, byte[] heap, Dictionary<string, ulong> members)
    {
        var head = file.At(address, 8, What);
        head.Expect("SNOD"u8);
        head.Skip(2);
        int count = head.UInt16();
        var body = file.At(address + 8, 40L * count, What);
        for (int i = 0; i < count; i++)
        {
            ulong name = body.UInt64(), target = body.UInt64();
            bool isLink = body.UInt32() == 2;
            body.Skip(20);
            Add(file, members, Name(file, heap, name), isLink ? Hdf5Bytes.Nowhere : target);
        }
    }

    private static byte[] Heap(Hdf5Bytes file, ulong address)
    {
        var head = file.At(address, 32, "a heap of names");
        head.Expect("HEAP"u8);
        head.Skip(4);
        ulong size = head.UInt64();
        head.Skip(8);
        int bytes = (int)Math.Min(size, int.MaxValue);
        return file.At(head.UInt64(), bytes, "a heap of names").Bytes(bytes).ToArray();
    }

    private static string Name(Hdf5Bytes file, byte[] heap, ulong offset)
    {
        if (offset >= (ulong)heap.Length) throw file.Wrong($"a name within a heap of {heap.Length} bytes", $"one at {offset}");
        var rest = heap.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static void AddLink(Hdf5Bytes file, Hdf5Cursor link, Dictionary<string, ulong> members)
    {
        if (link.Byte() is var version && version != 1) throw file.Wrong("links of version 1", $"{version}");
        int flags = link.Byte();
        int kind = (flags & 8) != 0 ? link.Byte() : 0;
        link.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        ulong length = link.Sized(1 << (flags & 3));
        string name = Encoding.UTF8.GetString(link.Bytes((int)Math.Min(length, int.MaxValue)));
        Add(file, members, name, kind == 0 ? link.UInt64() : Hdf5Bytes.Nowhere);
    }

    private static void RefuseDense(Hdf5Bytes file, Hdf5Cursor info)
    {
        info.Skip(1);
        info.Skip((info.Byte() & 1) != 0 ? 8 : 0);
        if (info.UInt64() != Hdf5Bytes.Nowhere) throw file.Wrong("a group with a table of names, or a few links", "a group in dense storage (h5py avoids it with libver earliest)");
    }

    private static void Add(Hdf5Bytes file, Dictionary<string, ulong> members, string name, ulong address)
    {
        if (!members.TryAdd(name, address)) throw file.Wrong("names that differ within a group", $"'{name}' twice");
    }
}
