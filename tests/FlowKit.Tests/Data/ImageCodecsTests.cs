using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class ImageCodecsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Noise_costs_eight_bits_and_a_constant_nearly_none(int channels)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var noise = randint(0, 256, [20, channels, 32, 32]);
        var flat = full([20, channels, 32, 32], 7);
        Assert.InRange(ImageCodecs.Png(noise, columns: 5), 8, 8.2);
        Assert.InRange(ImageCodecs.Png(flat, columns: 5), 0, 0.2);
        if (ImageCodecs.WebP(noise, columns: 5) is { } webP) Assert.InRange(webP, 8, 8.2);
        if (ImageCodecs.WebP(flat, columns: 5) is { } flatWebP) Assert.InRange(flatWebP, 0, 0.05);
    }

    [Theory]
    [InlineData("xz", 0.1)]
    [InlineData("bzip2", 0.1)]
    [InlineData("gzip", 0.1)]
    public void A_stream_costs_what_its_entropy_says(string program, double most)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Func<Tensor, double?> code = program switch { "xz" => ImageCodecs.Xz, "bzip2" => ImageCodecs.Bzip2, _ => images => ImageCodecs.Gzip(images) };
        var noise = randint(0, 256, [20, 3, 32, 32], dtype: float32);
        double? bits = code(noise);
        Assert.SkipWhen(bits is null, $"the program {program} is not installed");
        Assert.InRange(bits.Value, 8, 8.1);
        Assert.InRange(code(zeros_like(noise))!.Value, 0, most);
    }

    [Fact]
    public void A_sheet_lays_images_out_in_rows_from_left_to_right()
    {
        using var scope = NewDisposeScope();
        var picture = Photographs.Load("coffee").narrow(1, 0, 384).narrow(2, 0, 576);
        var pieces = ImageFile.Patches(picture, 96);                                         // 4 rows of 6
        Assert.Equal(ImageCodecs.Png(picture.unsqueeze(0), columns: 1), ImageCodecs.Png(pieces, columns: 6));
        Assert.NotEqual(ImageCodecs.Png(pieces, columns: 4), ImageCodecs.Png(pieces, columns: 6));
    }

    [Fact]
    public void On_photographs_WebP_is_the_better_coder()
    {
        using var scope = NewDisposeScope();
        var (_, _, pieces) = Photographs.Patches();
        double? color = ImageCodecs.WebP(pieces, columns: 14);
        Assert.SkipWhen(color is null, "the program cwebp is not installed");
        Assert.InRange(color.Value, 2.7, ImageCodecs.Png(pieces, columns: 14) - 0.5);

        var gray = Photographs.Load("camera").narrow(0, 0, 1).unsqueeze(0);
        Assert.InRange(ImageCodecs.WebP(gray, columns: 1)!.Value, 3.5, ImageCodecs.Png(gray, columns: 1) - 0.3);      // 124,118 bytes by the program itself: 3.788 bits
    }

    [Fact]
    public void Images_that_are_not_bytes_and_sheets_with_gaps_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("(N, 3, H, W)", Assert.Throws<ArgumentException>("images", () => ImageCodecs.Png(zeros(4, 8, 8), columns: 2)).Message);
        Assert.Contains("(N, 3, H, W)", Assert.Throws<ArgumentException>("images", () => ImageCodecs.WebP(zeros(4, 2, 8, 8), columns: 2)).Message);
        Assert.Contains("0..255", Assert.Throws<ArgumentException>("images", () => ImageCodecs.Xz(full([4, 1, 8, 8], 0.5))).Message);
        Assert.Contains("0..255", Assert.Throws<ArgumentException>("images", () => ImageCodecs.Gzip(full([4, 1, 8, 8], -1))).Message);
        Assert.Contains("0..255", Assert.Throws<ArgumentException>("images", () => ImageCodecs.Png(full([4, 1, 8, 8], 256), columns: 2)).Message);
        Assert.Contains("rows of 3", Assert.Throws<ArgumentException>("columns", () => ImageCodecs.Png(zeros(4, 1, 8, 8), columns: 3)).Message);
        Assert.Contains("16383", Assert.Throws<ArgumentException>("images", () => ImageCodecs.WebP(zeros(1, 1, 2, 16_384), columns: 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => ImageCodecs.Png(zeros(4, 1, 8, 8), columns: 0));
    }
}
