using System.Text;
using FlowKit.Data;

namespace FlowKit.Tests.Data.Files;

/// <summary>Files that are cut off, changed or lengthened: refused in words that name the file, or read as what they still say; nothing else, and nothing large.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Variants = 30;
    private const long Modest = 200_000_000;
    private const long OfOneClaim = 1L << 32;         // PureHDF makes an array, of 2 GB at most, of what a chunk claims before it sees where the file ends

    private static readonly Dictionary<string, (byte[] Bytes, Func<string, Tensor> Load)> formats = new()
    {
        ["IDX"] = (Fixtures.Idx(1, 2, 3, 4, 5, 6), path => IdxFile.Load(path)),
        ["IDX.gz"] = (Fixtures.Packed(Fixtures.Idx([.. Enumerable.Range(0, 200).Select(i => (byte)(i * i))])), path => IdxFile.Load(path)),
        ["CIFAR"] = (Fixtures.Cifar(2), path => CifarFile.Load(path).Images),
        ["CIFAR archive"] = (Fixtures.CifarArchive(("test_batch.bin", Fixtures.Cifar(2))), path => CifarFile.LoadArchive(path, test: true).Images),
        ["NPY"] = (Fixtures.Npy("<f4", "2, 3", new byte[24]), path => NpyFile.Load(path)),
        ["NPZ"] = (Fixtures.ImageNet32(2), path => ImageNet32File.Load(path).Images),
        ["HDF5"] = (Fixtures.H5Py(), path => Hdf5File.Load(path, "train")),
        ["HDF5 in chunks"] = (Fixtures.H5Py(), path => Hdf5File.Load(path, "packed/float32")),
        ["HDF5 of today"] = (Fixtures.PureHdf(new float[9, 5], [2, 3], packed: true), path => Hdf5File.Load(path, "group/x")),
        ["MAT"] = (Fixtures.SciPy(packed: false), path => MatFile.Load(path, "whole")),
        ["MAT, compressed"] = (Fixtures.SciPy(packed: true), path => MatFile.Load(path, "whole")),
        ["SVHN"] = (Fixtures.Svhn(), path => SvhnFile.Load(path).Images),
        ["CSV"] = ("a,b\n1,2\n3,4\n"u8.ToArray(), path => Table.Read(path).Values),
        ["text"] = ("Zürich, 5 o'clock"u8.ToArray(), path => TextFile.Load(path).Symbols),
        ["PNG"] = (Fixtures.Png(), path => ImageFile.Load(path)),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("flowkit damage ").FullName;

    public static TheoryData<string> Formats => [.. formats.Keys];

    /// <summary>All but text, which anything is.</summary>
    public static TheoryData<string> NotText => [.. formats.Keys.Where(format => format != "text")];

    /// <summary>All but those whose half is a whole.</summary>
    public static TheoryData<string> Binary => [.. formats.Keys.Where(format => format is not ("text" or "CSV"))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_whole_file_is_read(string format) => Assert.Null(Outcome(format, formats[format].Bytes));

    [Theory]
    [MemberData(nameof(Binary))]
    public void A_file_cut_off_anywhere_is_refused_or_has_lost_nothing(string format)
    {
        byte[] bytes = formats[format].Bytes;
        using var whole = Read(format, bytes).Data!;
        for (int i = 0; i < Variants; i++)
        {
            int length = (int)((long)i * (bytes.Length - 1) / Variants);
            using var data = Read(format, bytes[..length]).Data;
            Assert.True(data is null || 2 * length > bytes.Length && data.Equals(whole), $"{length} of {bytes.Length} bytes were read as something else");     // an end may hold but checksums
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_with_changed_bytes_is_refused_or_read(string format)
    {
        byte[] whole = formats[format].Bytes;
        var random = new Random(1);
        for (int i = 0; i < 10 * Variants; i++)
        {
            (int Place, byte Value)[] changes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (random.Next(Math.Min(whole.Length, Structure(format))), (byte)random.Next(256)))];
            byte[] bytes = [.. whole];
            foreach (var (place, value) in changes) bytes[place] = value;
            var error = Record.Exception(() => Outcome(format, bytes));
            Assert.True(error is null, $"{string.Join(", ", changes)}: {error}");
        }
    }

    [Fact]
    public void A_number_in_an_archive_that_is_too_large_is_refused()
    {
        byte[] header = new byte[512];
        header[0] = (byte)'a';
        header.AsSpan(124, 12).Fill(0xFF);           // the size, as a binary number
        header[124] = 0x80;
        int sum = header.Sum(value => value) + 8 * ' ';
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8),6}\0 ").CopyTo(header, 148);
        Assert.Contains("expected a whole tar archive", Outcome("CIFAR archive", Fixtures.Packed(header)));
    }

    [Theory]
    [MemberData(nameof(NotText))]
    public void Other_data_are_refused(string format)
    {
        Assert.NotNull(Outcome(format, "<html><body>404 Not Found</body></html>"u8.ToArray()));
        Assert.NotNull(Outcome(format, []));
    }

    [Fact]
    public void A_claim_of_terabytes_costs_nothing()
    {
        Assert.NotNull(Outcome("IDX", [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]));
        Assert.NotNull(Outcome("IDX", [0, 0, 8, 1, 0x7F, 0xFF, 0xFF, 0x00, 1]));
        Assert.NotNull(Outcome("NPY", Fixtures.Npy("<f8", "999999999999, 999999999999", [])));
        Assert.Contains("found 30000 x 30000", Outcome("PNG", Fixtures.BmpHeader(30_000)));
    }

    // HDF5 describes itself all over the file, the others in their first bytes.
    private static int Structure(string format) => IsHdf5(format) ? int.MaxValue : 400;

    private static bool IsHdf5(string format) => format.StartsWith("HDF5", StringComparison.Ordinal);

    // Null where it was read, else the words of the refusal.
    private string? Outcome(string format, byte[] bytes)
    {
        var (data, refusal) = Read(format, bytes);
        data?.Dispose();
        return refusal;
    }

    private (Tensor? Data, string? Refusal) Read(string format, byte[] bytes)
    {
        string path = Path.Combine(folder, "data");
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return (formats[format].Load(path), null);
        }
        catch (InvalidDataException refusal)
        {
            Assert.Contains(path, refusal.Message);
            Assert.Contains("expected", refusal.Message);
            return (null, refusal.Message);
        }
        finally
        {
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < (IsHdf5(format) ? OfOneClaim : Modest), format);
        }
    }
}
