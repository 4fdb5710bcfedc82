using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowKit.Data;

/// <summary>NumPy's files: NPY holds one array, NPZ a ZIP of them (NumPy Enhancement Proposal 1, versions 1 to 3 of the format).</summary>
/// <remarks>Numbers and truth values in either byte order, C or Fortran order. Arrays of Python objects are refused: reading them means running code.</remarks>
/// <example><code>
/// // In place of numpy.save("x.npy", numpy.array([[1, 2], [3, 4]], dtype="u1")).
/// File.WriteAllBytes("x.npy", [0x93, .. "NUMPY"u8, 1, 0, 60, 0, .. "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n"u8, 1, 2, 3, 4]);
/// var x = NpyFile.Load("x.npy");
/// Console.WriteLine(x);  // => [2x2], type = Byte, device = cpu
/// Console.WriteLine(x.npstr());
/// // => [[1, 2]
/// // =>  [3, 4]]
/// </code></example>
public static partial class NpyFile
{
    /// <summary>The array of an NPY file, in its own shape; uint8, int8 to int64, float32, float64 or bool.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not NPY, holds a type that tensors do not have, is cut off, or has bytes after its end.</exception>
    public static Tensor Load(string path)
    {
        using var file = FileBytes.Open(path);
        return Load(file);
    }

    /// <summary>One array of an NPZ file, such as "data".</summary>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    public static Tensor Load(string path, string array)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(array);
        using var file = FileBytes.Open(path);
        using var zip = Zip(path);
        var entry = zip.GetEntry(array + ".npy")
            ?? throw file.Wrong($"an array '{array}'", zip.Entries.Count == 0 ? "none" : string.Join(", ", zip.Entries.Select(entry => entry.Name.Replace(".npy", "", StringComparison.Ordinal))));
        try
        {
            using var inside = new FileBytes(entry.Open(), $"{path}/{entry.Name}");
            return Load(inside);
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw file.Wrong($"a whole array '{array}'", "damaged ZIP data", error);
        }
    }

    internal static Tensor Load(FileBytes file)
    {
        byte[] start = file.Read(8, "an NPY header");
        if (start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw file.Wrong("an NPY header 93 'NUMPY'", Convert.ToHexString(start));
        if (start[6] is 0 or > 3) throw file.Wrong("version 1, 2 or 3 of the NPY format", $"{start[6]}");

        byte[] length = file.Read(start[6] == 1 ? 2 : 4, "an NPY header");
        long count = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > 1 << 16) throw file.Wrong("a header of at most 65536 bytes", $"{count}");
        string header = Encoding.UTF8.GetString(file.Read(count, "an NPY header"));

        var (kind, bigEndian) = Type(file, header);
        bool fortran = Field(file, header, "fortran_order", FortranOrder()) == "True";
        long[] shape = [.. Field(file, header, "shape", Shape()).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(size => Size(file, size))];
        if (shape.Length > 16) throw file.Wrong("at most 16 dimensions", $"{shape.Length}");

        byte[] bytes = file.Read(RawNumbers.Bytes(shape, kind.Size, file.Name), "numbers");
        file.End("the last number");
        if (!fortran) return kind.Tensor(bytes, shape, bigEndian);
        return kind.Tensor(bytes, [.. shape.Reverse()], bigEndian).permute([.. Enumerable.Range(0, shape.Length).Select(i => (long)(shape.Length - 1 - i))]).contiguous();
    }

    private static (RawNumbers, bool BigEndian) Type(FileBytes file, string header)
    {
        string type = Field(file, header, "descr", Description());
        return "<>|=".Contains(type[0]) && RawNumbers.OfNumPy(type[1..]) is { } kind
            ? (kind, type[0] == '>')
            : throw file.Wrong("a type of u1, i1, i2, i4, i8, f4, f8, b1", $"'{type}'");
    }

    private static string Field(FileBytes file, string header, string name, Regex pattern) =>
        pattern.Match(header) is { Success: true } match ? match.Groups[1].Value : throw file.Wrong($"a header with '{name}'", $"'{header.Trim()}'");

    private static long Size(FileBytes file, string text) =>
        long.TryParse(text.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : throw file.Wrong("sizes >= 0 in the shape", $"'{text}'");

    private static ZipArchive Zip(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException error)
        {
            throw FileBytes.Wrong(path, "a ZIP of arrays", "damaged or other data", error);
        }
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{2,8})'")]
    private static partial Regex Description();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^()]*)\)")]
    private static partial Regex Shape();
}
