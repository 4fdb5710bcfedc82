namespace FlowKit.Compression;

/// <summary>Where an <see cref="ImageArchive"/> stands.</summary>
/// <param name="Image">Name of the image that was done.</param>
/// <param name="Done">Images done.</param>
/// <param name="Images">Images in all.</param>
/// <param name="PixelBytes">Bytes of the pixels of the images done, one a channel.</param>
/// <param name="CodedBytes">Bytes of the archive up to there.</param>
/// <example><code>
/// using FlowKit.Compression;
/// var progress = new ArchiveProgress("cat.png", Done: 1, Images: 2, PixelBytes: 3000, CodedBytes: 1500);
/// Console.WriteLine(progress.BitsPerDimension);  // => 4
/// </code></example>
public sealed record ArchiveProgress(string Image, int Done, int Images, long PixelBytes, long CodedBytes)
{
    /// <summary>Bits for each channel of each pixel, headers and checksums included.</summary>
    public double BitsPerDimension => 8.0 * CodedBytes / PixelBytes;
}
