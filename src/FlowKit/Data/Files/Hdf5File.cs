using PureHDF;
using PureHDF.VOL.Native;

namespace FlowKit.Data;

/// <summary>HDF5 (The HDF Group, file format specification 3.0): named arrays in groups, such as BSDS300's train, validation and test.</summary>
/// <remarks>
/// PureHDF reads data sets of u1, i1, i2, i4, i8, f4 or f8 in either byte order, in one piece or in chunks, deflated, shuffled and with Fletcher's checksum: what h5py and MATLAB write
/// by default. Other types, and whatever leads to another file, are refused by name.
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
    private const int Inflation = 1032;             // the most that deflation makes of a byte (zlib's technical details)

    /// <summary>A data set in its own shape and type.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">Its name, such as "train", or its path within groups, such as "images/train".</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not HDF5, is cut off or damaged, or has no such data set, or the data set is of a kind that is not read.</exception>
    public static Tensor Load(string path, string dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataset);
        using var stream = new Hdf5Stream(path);
        try
        {
            using var file = H5File.Open(stream);
            if (Hdf5Internals.End(file) is var end && end > (ulong)stream.Length) throw FileBytes.Wrong(path, $"{end} bytes", $"the end after {stream.Length}");
            return Read(Find(file, path, dataset), path, stream.Length);
        }
        catch (Exception error) when (error is not IOException and not InvalidDataException || error is EndOfStreamException || !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw FileBytes.Wrong(path, "a whole HDF5 file", $"another or a damaged one ({error.Message})", error);
        }
    }

    private static NativeDataset Find(NativeFile file, string path, string dataset)
    {
        IH5Object found = file;
        foreach (string name in dataset.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found is not NativeGroup group) throw FileBytes.Wrong(path, $"a data set '{dataset}'", $"no group that holds '{name}'");

            var links = Hdf5Internals.Links(group);
            if (links.Any(link => link.Name == name && !link.IsHard)) throw FileBytes.Wrong(path, $"a data set '{dataset}' of the file itself", "a link to another place");
            if (!group.LinkExists(name)) throw FileBytes.Wrong(path, $"a data set '{dataset}'", Words(links.Count > 0 ? links.Select(link => link.Name) : group.Children().Select(child => child.Name)));
            found = group.Get(name);
        }
        return found as NativeDataset ?? throw FileBytes.Wrong(path, $"a data set '{dataset}'", found is NativeGroup ? "a group" : "a type or a link that leads nowhere");
    }

    private static string Words(IEnumerable<string> names) => string.Join(", ", names.Take(20)) is { Length: > 0 } words ? words : "an empty group";

    private static Tensor Read(NativeDataset dataset, string path, long length)
    {
        var numbers = Numbers(dataset.Type) ?? throw FileBytes.Wrong(path, "numbers of type u1, i1, i2, i4, i8, f4, f8", Words(dataset.Type));
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage || Hdf5Internals.IsExternal(dataset)) throw FileBytes.Wrong(path, "numbers in the file itself", "a data set that keeps them in others");
        if (dataset.Space.Type == H5DataspaceType.Null) throw FileBytes.Wrong(path, "a data set of numbers", "one that holds none");

        // The claims are checked before memory is asked for.
        bool isChunked = dataset.Layout.Class == H5DataLayoutClass.Chunked;
        long[] shape = Shape(dataset.Space.Dimensions);
        Check(shape);
        if (isChunked) Check(Shape(dataset.Layout.Chunks));

        var data = empty(shape, dtype: numbers.Type, device: CPU);
        try
        {
            if (data.numel() == 0) return data;
            dataset.Read(data.bytes);
            numbers.IntoOrder(data.bytes, Hdf5Internals.IsBigEndian(dataset));
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }

        long[] Shape(ulong[] sides) => [.. sides.Select(side => side <= long.MaxValue ? (long)side : throw FileBytes.Wrong(path, "sizes below 2^63", $"{side}"))];

        void Check(long[] sides)
        {
            long bytes = RawNumbers.Bytes(sides, numbers.Size, path), most = isChunked ? Inflation * length : length;
            if (bytes > most) throw FileBytes.Wrong(path, $"{bytes} bytes of numbers of shape ({string.Join(", ", sides)})", $"a file of {length} bytes, which cannot hold them");
        }
    }

    private static RawNumbers? Numbers(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FixedPoint => RawNumbers.OfNumPy($"{(type.FixedPoint.IsSigned ? "i" : "u")}{type.Size}"),
        H5DataTypeClass.FloatingPoint => RawNumbers.OfNumPy($"f{type.Size}"),
        _ => null,
    };

    private static string Words(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FixedPoint => $"{(type.FixedPoint.IsSigned ? "signed" : "unsigned")} numbers of {type.Size} bytes",
        H5DataTypeClass.FloatingPoint => $"floating numbers of {type.Size} bytes",
        H5DataTypeClass.VariableLength => "lists or text",
        var other => $"the type {other}",
    };
}
