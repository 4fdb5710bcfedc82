using System.Buffers.Binary;

namespace FlowKit.Data;

/// <summary>IDX, the format of MNIST and its kin (Y. LeCun): two zero bytes, a type, the number of dimensions, their sizes, then the numbers, big-endian. Plain or gzip.</summary>
/// <example><code>
/// string folder = Catalog.Get("fashion-mnist-t10k");
/// var images = IdxFile.Load(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"));
/// Console.WriteLine(images);  // => [10000x28x28], type = Byte, device = cpu
/// </code></example>
public static class IdxFile
{
    /// <summary>The tensor in a file, in the file's own shape and type: uint8, int8, int16, int32, float32 or float64.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not IDX, is cut off, or has bytes after its end.</exception>
    public static Tensor Load(string path)
    {
        using var file = FileBytes.Open(path);
        return Load(file);
    }

    /// <summary>The tensor of a file that the library carries.</summary>
    internal static Tensor Embedded(string name)
    {
        using var file = FileBytes.Embedded(name);
        return Load(file);
    }

    private static Tensor Load(FileBytes file)
    {
        byte[] magic = file.Read(4, "an IDX header");
        if (magic[0] != 0 || magic[1] != 0 || RawNumbers.OfIdx(magic[2]) is not { } kind)
            throw file.Wrong("an IDX header 00 00 (08|09|0B|0C|0D|0E) n", Convert.ToHexString(magic));
        if (magic[3] is 0 or > 8) throw file.Wrong("1 to 8 dimensions", $"{magic[3]}");

        byte[] sizes = file.Read(4 * magic[3], "an IDX header");
        long[] shape = [.. Enumerable.Range(0, magic[3]).Select(i => (long)BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4 * i)))];
        byte[] bytes = file.Read(RawNumbers.Bytes(shape, kind.Size, file.Name), "numbers");
        file.End("the last number");
        return kind.Tensor(bytes, shape, bigEndian: true);
    }
}
