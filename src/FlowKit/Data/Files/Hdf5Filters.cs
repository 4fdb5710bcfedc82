using System.IO.Compression;

namespace FlowKit.Data;

/// <summary>What a chunk of an HDF5 file went through before it was stored, undone: deflate, shuffled bytes, Fletcher's checksum.</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1, Shuffle = 2, Fletcher32 = 3, FirstNamed = 256, Most = 32;
    private const long MostPerByte = 1032;                    // deflate's best

    private readonly List<int> filters = [];
    private readonly Hdf5Bytes file;

    public Hdf5Filters(Hdf5Bytes file, Hdf5Cursor? pipeline)
    {
        this.file = file;
        if (pipeline is null) return;

        int version = pipeline.Byte(), count = pipeline.Byte();
        if (version is not (1 or 2) || count > Most) throw file.Wrong($"a filter pipeline of version 1 or 2 with at most {Most} filters", $"version {version}, {count} filters");
        pipeline.Skip(version == 1 ? 6 : 0);
        for (int i = 0; i < count; i++) filters.Add(Next(pipeline, version));
    }

    public bool Any => filters.Count > 0;

    /// <summary>Bytes that so many stored ones can stand for, at most.</summary>
    public long Largest(long stored) => filters.Contains(Deflate) ? MostPerByte * stored : stored;

    /// <summary>The chunk as it was.</summary>
    /// <param name="stored">Its bytes in the file.</param>
    /// <param name="mask">A set bit for each filter that was left out.</param>
    /// <param name="size">Bytes of a number.</param>
    /// <param name="length">Bytes of the chunk.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public byte[] Undo(byte[] stored, uint mask, int size, int length)
    {
        for (int i = filters.Count - 1; i >= 0; i--)
            if ((mask >> i & 1) == 0)
                stored = filters[i] switch { Deflate => Inflated(stored, length + 4 * filters.Count), Shuffle => Unshuffled(stored, size), _ => Checked(stored) };
        return stored.Length == length ? stored : throw file.Wrong($"a chunk of {length} bytes", $"{stored.Length}");
    }

    private int Next(Hdf5Cursor pipeline, int version)
    {
        int filter = pipeline.UInt16();
        if (filter is not (Deflate or Shuffle or Fletcher32)) throw file.Wrong("the filters deflate, shuffle and fletcher32", $"filter {filter}");
        int name = version == 1 || filter >= FirstNamed ? pipeline.UInt16() : 0;
        pipeline.Skip(2);
        int values = pipeline.UInt16();
        pipeline.Skip(name + 4 * (values + (version == 1 ? values % 2 : 0)));
        return filter;
    }

    private byte[] Inflated(byte[] stored, int limit)
    {
        try
        {
            using var packed = new ZLibStream(new MemoryStream(stored), CompressionMode.Decompress);
            byte[] bytes = new byte[limit];
            int count = packed.ReadAtLeast(bytes, limit, throwOnEndOfStream: false);
            return count == limit && packed.ReadByte() >= 0 ? throw file.Wrong($"a chunk of at most {limit} bytes", "more") : bytes[..count];
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !error.Message.StartsWith(file.Name, StringComparison.Ordinal))
        {
            throw file.Wrong("whole deflated data", "damaged ones", error);          // an IOException where they ask for a dictionary
        }
    }

    private static byte[] Unshuffled(byte[] stored, int size)
    {
        byte[] bytes = [.. stored];
        int count = stored.Length / size;
        for (int i = 0; i < count; i++)
            for (int j = 0; j < size; j++) bytes[i * size + j] = stored[j * count + i];
        return bytes;
    }

    private byte[] Checked(byte[] stored)
    {
        if (stored.Length < 4) throw file.Wrong("a chunk with its checksum", $"{stored.Length} bytes");
        byte[] bytes = stored[..^4];
        ulong sum = 0, sums = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum = (sum + (ulong)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0))) % ushort.MaxValue;
            sums = (sums + sum) % ushort.MaxValue;
        }
        uint claimed = BitConverter.ToUInt32(stored, bytes.Length);
        return (claimed & 0xFFFF) % ushort.MaxValue == sum && (claimed >> 16) % ushort.MaxValue == sums ? bytes : throw file.Wrong("a chunk with the checksum it was written with", "a changed one");
    }
}
