namespace FlowKit.Data;

/// <summary>A data set of an HDF5 file: shape, type, and where its numbers are.</summary>
internal sealed class Hdf5Dataset
{
    /// <summary>The message that tells a data set from a group.</summary>
    public const int Layout = 0x08;

    private const int Dataspace = 0x01, Datatype = 0x03, External = 0x07, Pipeline = 0x0B;
    private const int MostDimensions = 16;

    private readonly Hdf5Bytes file;
    private readonly Hdf5Header header;
    private readonly long[] shape;
    private readonly Hdf5Type type;
    private readonly long bytes;

    public Hdf5Dataset(Hdf5Bytes file, Hdf5Header header)
    {
        (this.file, this.header) = (file, header);
        if (header.Has(External)) throw file.Wrong("numbers in the file itself", "a data set that keeps them in others");
        shape = Shape(header.One(Dataspace, "shape"));
        type = Hdf5Type.Read(file, header.One(Datatype, "type"));
        bytes = RawNumbers.Bytes(shape, type.Numbers.Size, file.Name);
    }

    /// <summary>Its numbers, (shape).</summary>
    public Tensor Read()
    {
        var layout = header.One(Layout, "layout");
        int version = layout.Byte(), kind = layout.Byte();
        if (version is not (3 or 4)) throw file.Wrong("a layout of version 3 or 4", $"{version}");
        return kind switch
        {
            0 => Filled(Compact(layout)),
            1 => Filled(Contiguous(layout)),
            2 => Filled(Chunked(layout, version)),
            _ => throw file.Wrong("a data set in one piece or in chunks", $"layout {kind}"),
        };
    }

    private long[] Shape(Hdf5Cursor message)
    {
        int version = message.Byte(), rank = message.Byte();
        message.Skip(1);
        int kind = message.Byte();
        message.Skip(version == 1 ? 4 : 0);
        if (version is not (1 or 2) || rank > MostDimensions || (version == 2 && kind > 1))
            throw file.Wrong($"a shape of version 1 or 2 with at most {MostDimensions} dimensions", version == 2 && kind == 2 ? "no numbers at all" : $"version {version}, {rank} dimensions");
        return [.. Enumerable.Range(0, rank).Select(_ => message.UInt64() is var length && length <= long.MaxValue ? (long)length : throw file.Wrong("sizes below 2^63", $"{length}"))];
    }

    private delegate void Fill(Span<byte> target);

    // Claims are checked before: from here on the file is known to hold what it says.
    private Tensor Filled(Fill fill)
    {
        var data = empty(shape, dtype: type.Numbers.Type, device: CPU);
        try
        {
            if (bytes == 0) return data;

            fill(data.bytes);
            type.Numbers.IntoOrder(data.bytes, type.IsBigEndian);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private Fill Compact(Hdf5Cursor layout)
    {
        int stored = layout.UInt16();
        if (stored != bytes) throw file.Wrong($"{bytes} bytes of numbers", $"{stored}");
        byte[] numbers = layout.Bytes(stored).ToArray();
        return target => numbers.CopyTo(target);
    }

    private Fill Contiguous(Hdf5Cursor layout)
    {
        ulong address = layout.UInt64(), stored = layout.UInt64();
        if (stored != (ulong)bytes) throw file.Wrong($"{bytes} bytes of numbers", $"{stored}");
        if (bytes > 0) file.Check(address, bytes, "numbers");
        return target => file.Read(address, target, "numbers");
    }

    private Fill Chunked(Hdf5Cursor layout, int version)
    {
        int flags = version == 4 ? layout.Byte() : 0, rank = layout.Byte();
        if (rank != shape.Length + 1) throw file.Wrong($"chunks of {shape.Length} dimensions", $"{rank - 1}");
        ulong tree = version == 3 ? layout.UInt64() : 0;
        int size = version == 3 ? 4 : layout.Byte();
        long[] sides = [.. Enumerable.Range(0, rank).Select(_ => layout.Sized(size)).Select(side => side is > 0 and < 1UL << 32 ? (long)side : throw file.Wrong("chunks of 1 to 2^32 numbers a side", $"{side}"))];
        if (sides[^1] != type.Numbers.Size) throw file.Wrong($"chunks of numbers of {type.Numbers.Size} bytes", $"{sides[^1]} bytes");

        var filters = new Hdf5Filters(file, header.Has(Pipeline) ? header.One(Pipeline, "filter pipeline") : null);
        if ((flags & 1) != 0 && filters.Any) throw file.Wrong("filters on all chunks", "none on those at the edge");
        long chunkBytes = RawNumbers.Bytes(sides, 1, file.Name);
        long[] grid = [.. shape.Zip(sides, (length, side) => length / side + (length % side > 0 ? 1 : 0))];
        if (bytes == 0) return _ => { };
        if (grid.Aggregate((Int128)1, (product, length) => product * length) * Math.Max(1, chunkBytes) is var whole && whole > filters.Largest(file.Length))
            throw file.Wrong($"numbers that fit into a file of {file.Length} bytes", $"{whole} bytes of chunks");

        var index = new Hdf5ChunkIndex(file, grid, sides[..^1], chunkBytes, filters.Any);
        var chunks = version == 3 ? index.ByTree(tree) : index.ByIndex(layout, flags);
        var piece = new Hdf5Piece(shape, sides[..^1], grid, type.Numbers.Size);
        return target =>
        {
            foreach (var chunk in chunks) piece.Place(Numbers(chunk, filters, (int)chunkBytes), chunk.Number, target);
        };
    }

    private byte[] Numbers(Hdf5Chunk chunk, Hdf5Filters filters, int chunkBytes)
    {
        if (chunkBytes > filters.Largest(chunk.Stored)) throw file.Wrong($"{chunkBytes} bytes of chunk {chunk.Number}", $"{chunk.Stored} stored ones");
        byte[] stored = new byte[chunk.Stored];
        file.Read(chunk.Address, stored, $"chunk {chunk.Number}");
        return filters.Undo(stored, chunk.Mask, type.Numbers.Size, chunkBytes);
    }
}
