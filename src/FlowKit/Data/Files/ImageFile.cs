using SkiaSharp;

namespace FlowKit.Data;

/// <summary>Pictures out of PNG, JPEG, WebP, GIF and BMP files, decoded by SkiaSharp.</summary>
/// <example><code>
/// string folder = Catalog.Get("photographs");
/// var picture = ImageFile.Load(Path.Combine(folder, "chelsea.png"));
/// Console.WriteLine(picture);                               // => [3x300x451], type = Byte, device = cpu
/// Console.WriteLine(ImageFile.Patches(picture, size: 32));  // => [126x3x32x32], type = Byte, device = cpu
/// </code></example>
public static class ImageFile
{
    private const int Largest = 1 << 28;

    /// <summary>The picture's pixels, (3, H, W), uint8, red first; gray pictures have three equal channels, transparency is left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a picture of these formats, is cut off or damaged, or has more than 2^28 pixels.</exception>
    public static Tensor Load(string path)
    {
        using var file = FileBytes.Open(path);
        return Load(file);
    }

    internal static Tensor Load(FileBytes file)
    {
        using var data = SKData.CreateCopy(file.ReadToEnd());
        using var codec = SKCodec.Create(data) ?? throw file.Wrong("a picture (PNG, JPEG, WebP, GIF, BMP)", "other data");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if ((long)info.Width * info.Height is var pixels && pixels is 0 or > Largest) throw file.Wrong($"1 to {Largest} pixels", $"{info.Width} x {info.Height}");

        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info)) throw file.Wrong("a picture that fits into memory", $"{info.Width} x {info.Height} pixels");
        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) throw file.Wrong("a whole picture", $"a damaged one ({result})");

        using var rgba = tensor(bitmap.Bytes, [info.Height, info.Width, 4], dtype: uint8, device: CPU);
        return rgba.narrow(2, 0, 3).permute(2, 0, 1).contiguous();
    }

    /// <summary>Square pieces of a picture, (N, C, size, size), from left to right, then downwards; what is left at the edges is dropped.</summary>
    /// <param name="image">(C, H, W).</param>
    /// <param name="size">Pixels along a side.</param>
    /// <param name="stride">Pixels from one piece to the next; smaller than <paramref name="size"/> they overlap. Null: side by side.</param>
    /// <exception cref="ArgumentException">The picture has another shape, or is smaller than a piece.</exception>
    public static Tensor Patches(Tensor image, int size, int? stride = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride ?? size, 1, nameof(stride));
        if (image.Dimensions != 3 || image.size(1) < size || image.size(2) < size)
            throw new ArgumentException($"image has shape ({string.Join(", ", image.shape)}); expected (C, H, W) with H and W >= {size}.", nameof(image));

        using var scope = NewDisposeScope();
        var windows = image.unfold(1, size, stride ?? size).unfold(2, size, stride ?? size);     // (C, rows, columns, size, size)
        return windows.permute(1, 2, 0, 3, 4).reshape(-1, image.size(0), size, size).contiguous().MoveToOuterDisposeScope();
    }
}
