using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace FlowKit.Data;

/// <summary>Lossless compressors of images, in bits for each number: what a density model of images has to beat.</summary>
/// <remarks>
/// Shapes: images are (N, C, H, W), whole numbers 0..255 in any dtype, C = 1 (gray) or 3 (red, green, blue). All images are coded together, so that a compressor shares what it finds
/// among them and no header is paid twice: PNG and WebP as one sheet, gzip, bzip2 and xz as one stream. A model that codes each image by itself has to do without that.
/// </remarks>
/// <example><code>
/// var (_, _, pieces) = Photographs.Patches();                                                // (126, 3, 32, 32)
/// Console.WriteLine(ImageCodecs.Png(pieces, columns: 14) &lt; ImageCodecs.Gzip(pieces));          // => True
/// Console.WriteLine(ImageCodecs.Png(zeros(64, 1, 8, 8), columns: 8) &lt; 0.5);                  // => True
/// </code></example>
public static class ImageCodecs
{
    private const int WebPSide = 16_383;                 // the format's largest width and height

    /// <summary>One sheet of all images as PNG; SkiaSharp chooses each row's predictor.</summary>
    /// <param name="images">(N, C, H, W), N a multiple of <paramref name="columns"/>.</param>
    /// <param name="columns">Images in a row of the sheet, >= 1.</param>
    /// <returns>Bits for each of the N C H W numbers.</returns>
    /// <exception cref="ArgumentException">The shape is another, a value is not a whole number 0..255, or the images do not fill the sheet.</exception>
    public static double Png(Tensor images, long columns)
    {
        using var sheet = Sheet(images, columns, images is { Dimensions: 4 } && images.size(1) == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888);
        using var pixels = sheet.PeekPixels();
        return BitsOf(pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 9)), sheet, images);
    }

    /// <summary>One sheet of all images as lossless WebP, by the program cwebp at its greatest effort.</summary>
    /// <remarks>SkiaSharp's encoder always takes the least effort of the same library, which costs photographs a tenth of their bits and gray ones, coded as a palette, nearly a half more.</remarks>
    /// <param name="images">(N, C, H, W), N a multiple of <paramref name="columns"/>; neither side of the sheet may have more than 16,383 pixels.</param>
    /// <param name="columns">Images in a row of the sheet, >= 1.</param>
    /// <returns>Bits for each of the N C H W numbers; null on a system without the program cwebp.</returns>
    /// <exception cref="ArgumentException">The shape is another, a value is not a whole number 0..255, the images do not fill the sheet, or the sheet is too large.</exception>
    /// <exception cref="IOException">The program failed.</exception>
    public static double? WebP(Tensor images, long columns)
    {
        using var sheet = Sheet(images, columns, SKColorType.Rgba8888);
        if (sheet.Width > WebPSide || sheet.Height > WebPSide)
            throw new ArgumentException($"A WebP has at most {WebPSide} x {WebPSide} pixels; this sheet had {sheet.Width} x {sheet.Height}.", nameof(images));
        using var pixels = sheet.PeekPixels();
        using var input = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, zLibLevel: 1)) ?? throw new InvalidOperationException("The sheet could not be encoded as PNG.");
        return Pipe("cwebp", input.ToArray(), "-quiet", "-lossless", "-z", "9", "-o", "-", "--", "-") is { } packed ? BitsOf(SKData.CreateCopy(packed), sheet, images) : null;
    }

    /// <summary>All images, one after the other, as one stream of the program xz at its highest level.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <returns>Bits for each of the N C H W numbers; null on a system without the program xz.</returns>
    /// <exception cref="ArgumentException">The shape is another, or a value is not a whole number 0..255.</exception>
    /// <exception cref="IOException">The program failed.</exception>
    public static double? Xz(Tensor images) => Program("xz", images, "-9", "--extreme");

    /// <summary>All images, one after the other, as one stream of the program bzip2 at its highest level.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <returns>Bits for each of the N C H W numbers; null on a system without the program bzip2.</returns>
    /// <exception cref="ArgumentException">The shape is another, or a value is not a whole number 0..255.</exception>
    /// <exception cref="IOException">The program failed.</exception>
    public static double? Bzip2(Tensor images) => Program("bzip2", images, "-9");

    /// <summary>All images, one after the other, as one gzip stream of the runtime's zlib at its highest level.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <returns>Bits for each of the N C H W numbers.</returns>
    /// <exception cref="ArgumentException">The shape is another, or a value is not a whole number 0..255.</exception>
    public static double Gzip(Tensor images)
    {
        byte[] raw = Bytes(images);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(raw);
        packed.Position = 0;
        using var back = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true)) gzip.CopyTo(back);
        return back.ToArray().AsSpan().SequenceEqual(raw) ? 8.0 * packed.Length / raw.Length : throw new IOException("gzip did not give back the bytes that it was given.");
    }

    // A program that packs its input and unpacks it with --decompress.
    private static double? Program(string name, Tensor images, params string[] level)
    {
        byte[] raw = Bytes(images);
        if (Pipe(name, raw, [.. level, "--stdout"]) is not { } packed) return null;
        if (!(Pipe(name, packed, "--decompress", "--stdout") ?? []).AsSpan().SequenceEqual(raw)) throw new IOException($"{name} did not give back the bytes that it was given.");
        return 8.0 * packed.Length / raw.Length;
    }

    private static SKBitmap Sheet(Tensor images, long columns, SKColorType color)
    {
        byte[] raw = Bytes(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var (count, channels, height, width) = (images.size(0), images.size(1), images.size(2), images.size(3));
        if (count % columns != 0) throw new ArgumentException($"{count} images do not fill rows of {columns}; expected a multiple.", nameof(columns));

        using var scope = NewDisposeScope();
        var pixels = tensor(raw, [count / columns, columns, channels, height, width], dtype: uint8, device: CPU).permute(0, 3, 1, 4, 2);      // (rows, H, columns, W, C)
        if (color == SKColorType.Rgba8888)
        {
            if (channels == 1) pixels = pixels.expand(-1, -1, -1, -1, 3);
            pixels = cat([pixels, full_like(pixels.narrow(4, 0, 1), 255)], dim: 4);
        }
        var sheet = new SKBitmap(new SKImageInfo(checked((int)(columns * width)), checked((int)(count / columns * height)), color, SKAlphaType.Opaque));
        byte[] bytes = pixels.contiguous().bytes.ToArray();
        Marshal.Copy(bytes, 0, sheet.GetPixels(), bytes.Length);
        return sheet;
    }

    private static double BitsOf(SKData? encoded, SKBitmap sheet, Tensor images)
    {
        using var file = encoded ?? throw new InvalidOperationException($"The sheet of {sheet.Width} x {sheet.Height} pixels could not be encoded.");
        using var codec = SKCodec.Create(file);
        using var back = new SKBitmap(sheet.Info);
        bool whole = codec.GetPixels(sheet.Info, back.GetPixels()) == SKCodecResult.Success && back.GetPixelSpan().SequenceEqual(sheet.GetPixelSpan());
        return whole ? 8.0 * file.Size / images.numel() : throw new InvalidOperationException("The encoder is not lossless: decoding does not give back the pixels.");
    }

    private static byte[] Bytes(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Dimensions != 4 || images.size(1) is not (1 or 3) || images.numel() == 0)
            throw new ArgumentException($"images has shape {Guard.Describe(images)}; expected (N, 1, H, W) or (N, 3, H, W), not empty.", nameof(images));

        using var scope = NewDisposeScope();
        var numbers = images.detach().cpu();
        var whole = numbers.to(uint8).contiguous();
        if (!numbers.eq(whole).all().ToBoolean()) throw new ArgumentException("images holds values other than the integers 0..255.", nameof(images));
        return whole.bytes.ToArray();
    }

    // What the program makes of the bytes; null where there is none.
    private static byte[]? Pipe(string program, byte[] input, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            var writing = Task.Run(() => { using var to = process.StandardInput.BaseStream; to.Write(input); });
            using var output = new MemoryStream();
            try
            {
                process.StandardOutput.BaseStream.CopyTo(output);
            }
            catch
            {
                process.Kill();
                throw;
            }
            try
            {
                writing.GetAwaiter().GetResult();
            }
            catch (IOException)
            {
                // It ended before it had read everything: its exit code says why.
            }
            process.WaitForExit();
            return process.ExitCode == 0 ? output.ToArray() : throw new IOException($"{program} failed with exit code {process.ExitCode}.");
        }
    }
}
