using System.Text;
using FlowKit.Data;

namespace FlowKit.Tests.Data.Files;

public sealed class LoaderTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_holds_numbers_plain_or_packed(bool packed)
    {
        byte[] bytes = Fixtures.Idx(1, 2, 3, 250, 5, 6);
        using var loaded = IdxFile.Load(scratch.Write(packed ? Fixtures.Packed(bytes) : bytes));
        Assert.Equal([2, 3], loaded.shape);
        Assert.Equal([1, 2, 3, 250, 5, 6], loaded.data<byte>().ToArray());
    }

    [Fact]
    public void Idx_is_big_endian()
    {
        using var floats = IdxFile.Load(scratch.Write([0, 0, 0x0D, 1, 0, 0, 0, 2, 0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0]));
        Assert.Equal([1f, -2.5f], floats.data<float>().ToArray());
        using var shorts = IdxFile.Load(scratch.Write([0, 0, 0x0B, 1, 0, 0, 0, 1, 0xFF, 0xFE]));
        Assert.Equal([(short)-2], shorts.data<short>().ToArray());
    }

    [Fact]
    public void Cifar_has_a_label_then_three_planes()
    {
        var (images, labels) = CifarFile.Load(scratch.Write(Fixtures.Cifar(3)));
        Assert.Equal([3, 3, 32, 32], images.shape);
        Assert.Equal([0L, 1, 2], labels.data<long>().ToArray());
        Assert.Equal((byte)((2 + 1024 + 33) % 256), images[2, 1, 1, 1].ToByte());
    }

    [Fact]
    public void Cifar_100_has_a_coarse_and_a_fine_label()
    {
        byte[] bytes = Fixtures.Cifar(2, labels: 2);
        bytes[1] = 99;
        Assert.Equal([99L, 1], CifarFile.Load(scratch.Write(bytes), classes: 100).Labels.data<long>().ToArray());
    }

    [Fact]
    public void The_published_archive_is_read_as_it_is()
    {
        string path = scratch.Write(Fixtures.CifarArchive([.. Enumerable.Range(1, 5).Reverse().Select(i => ($"data_batch_{i}.bin", Fixtures.Cifar(i))), ("test_batch.bin", Fixtures.Cifar(7))]));
        Assert.Equal([15, 3, 32, 32], CifarFile.LoadArchive(path).Images.shape);
        Assert.Equal([0L, 0, 1, 0, 1, 2], CifarFile.LoadArchive(path).Labels.narrow(0, 0, 6).data<long>().ToArray());
        Assert.Equal(7, CifarFile.LoadArchive(path, test: true).Labels.size(0));
        Assert.Contains("train.bin", Assert.Throws<InvalidDataException>(() => CifarFile.LoadArchive(path, classes: 100)).Message);
    }

    [Fact]
    public void Npy_holds_either_byte_order_and_either_memory_order()
    {
        byte[] little = [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes((double)i))];
        byte[] big = [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes((double)i).Reverse())];
        Assert.Equal([1.0, 2, 3, 4, 5, 6], NpyFile.Load(scratch.Write(Fixtures.Npy("<f8", "2, 3", little))).data<double>().ToArray());
        Assert.Equal([1.0, 2, 3, 4, 5, 6], NpyFile.Load(scratch.Write(Fixtures.Npy(">f8", "2, 3", big))).data<double>().ToArray());
        using var columns = NpyFile.Load(scratch.Write(Fixtures.Npy("<f8", "2, 3", little, fortran: true)));
        Assert.Equal([2, 3], columns.shape);
        Assert.Equal([1.0, 3, 5, 2, 4, 6], columns.data<double>().ToArray());
        Assert.Equal([], NpyFile.Load(scratch.Write(Fixtures.Npy("|b1", "", [1]))).shape);
        Assert.Equal([0, 3], NpyFile.Load(scratch.Write(Fixtures.Npy("<f4", "0, 3", []))).shape);
    }

    [Fact]
    public void ImageNet32_counts_its_classes_from_zero()
    {
        var (images, labels) = ImageNet32File.Load(scratch.Write(Fixtures.ImageNet32(3)));
        Assert.Equal([3, 3, 32, 32], images.shape);
        Assert.Equal([0L, 1, 2], labels.data<long>().ToArray());
    }

    [Fact]
    public void A_text_is_symbols_that_decode_to_it()
    {
        var text = TextFile.Load(scratch.Write(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("abba 😀é")).ToArray()));
        Assert.Equal([" ", "a", "b", "é", "😀"], text.Alphabet);
        Assert.Equal([1L, 2, 2, 1, 0, 4, 3], text.Symbols.data<long>().ToArray());
        Assert.Equal("abba 😀é", text.Decode(text.Symbols));
    }

    [Fact]
    public void A_text_in_letters_has_single_spaces_and_nothing_but_27_symbols()
    {
        var text = TextFile.Load(scratch.Write(Encoding.UTF8.GetBytes("\n 12 Dr. O'Hara\t-- Zürich, Café!\n"))).InLetters();
        Assert.Equal("dr o hara z rich caf ", text.Decode(text.Symbols));
        Assert.Equal(27, text.Alphabet.Count);
        Assert.Equal(" abcdefghijklmnopqrstuvwxyz", string.Concat(text.Alphabet));
        Assert.Equal([4L, 18, 0, 15, 0, 8], text.Symbols.narrow(0, 0, 6).data<long>().ToArray());
        Assert.Equal(0, TextFile.Load(scratch.Write("123"u8.ToArray())).InLetters().Symbols.size(0));
    }

    [Fact]
    public void A_picture_is_three_planes_and_falls_into_pieces()
    {
        using var image = ImageFile.Load(scratch.Write(Fixtures.Png()));
        Assert.Equal([3, 4, 5], image.shape);
        Assert.Equal((150, 120, 200), ((int)image[0, 2, 3].ToByte(), (int)image[1, 2, 3].ToByte(), (int)image[2, 2, 3].ToByte()));
        using var pieces = ImageFile.Patches(image, 2, stride: 1);
        Assert.Equal([12, 3, 2, 2], pieces.shape);
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(pieces[5].to(float32), image.slice(1, 1, 3, 1).slice(2, 1, 3, 1).to(float32)));
    }

    [Fact]
    public void Films_drift_bounce_and_repeat_by_seed()
    {
        using var digit = full([1, 1, 8, 8], 200f);
        using var films = MovingDigits.Create(digit, 3, frames: 30, canvas: 20, digitsPerFilm: 1, seed: 1);
        Assert.Equal([3, 30, 1, 20, 20], films.shape);
        using var lit = films.eq(200).sum(dim: [2, 3, 4]);
        Assert.True(lit.eq(64).all().ToBoolean());                          // the digit never leaves the canvas
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(films.to(float32), MovingDigits.Create(digit, 3, 30, 20, 1, seed: 1).to(float32)));
        Assert.NotEqual(0, FlowKit.Laws.Expect.Distance(films.to(float32), MovingDigits.Create(digit, 3, 30, 20, 1, seed: 2).to(float32)));
        var steps = (films.select(1, 1).to(float32) - films.select(1, 0).to(float32)).abs().sum(dim: [1, 2, 3]);
        Assert.True(steps.gt(0).all().ToBoolean());
        Assert.Contains("outside 0..255", Assert.Throws<ArgumentException>(() => MovingDigits.Create(digit * 2, 1)).Message);
        Assert.Contains("have more", Assert.Throws<ArgumentOutOfRangeException>(() => MovingDigits.Create(digit, 100_000, frames: 100, canvas: 64)).Message);
        Assert.Contains("h and w <= 4", Assert.Throws<ArgumentException>(() => MovingDigits.Create(digit, 1, canvas: 4)).Message);
    }
}
