namespace FlowKit.Data;

/// <summary>Finds the chunks of a data set in an HDF5 file: by a B-tree of version 1, as most files have it, a fixed array, in a row, or one alone.</summary>
/// <param name="file">The file.</param>
/// <param name="grid">Chunks along each dimension.</param>
/// <param name="sides">Numbers along each side of a chunk.</param>
/// <param name="chunkBytes">Bytes of a chunk before filters.</param>
/// <param name="isFiltered">Whether there are filters.</param>
internal sealed class Hdf5ChunkIndex(Hdf5Bytes file, long[] grid, long[] sides, long chunkBytes, bool isFiltered)
{
    private const string What = "an index of chunks";

    private readonly Dictionary<long, Hdf5Chunk> chunks = [];

    private long Count => grid.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>The chunks of a layout message of version 3.</summary>
    public IReadOnlyCollection<Hdf5Chunk> ByTree(ulong address)
    {
        AddTree(address, level: null);
        return Whole();
    }

    /// <summary>The chunks of a layout message of version 4, which goes on with the kind of index.</summary>
    public IReadOnlyCollection<Hdf5Chunk> ByIndex(Hdf5Cursor layout, int flags)
    {
        switch (layout.Byte())
        {
            case 1:
                long stored = (flags & 2) != 0 ? (long)Math.Min(layout.UInt64(), long.MaxValue) : chunkBytes;
                uint mask = (flags & 2) != 0 ? layout.UInt32() : 0;
                Add(0, layout.UInt64(), stored, mask);
                break;
            case 2:
                ulong first = layout.UInt64();
                file.Check(first, (long)Int128.Min((Int128)Count * chunkBytes, long.MaxValue), "chunks");
                for (long i = 0; i < Count; i++) Add(i, first + (ulong)(i * chunkBytes), chunkBytes, 0);
                break;
            case 3:
                layout.Skip(1);
                AddArray(layout.UInt64());
                break;
            case var kind:
                throw file.Wrong($"{What} that is a tree of version 1, a fixed array, a row or one chunk", $"index {kind}, of data sets that grow (h5py avoids it with libver earliest)");
        }
        return Whole();
    }

    private void AddTree(ulong address, int? level)
    {
        var head = file.At(address, 24, What);
        head.Expect("TREE"u8);
        int type = head.Byte(), here = head.Byte(), count = head.UInt16();
        if (type != 1 || (level ?? here) != here) throw file.Wrong($"{What} of type 1{(level is null ? "" : $", level {level}")}", $"type {type}, level {here}");
        int key = 8 + 8 * (grid.Length + 1);
        var body = file.At(address + 24, (key + 8L) * count, What);
        for (int i = 0; i < count; i++)
        {
            uint stored = body.UInt32(), mask = body.UInt32();
            ulong[] place = [.. grid.Select(_ => body.UInt64())];
            body.Skip(8);
            ulong child = body.UInt64();
            if (here > 0) AddTree(child, here - 1);
            else Add(Number(place), child, stored, mask);
        }
    }

    private void AddArray(ulong address)
    {
        var head = file.At(address, 24, What);
        head.Expect("FAHD"u8);
        head.Skip(2);
        int size = head.Byte(), pageBits = head.Byte();
        ulong entries = head.UInt64(), block = head.UInt64();
        if (size != (isFiltered ? Math.Clamp(size, 13, 20) : 8) || pageBits > 30 || entries != (ulong)Count)
            throw file.Wrong($"{What} with {Count} entries of {(isFiltered ? "13 to 20" : "8")} bytes", $"{entries} of {size} bytes, pages of 2^{pageBits}");

        long page = Count > 1L << pageBits ? 1L << pageBits : Count, start = 14;
        file.At(block, start, What).Expect("FADB"u8);
        if (page < Count) start += ((Count + page - 1) / page + 7) / 8 + 4;             // which pages are there, and a checksum
        for (long first = 0; first < Count; first += page, start += size * page + 4)
        {
            long here = Math.Min(page, Count - first);
            var body = file.At(block + (ulong)start, size * here, What);
            for (long i = 0; i < here; i++)
                Add(first + i, body.UInt64(), isFiltered ? (long)Math.Min(body.Sized(size - 12), long.MaxValue) : chunkBytes, isFiltered ? body.UInt32() : 0);
        }
    }

    private long Number(ulong[] place)
    {
        long number = 0;
        for (int i = 0; i < grid.Length; i++)
        {
            if (place[i] % (ulong)sides[i] != 0 || place[i] / (ulong)sides[i] >= (ulong)grid[i])
                throw file.Wrong($"a chunk at multiples of ({string.Join(", ", sides)}) within the data set", $"one at ({string.Join(", ", place)})");
            number = number * grid[i] + (long)(place[i] / (ulong)sides[i]);
        }
        return number;
    }

    private void Add(long number, ulong address, long stored, uint mask)
    {
        file.Check(address, stored, $"chunk {number}");
        if (!isFiltered && stored != chunkBytes) throw file.Wrong($"{chunkBytes} bytes of chunk {number}", $"{stored}");
        if (!chunks.TryAdd(number, new(number, address, stored, mask))) throw file.Wrong("an entry a chunk", $"two of chunk {number}");
    }

    private IReadOnlyCollection<Hdf5Chunk> Whole()
    {
        if (chunks.Count != Count) throw file.Wrong($"{Count} chunks", $"{chunks.Count}: the others were never written");
        if (chunks.Values.Aggregate((Int128)0, (sum, chunk) => sum + chunk.Stored) > file.Length) throw file.Wrong($"chunks that share no bytes in a file of {file.Length}", "chunks that do");
        return chunks.Values;
    }
}
