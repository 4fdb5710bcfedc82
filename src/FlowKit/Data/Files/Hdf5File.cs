using PureHDF;

namespace FlowKit.Data;

/// <summary>Arrays in HDF5 files, such as BSDS300's, read by PureHDF.</summary>
public static class Hdf5File
{
    /// <summary>One array, in its own shape: float32, float64, or whole numbers as int64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">Path of the array within it, such as "train".</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no HDF5 file, is damaged, or has no such array of numbers.</exception>
    public static Tensor Load(string path, string dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(dataset);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {Path.GetFullPath(path)}.", path);
        try
        {
            using var file = H5File.OpenRead(path);
            if (!file.LinkExists(dataset)) throw FileBytes.Wrong(path, $"an array '{dataset}'", string.Join(", ", file.Children().Select(child => child.Name)));
            return Read(path, file.Dataset(dataset));
        }
        catch (Exception error) when (error is not (InvalidDataException { InnerException: null } or OutOfMemoryException or UnauthorizedAccessException))
        {
            throw FileBytes.Wrong(path, "a whole HDF5 file", "damaged or other data", error);        // the library throws whatever it stumbles over
        }
    }

    private static Tensor Read(string path, IH5Dataset array)
    {
        long[] shape = [.. array.Space.Dimensions.Select(size => checked((long)size))];
        var type = array.Type;
        Int128 bytes = shape.Aggregate((Int128)type.Size, (product, size) => product * size);
        if (bytes > new FileInfo(path).Length * 1100L) throw FileBytes.Wrong(path, "an array the file can hold", $"shape ({string.Join(", ", shape)})");     // deflate packs 1032 to 1 at best
        return (type.Class, type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 4) => tensor(array.Read<float[]>(), shape, dtype: float32, device: CPU),
            (H5DataTypeClass.FloatingPoint, 8) => tensor(array.Read<double[]>(), shape, dtype: float64, device: CPU),
            (H5DataTypeClass.FixedPoint, 1) when type.FixedPoint.IsSigned => tensor([.. array.Read<sbyte[]>().Select(value => (long)value)], shape, dtype: int64, device: CPU),
            (H5DataTypeClass.FixedPoint, 1) => tensor([.. array.Read<byte[]>().Select(value => (long)value)], shape, dtype: int64, device: CPU),
            (H5DataTypeClass.FixedPoint, 2) => tensor([.. array.Read<short[]>().Select(value => (long)value)], shape, dtype: int64, device: CPU),
            (H5DataTypeClass.FixedPoint, 4) => tensor([.. array.Read<int[]>().Select(value => (long)value)], shape, dtype: int64, device: CPU),
            (H5DataTypeClass.FixedPoint, 8) => tensor(array.Read<long[]>(), shape, dtype: int64, device: CPU),
            _ => throw FileBytes.Wrong(path, "numbers of 1, 2, 4 or 8 bytes", $"{type.Class} of {type.Size} bytes"),
        };
    }
}
