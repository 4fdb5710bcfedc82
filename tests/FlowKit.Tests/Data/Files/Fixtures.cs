using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using PureHDF;
using PureHDF.Filters;
using SkiaSharp;

namespace FlowKit.Tests.Data.Files;

/// <summary>Small files of each canonical format, written byte by byte or by the format's own library.</summary>
internal static class Fixtures
{
    public static byte[] Idx(params byte[] values) => [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, (byte)(values.Length / 2), .. values];

    public static byte[] Cifar(int records, int labels = 1) =>
        [.. Enumerable.Range(0, records).SelectMany(i => (byte[])[.. Enumerable.Repeat((byte)(i % 10), labels), .. Enumerable.Range(0, 3072).Select(j => (byte)(i + j))])];

    public static byte[] CifarArchive(params (string Name, byte[] Bytes)[] files)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress))
        using (var tar = new TarWriter(zip))
            foreach (var (name, bytes) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}") { DataStream = new MemoryStream(bytes) });
        return packed.ToArray();
    }

    public static byte[] Npy(string type, string shape, byte[] values, bool fortran = false)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}".PadRight(117) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. values];
    }

    public static byte[] Npz(params (string Name, byte[] Bytes)[] arrays)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
            foreach (var (name, bytes) in arrays)
            {
                using var entry = zip.CreateEntry(name + ".npy").Open();
                entry.Write(bytes);
            }
        return packed.ToArray();
    }

    public static byte[] ImageNet32(int images) => Npz(
        ("data", Npy("|u1", $"{images}, 3072", [.. Enumerable.Range(0, images * 3072).Select(i => (byte)i)])),
        ("labels", Npy("<i8", $"{images},", [.. Enumerable.Range(1, images).SelectMany(i => BitConverter.GetBytes((long)i))])));

    public static byte[] Png()
    {
        using var bitmap = new SKBitmap(5, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 5; x++) bitmap.SetPixel(x, y, new SKColor((byte)(x * 50), (byte)(y * 60), 200));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The first 54 bytes of a square BMP picture in 24-bit color, which say all but its pixels.</summary>
    public static byte[] BmpHeader(int side) =>
        [.. "BM"u8, .. BitConverter.GetBytes(54L), .. BitConverter.GetBytes(54), .. BitConverter.GetBytes(40), .. BitConverter.GetBytes(side), .. BitConverter.GetBytes(side), 1, 0, 24, 0, .. new byte[24]];

    /// <summary>
    /// A file of the reference library (h5py 3.7, HDF5 1.10.8), whose formats are the oldest: train, validation and test (N, 3) of f8 in one piece, packed/float32 (5, 7) in chunks of (2, 3)
    /// with gzip, shuffle and fletcher32, holding 0..34, packed/big-endian (6) of i4, holding -3..2.
    /// </summary>
    public static byte[] H5Py() => Resource("h5py.h5");

    /// <summary>
    /// A file of SciPy 1.10, compressed or plain: t_u1, t_i1, ... t_i8 (2, 3) of each integer type and t_f4, t_f8, holding -3..2 or, unsigned, 0..5 row by row; cube (2, 3, 4) of u1, 0..23 row by row;
    /// scalar 2.5; truth (1, 0, 1); empty (0, 3); whole (1, 2, 300) of f8; and text, cells, a structure, a sparse and a complex array.
    /// </summary>
    public static byte[] SciPy(bool packed) => Resource(packed ? "scipy.mat" : "scipy-plain.mat");

    /// <summary>SVHN's format by SciPy: X (32, 32, 3, 4) with X[h, w, c, n] = (50 n + 3 h + w + 70 c) mod 256, and y = (1, 10, 9, 10).</summary>
    public static byte[] Svhn() => Resource("svhn.mat");

    /// <summary>An element of a MAT-file, in full or, up to 4 bytes, within its tag.</summary>
    public static byte[] MatElement(int type, byte[] data, bool bigEndian = false, bool small = false) => small
        ? [.. Bytes(data.Length << 16 | type, bigEndian), .. data, .. new byte[4 - data.Length]]
        : [.. Bytes(type, bigEndian), .. Bytes(data.Length, bigEndian), .. data, .. new byte[type == 15 ? 0 : (8 - data.Length % 8) % 8]];

    /// <summary>An array of a MAT-file, element by element from the format's description; the numbers are in the order of the file.</summary>
    public static byte[] MatArray(string name, int[] shape, int arrayClass, int type, byte[] numbers, bool bigEndian = false, int flags = 0) => MatElement(14,
    [
        .. MatElement(6, [.. Bytes(flags << 8 | arrayClass, bigEndian), 0, 0, 0, 0], bigEndian), .. MatElement(5, [.. shape.SelectMany(size => Bytes(size, bigEndian))], bigEndian),
        .. MatElement(1, Encoding.ASCII.GetBytes(name), bigEndian, small: name.Length <= 4), .. MatElement(type, numbers, bigEndian),
    ], bigEndian);

    /// <summary>A MAT-file of those elements.</summary>
    public static byte[] Mat(bool bigEndian = false, params byte[][] elements) =>
        [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), .. bigEndian ? (byte[])[1, 0] : [0, 1], .. bigEndian ? "MI"u8 : "IM"u8, .. elements.SelectMany(element => element)];

    public static byte[] Zlib(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionMode.Compress)) zip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Bytes(int number, bool bigEndian)
    {
        byte[] bytes = BitConverter.GetBytes(number);
        if (bigEndian) Array.Reverse(bytes);
        return bytes;
    }

    private static byte[] Resource(string name)
    {
        using var file = typeof(Fixtures).Assembly.GetManifestResourceStream($"FlowKit.Tests.Data.Files.{name}")!;
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A file of PureHDF, whose formats are the newest: "x" is the array, in chunks, deflated and shuffled, or in one piece.</summary>
    public static byte[] PureHdf(Array x, uint[]? chunks = null, bool packed = false)
    {
        var filters = packed ? new List<H5Filter> { new(ShuffleFilter.Id), new(DeflateFilter.Id) } : null;
        var bytes = new MemoryStream();
        new PureHDF.H5File { ["group"] = new H5Group { ["x"] = new H5Dataset(x, chunks: chunks, datasetCreation: new(Filters: filters)) } }.Write(bytes);
        return bytes.ToArray();
    }

    public static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress)) zip.Write(bytes);
        return packed.ToArray();
    }
}
