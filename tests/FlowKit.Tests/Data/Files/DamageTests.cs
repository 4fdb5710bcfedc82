using CsCheck;
using FlowKit.Data;

namespace FlowKit.Tests.Data.Files;

/// <summary>Files that are cut off, changed or lengthened: refused in words that name the file, or read as what they still say; nothing else, and nothing large.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Variants = 30;
    private const long Modest = 200_000_000;

    private static readonly Dictionary<string, (byte[] Bytes, Action<string> Load)> formats = new()
    {
        ["IDX"] = (Fixtures.Idx(1, 2, 3, 4, 5, 6), path => IdxFile.Load(path).Dispose()),
        ["IDX.gz"] = (Fixtures.Packed(Fixtures.Idx([.. Enumerable.Range(0, 200).Select(i => (byte)(i * i))])), path => IdxFile.Load(path).Dispose()),
        ["CIFAR"] = (Fixtures.Cifar(2), path => CifarFile.Load(path)),
        ["CIFAR archive"] = (Fixtures.CifarArchive(("test_batch.bin", Fixtures.Cifar(2))), path => CifarFile.LoadArchive(path, test: true)),
        ["NPY"] = (Fixtures.Npy("<f4", "2, 3", new byte[24]), path => NpyFile.Load(path).Dispose()),
        ["NPZ"] = (Fixtures.ImageNet32(2), path => ImageNet32File.Load(path)),
        ["CSV"] = ("a,b\n1,2\n3,4\n"u8.ToArray(), path => CsvTable.Load(path)),
        ["text"] = ("Zürich, 5 o'clock"u8.ToArray(), path => TextFile.Load(path)),
        ["PNG"] = (Fixtures.Png(), path => ImageFile.Load(path).Dispose()),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("flowkit damage ").FullName;

    public static TheoryData<string> Formats => [.. formats.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_whole_file_is_read(string format) => Assert.Null(Outcome(format, formats[format].Bytes));

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_cut_off_anywhere_is_refused(string format)
    {
        byte[] whole = formats[format].Bytes;
        if (format is "CSV" or "text") whole = whole[..1];                   // half a text is a text: only nothing is refused
        int refused = 0;
        for (int i = 0; i < Variants; i++)
        {
            int length = (int)((long)i * (whole.Length - 1) / Variants);
            if (Outcome(format, whole[..length]) is not null) refused++;
            else if (format is "PNG" or "IDX.gz" or "CIFAR archive") refused++;   // their last bytes may be padding or a checksum nobody needs
        }
        Assert.Equal(Variants, refused);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_with_changed_bytes_is_refused_or_read(string format)
    {
        byte[] whole = formats[format].Bytes;
        var damage = Gen.Select(Gen.Int[0, Math.Min(whole.Length, 400) - 1], Gen.Byte, (place, value) => (place, value)).Array[1, 4];
        damage.Sample(changes =>
        {
            byte[] bytes = [.. whole];
            foreach (var (place, value) in changes) bytes[place] = value;
            Outcome(format, bytes);
        }, iter: 10 * Variants, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Other_data_are_refused(string format)
    {
        if (format == "text") return;
        Assert.NotNull(Outcome(format, "<html><body>404 Not Found</body></html>"u8.ToArray()));
        Assert.NotNull(Outcome(format, []));
    }

    [Fact]
    public void A_claim_of_terabytes_costs_nothing()
    {
        Assert.NotNull(Outcome("IDX", [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]));
        Assert.NotNull(Outcome("IDX", [0, 0, 8, 1, 0x7F, 0xFF, 0xFF, 0x00, 1]));
        Assert.NotNull(Outcome("NPY", Fixtures.Npy("<f8", "999999999999, 999999999999", [])));
    }

    // Null where it was read, else the words of the refusal.
    private string? Outcome(string format, byte[] bytes)
    {
        string path = Path.Combine(folder, "data");
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            formats[format].Load(path);
            return null;
        }
        catch (InvalidDataException refusal)
        {
            Assert.Contains(path, refusal.Message);
            Assert.Contains("expected", refusal.Message);
            return refusal.Message;
        }
        finally
        {
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Modest, format);
        }
    }
}
