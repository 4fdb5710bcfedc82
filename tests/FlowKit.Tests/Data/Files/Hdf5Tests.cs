using System.Buffers.Binary;
using FlowKit.Data;

namespace FlowKit.Tests.Data.Files;

public sealed class Hdf5Tests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_of_the_reference_library_holds_its_parts()
    {
        string path = scratch.Write(Fixtures.H5Py());
        using var train = Hdf5File.Load(path, "train");
        Assert.Equal([4, 3], train.shape);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i / 4.0), train.data<double>().ToArray());
        Assert.Equal([0, -1.0, -2, -3, -4, -5], Hdf5File.Load(path, "validation").data<double>().ToArray());
        Assert.Equal([1, 3], Hdf5File.Load(path, "/test").shape);
    }

    [Fact]
    public void Chunks_are_inflated_unshuffled_checked_and_cut_at_the_edge()
    {
        using var data = Hdf5File.Load(scratch.Write(Fixtures.H5Py()), "packed/float32");
        Assert.Equal([5, 7], data.shape);
        Assert.Equal(Enumerable.Range(0, 35).Select(i => (float)i), data.data<float>().ToArray());
    }

    [Fact]
    public void Numbers_may_be_big_endian() =>
        Assert.Equal([-3, -2, -1, 0, 1, 2], Hdf5File.Load(scratch.Write(Fixtures.H5Py()), "packed/big-endian").data<int>().ToArray());

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_file_of_todays_format_is_read_in_every_type(bool chunks, bool packed)
    {
        Check<byte>(uint8, i => (byte)(i * 7));
        Check<sbyte>(int8, i => (sbyte)-i);
        Check<short>(int16, i => (short)(-300 * i));
        Check<int>(int32, i => -70000 * i);
        Check<long>(int64, i => i * -5_000_000_000);
        Check<float>(float32, i => i / 3f);
        Check<double>(float64, i => Math.Sqrt(i));

        void Check<T>(ScalarType type, Func<int, T> value) where T : unmanaged
        {
            var x = new T[6, 5];
            for (int i = 0; i < 30; i++) x[i / 5, i % 5] = value(i);
            using var loaded = Hdf5File.Load(scratch.Write(Fixtures.PureHdf(x, chunks ? [4, 2] : null, packed)), "group/x");
            Assert.Equal(type, loaded.dtype);
            Assert.Equal([6, 5], loaded.shape);
            Assert.Equal(x.Cast<T>(), loaded.data<T>().ToArray());
        }
    }

    [Fact]
    public void Many_chunks_and_one_are_found()
    {
        var x = new double[2500, 2];
        for (int i = 0; i < x.Length; i++) x[i / 2, i % 2] = i;
        Assert.Equal(x.Cast<double>(), Hdf5File.Load(scratch.Write(Fixtures.PureHdf(x, [1, 2])), "group/x").data<double>().ToArray());
        Assert.Equal(x.Cast<double>(), Hdf5File.Load(scratch.Write(Fixtures.PureHdf(x, [2500, 2], packed: true)), "group/x").data<double>().ToArray());
    }

    [Fact]
    public void What_is_not_there_or_not_read_is_named()
    {
        string path = scratch.Write(Fixtures.H5Py());
        Assert.Contains("expected a data set 'valid'; found packed, test, train, validation", Refused(path, "valid"));      // the old format keeps names in order
        Assert.Contains("expected a data set 'packed'; found a group", Refused(path, "packed"));
        Assert.Contains("found lists or text", Refused(scratch.Write(Fixtures.PureHdf(new[] { "a", "b" })), "group/x"), StringComparison.Ordinal);
        Assert.Contains("unsigned numbers of 4 bytes", Refused(scratch.Write(Fixtures.PureHdf(new uint[] { 1, 2 })), "group/x"));
        Assert.Contains("missing.h5", Assert.Throws<FileNotFoundException>(() => Hdf5File.Load("missing.h5", "x")).Message);
    }

    [Fact]
    public void A_changed_chunk_is_told_by_its_checksum()
    {
        byte[] bytes = Fixtures.H5Py();
        int chunk = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x78, 0x5E]);                // where deflated data begin
        Assert.True(chunk > 0);
        for (int i = chunk + 20; i < chunk + 24; i++) bytes[i] ^= 0xFF;
        Assert.Contains("expected", Refused(scratch.Write(bytes), "packed/float32"));
    }

    [Fact]
    public void Deflated_data_that_ask_for_a_dictionary_are_damaged()
    {
        byte[] bytes = Fixtures.PureHdf(new float[40], [40], packed: true);
        int chunk = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x78, 0x9C]);
        Assert.True(chunk > 0);
        bytes[chunk + 1] = 0xBB;                                                                  // the bit that says so, and a check that agrees
        Assert.Contains("damaged", Refused(scratch.Write(bytes), "group/x"));
    }

    [Fact]
    public void A_claim_of_exabytes_is_refused_before_memory_is_asked_for()
    {
        byte[] bytes = Fixtures.H5Py();
        byte[] rows = [4, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];
        int shape = bytes.AsSpan().IndexOf(rows);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(shape), 1L << 60);
        Assert.Contains($"shape ({1L << 60}, 3)", Refused(scratch.Write(bytes), "train"));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(shape), 80_000_000);
        Assert.Contains("expected 1920000000 bytes of numbers of shape (80000000, 3); found a file of 8248 bytes", Refused(scratch.Write(bytes), "train"));
    }

    // PureHDF alone overflows the stack here, which ends the process.
    [Theory]
    [InlineData("x", "x")]
    [InlineData("x", "/x")]
    [InlineData("x", "/y")]
    [InlineData("other", "x")]
    public void A_link_that_leads_to_itself_is_refused(string dataset, string target)
    {
        var bytes = new MemoryStream();
        new PureHDF.H5File { ["x"] = new PureHDF.H5SoftLink(target), ["y"] = new PureHDF.H5SoftLink("/x") }.Write(bytes);
        Assert.Contains(dataset == "x" ? "a link to another place" : "found x, y", Refused(scratch.Write(bytes.ToArray()), dataset));
    }

    [Fact]
    public void A_file_that_lost_its_end_is_refused_though_the_numbers_are_there()
    {
        byte[] bytes = Fixtures.H5Py();
        Assert.Contains("expected 8248 bytes; found the end after 8000", Refused(scratch.Write(bytes[..8000]), "train"));
    }

    [Fact]
    public void A_header_that_goes_on_in_itself_comes_to_an_end()
    {
        // A superblock of version 2, and at 48 a header of version 1 whose one message says it goes on at its own place.
        byte[] bytes = new byte[96];
        ((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]).CopyTo(bytes);
        bytes[28] = 96;
        bytes[36] = 48;
        (bytes[48], bytes[56]) = (1, 24);
        (bytes[64], bytes[66], bytes[72], bytes[80]) = (0x10, 16, 64, 24);
        Assert.Contains("expected", Refused(scratch.Write(bytes), "x"));
    }

    private static string Refused(string path, string dataset)
    {
        string message = Assert.Throws<InvalidDataException>(() => Hdf5File.Load(path, dataset)).Message;
        Assert.StartsWith(path, message);
        return message;
    }
}
