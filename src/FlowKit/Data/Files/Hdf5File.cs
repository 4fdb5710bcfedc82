namespace FlowKit.Data;

/// <summary>HDF5 (The HDF Group, file format specification 3.0): named arrays in groups, such as BSDS300's train, validation and test.</summary>
/// <remarks>
/// Read are data sets of u1, i1, i2, i4, i8, f4 or f8 in either byte order, in one piece or in chunks, deflated, shuffled and with Fletcher's checksum: what h5py and MATLAB write
/// unless told otherwise. Other types, filters, links to other places and the indices of data sets that grow are refused by name. The reader is our own because files come from
/// anywhere, and a file must not end the process: PureHDF 2.2.0 overflows the stack on a link that leads to itself.
/// </remarks>
/// <example><code>
/// // A small file in place of BSDS300.hdf5: "train" is ((1, 2), (3, 4)) in bytes.
/// string file = "iUhERg0KGgoCCAgAAAAAAAAAAAD//////////7AAAAAAAAAAMAAAAAAAAADL4fjCT0hEUgIAMAISAAAAAP////////////////////8KAgAAAAAGEAAAAQ"
///     + "AFdHJhaW5rAAAAAAAAAPagMuRPSERSAgA6ARQAAAICAAECAAAAAAAAAAIAAAAAAAAAAwwAABAAAAABAAAAAAAIAAUCAAADCQgIAAADAAQAAQIDBEcINB8=";
/// File.WriteAllBytes("small.hdf5", Convert.FromBase64String(file));
/// var train = Hdf5File.Load("small.hdf5", "train");
/// Console.WriteLine(train);  // => [2x2], type = Byte, device = cpu
/// Console.WriteLine(train.npstr());
/// // => [[1, 2]
/// // =>  [3, 4]]
/// </code></example>
public static class Hdf5File
{
    private static readonly byte[] signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A data set in its own shape and type, held once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">Its name, such as "train", or its path within groups, such as "images/train".</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no HDF5 file, is cut off or damaged, has no such data set, or one of a kind that is not read.</exception>
    public static Tensor Load(string path, string dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataset);
        using var file = new Hdf5Bytes(path);
        try
        {
            var header = Find(file, dataset);
            return header.Has(Hdf5Dataset.Layout) ? new Hdf5Dataset(file, header).Read() : throw file.Wrong($"a data set '{dataset}'", "a group or a type");
        }
        catch (Exception error) when (error is InsufficientExecutionStackException or OverflowException or OutOfMemoryException)
        {
            throw file.Wrong("a whole HDF5 file", "a damaged one", error);
        }
    }

    private static Hdf5Header Find(Hdf5Bytes file, string dataset)
    {
        var header = new Hdf5Header(file, Root(file));
        foreach (string name in dataset.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var members = Hdf5Group.Members(file, header);
            if (!members.TryGetValue(name, out ulong address)) throw file.Wrong($"a data set '{dataset}'", members.Count == 0 ? "nothing of a name" : string.Join(", ", members.Keys.Take(20)));
            if (address == Hdf5Bytes.Nowhere) throw file.Wrong($"a data set '{dataset}' of the file itself", "a link to another place");
            header = new(file, address);
        }
        return header;
    }

    // The superblock is at 0, or after a user's own block of 512, 1024, 2048 ... bytes.
    private static ulong Root(Hdf5Bytes file)
    {
        for (long start = 0; start + 9 <= file.Length; start = Math.Max(512, 2 * start))
        {
            var head = file.At((ulong)start, 9, "a superblock");
            if (!head.Bytes(8).SequenceEqual(signature)) continue;

            int version = head.Byte();
            return version switch
            {
                0 or 1 => Root(file, start, sizes: 13, addresses: version == 0 ? 24 : 28, root: 40),
                2 or 3 => Root(file, start, sizes: 9, addresses: 12, root: 24),
                _ => throw file.Wrong("a superblock of version 0 to 3", $"{version}"),
            };
        }
        throw file.Wrong("an HDF5 file, which begins with 89 'HDF'", "another, or none of its bytes");
    }

    private static ulong Root(Hdf5Bytes file, long start, int sizes, int addresses, int root)
    {
        var block = file.At((ulong)start, addresses + root + 8, "a superblock");
        block.Skip(sizes);
        int offset = block.Byte(), length = block.Byte();
        if (offset != 8 || length != 8) throw file.Wrong("addresses and lengths of 8 bytes", $"{offset} and {length}");
        block.Skip(addresses - sizes - 2);
        ulong origin = block.UInt64();
        block.Skip(8);
        ulong end = block.UInt64();
        if (origin != (ulong)start || end > (ulong)file.Length) throw file.Wrong($"{end} bytes from {origin} on", $"{file.Length} from {start} on");
        block.Skip(root - 24);
        file.Base = origin;
        return block.UInt64();
    }
}
