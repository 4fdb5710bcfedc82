using FlowKit.Data;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data.Files;

public sealed class MatFileTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_of_another_writer_is_read_in_every_type(bool packed)
    {
        string path = scratch.Write(Fixtures.SciPy(packed));
        foreach (var (name, type) in new (string, ScalarType)[]
        {
            ("u1", uint8), ("i1", int8), ("u2", int32), ("i2", int16), ("u4", int64), ("i4", int32), ("u8", int64), ("i8", int64), ("f4", float32), ("f8", float64),
        })
        {
            using var read = MatFile.Load(path, $"t_{name}");
            Assert.Equal(type, read.dtype);
            Assert.Equal([2, 3], read.shape);
            Assert.True(read.is_contiguous());
            Assert.Equal(Enumerable.Range(name[0] == 'u' ? 0 : -3, 6).Select(i => (double)i), read.to(float64).data<double>().ToArray());
        }
        using var cube = MatFile.Load(path, "cube");
        Assert.Equal([2, 3, 4], cube.shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)i), cube.data<byte>().ToArray());
        Assert.Equal([2.5], MatFile.Load(path, "scalar").data<double>().ToArray());
        Assert.Equal([true, false, true], MatFile.Load(path, "truth").data<bool>().ToArray());
        Assert.Equal([0, 3], MatFile.Load(path, "empty").shape);
        Assert.Equal([1.0, 2, 300], MatFile.Load(path, "whole").data<double>().ToArray());
        Assert.Equal(20, MatFile.Names(path).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_no_array_of_real_numbers_is_named(bool packed)
    {
        string path = scratch.Write(Fixtures.SciPy(packed));
        foreach (var (name, kind) in new[] { ("text", "text"), ("cells", "a cell array"), ("struct", "a structure"), ("sparse", "a sparse array"), ("complex", "complex numbers") })
            Assert.Contains($"expected an array of real numbers '{name}'; found {kind}", Refused(path, name));
        Assert.Contains("expected an array 'x'; found t_u1, t_i1", Refused(path, "x"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Either_byte_order_small_elements_and_narrow_storage_are_read(bool bigEndian)
    {
        byte[] two = bigEndian ? [0xFF, 0xFE, 1, 0] : [0xFE, 0xFF, 0, 1];                          // -2, 256
        string path = scratch.Write(Fixtures.Mat(bigEndian,
            Fixtures.MatArray("a name of more than four letters", [1, 2], arrayClass: 6, type: 3, two, bigEndian),
            Fixtures.MatElement(15, Fixtures.Zlib(Fixtures.MatArray("u", [2, 1], arrayClass: 11, type: 4, two, bigEndian)), bigEndian)));
        using var numbers = MatFile.Load(path, "a name of more than four letters");
        Assert.Equal([-2.0, 256], numbers.data<double>().ToArray());
        using var unsigned = MatFile.Load(path, "u");
        Assert.Equal([65534, 256], unsigned.data<int>().ToArray());
        Assert.Equal([2, 1], unsigned.shape);
    }

    [Fact]
    public void Numbers_that_their_type_cannot_hold_are_refused()
    {
        Assert.Contains("that are byte", Refused(scratch.Write(Fixtures.Mat(false, Fixtures.MatArray("a", [1, 1], 9, 3, [0, 1]))), "a"));
        Assert.Contains("fractions", Refused(scratch.Write(Fixtures.Mat(false, Fixtures.MatArray("a", [1, 1], 9, 9, BitConverter.GetBytes(0.5)))), "a"));
        Assert.Contains("2^63 - 1", Refused(scratch.Write(Fixtures.Mat(false, Fixtures.MatArray("a", [1, 1], 15, 13, BitConverter.GetBytes(ulong.MaxValue)))), "a"));
    }

    [Fact]
    public void Compressed_data_that_ask_for_a_dictionary_are_damaged()
    {
        byte[] packed = Fixtures.Zlib(Fixtures.MatArray("a", [1, 1], 9, 2, [1]));
        packed[1] = 0xBB;                                                                           // the bit that says so, and a check that agrees
        Assert.Contains("damaged", Refused(scratch.Write(Fixtures.Mat(false, Fixtures.MatElement(15, packed))), "a"));
    }

    [Fact]
    public void Other_versions_are_named()
    {
        byte[] hdf5 = Fixtures.Mat(false);
        "MATLAB 7.3 MAT-file"u8.CopyTo(hdf5);
        Assert.Contains("Hdf5File.Load reads it", Refused(scratch.Write(hdf5), "x"));
        byte[] next = Fixtures.Mat(false);
        next[125] = 2;
        Assert.Contains("expected version 1", Refused(scratch.Write(next), "x"));
        Assert.Contains("'IM' or 'MI'", Refused(scratch.Write(new byte[200]), "x"));
        Assert.Contains("missing.mat", Assert.Throws<FileNotFoundException>(() => MatFile.Load("missing.mat", "x")).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sizes_that_promise_too_much_cost_no_memory(bool packed)
    {
        byte[] whole = Fixtures.MatArray("a", [1 << 15, 1 << 15], arrayClass: 9, type: 2, [1, 2, 3]);
        BitConverter.GetBytes(1 << 30).CopyTo(whole, whole.Length - 12);                            // a gigabyte of numbers, of which three bytes are there
        string path = scratch.Write(Fixtures.Mat(false, packed ? Fixtures.MatElement(15, Fixtures.Zlib(whole)) : whole));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("the end after", Refused(path, "a"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.Contains("at most", Refused(scratch.Write(Fixtures.Mat(false, Fixtures.MatArray("a", [1 << 30, 1 << 30], 9, 2, []))), "a"));
    }

    [Fact]
    public void A_small_array_cannot_unpack_into_many_bytes()
    {
        byte[] whole = Fixtures.MatArray("a", [1, 1], arrayClass: 9, type: 2, new byte[50_000_000]);
        string path = scratch.Write(Fixtures.Mat(false, Fixtures.MatElement(15, Fixtures.Zlib(whole))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("at most 8 bytes", Refused(path, "a"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void Labels_of_faces_may_be_stored_without_a_sign()
    {
        byte[][] arrays = [Fixtures.MatArray("images", [2, 1, 1], 9, 2, [9, 8]), Fixtures.MatArray("labs_ex", [2, 1], 9, 2, [1, 7]), Fixtures.MatArray("folds", [2, 1], 9, 2, [1, 3])];
        Assert.Equal([0L, 6], TfdFile.Load(scratch.Write(Fixtures.Mat(false, arrays))).Labels.data<long>().ToArray());
    }

    [Fact]
    public void House_numbers_are_planes_of_rows_and_a_ten_is_a_zero()
    {
        var (images, labels) = SvhnFile.Load(scratch.Write(Fixtures.Svhn()));
        Assert.Equal([4, 3, 32, 32], images.shape);
        Assert.Equal(uint8, images.dtype);
        Assert.True(images.is_contiguous());
        Assert.Equal([1L, 0, 9, 0], labels.data<long>().ToArray());
        foreach (var (n, c, h, w) in new[] { (0, 0, 0, 0), (3, 2, 31, 5), (1, 1, 7, 30) })
            Assert.Equal((n * 50 + h * 3 + w + c * 70) % 256, images[n, c, h, w].ToInt32());
    }

    [Fact]
    public void A_file_that_is_not_of_house_numbers_is_refused()
    {
        byte[] image = Fixtures.MatArray("X", [32, 32, 3], 9, 2, new byte[3072]);
        Assert.Equal([1, 3, 32, 32], SvhnFile.Load(scratch.Write(Fixtures.Mat(false, image, Fixtures.MatArray("y", [1, 1], 9, 2, [7])))).Images.shape);
        Assert.Contains("labels 1..10", RefusedHouses(image, Fixtures.MatArray("y", [1, 1], 9, 2, [11])));
        Assert.Contains("'y' of shape (1, 1)", RefusedHouses(image, Fixtures.MatArray("y", [2, 1], 9, 2, [1, 2])));
        Assert.Contains("'X' of shape", RefusedHouses(Fixtures.MatArray("X", [32, 3], 9, 2, new byte[96])));
        Assert.Contains("an array 'X'", RefusedHouses(Fixtures.MatArray("y", [1, 1], 9, 2, [1])));

        string RefusedHouses(params byte[][] arrays) => Assert.Throws<InvalidDataException>(() => SvhnFile.Load(scratch.Write(Fixtures.Mat(false, arrays)))).Message;
    }

    [Fact]
    public void Faces_fall_into_the_parts_of_a_fold()
    {
        // Five faces of 2x2; memory order is MATLAB's: face fastest, then row, then column.
        byte[] images = [.. Enumerable.Range(0, 20).Select(i => (byte)(10 * (i % 5) + i / 5))];
        byte[] labels = [1, 7, 0xFF, 3, 4], folds = [1, 2, 0, 3, 1, 3, 1, 0, 1, 2];
        byte[][] arrays = [Fixtures.MatArray("images", [5, 2, 2], 9, 2, images), Fixtures.MatArray("labs_ex", [5, 1], 8, 1, labels), Fixtures.MatArray("folds", [5, 2], 6, 2, folds)];
        var faces = TfdFile.Load(scratch.Write(Fixtures.Mat(false, arrays)));
        Assert.Equal([5, 1, 2, 2], faces.Images.shape);
        Assert.Equal([30, 32, 31, 33], faces.Images[3].flatten().data<byte>().ToArray());
        Assert.Equal([0L, 6, -1, 2, 3], faces.Labels.data<long>().ToArray());

        var (unlabeled, train, validation, test) = faces.Split(fold: 0);
        Assert.Equal([-1L], unlabeled.Labels.data<long>().ToArray());
        Assert.Equal([0L, 3], train.Labels.data<long>().ToArray());
        Assert.Equal([6L], validation.Labels.data<long>().ToArray());
        Assert.Equal([2L], test.Labels.data<long>().ToArray());
        Assert.Equal(0, Distance(train.Images[1].to(float32), faces.Images[4].to(float32)));
        Assert.Equal([6L, 2], faces.Split(fold: 1).Train.Labels.data<long>().ToArray());
        Assert.Equal("fold", Assert.Throws<ArgumentOutOfRangeException>(() => faces.Split(fold: 2)).ParamName);

        Assert.Contains("whole numbers 0..3 in 'folds'", Assert.Throws<InvalidDataException>(() => TfdFile.Load(scratch.Write(Fixtures.Mat(false,
            arrays[0], arrays[1], Fixtures.MatArray("folds", [5, 1], 9, 2, [1, 2, 4, 0, 0]))))).Message);
    }

    private string Refused(string path, string array)
    {
        string message = Assert.Throws<InvalidDataException>(() => MatFile.Load(path, array)).Message;
        Assert.StartsWith(path, message);
        return message;
    }
}
