namespace FlowKit.Interactive;

/// <summary>Images of one size, gray or in color, in rows and columns, row by row from the top left, with thin gaps.</summary>
/// <example><code>
/// byte[,] black = new byte[8, 8], half = new byte[8, 8];
/// for (int i = 0; i &lt; 8; i++)
///     for (int j = 0; j &lt; 4; j++) half[i, j] = 255;
/// new Figure("", [new Panel("two images", [new ImageGrid([black, half], columns: 2)]) { HasAxes = false }])  // => Figure "two images" x [0, 130] y [0, 64]: 2 images of 8x8
/// </code></example>
public sealed record ImageGrid : Layer
{
    private const int LargestSide = 2000, SmallestSide = 64, LargestWidth = 1000, LargestHeight = 860;

    /// <summary>Gray images in rows of <paramref name="columns"/>.</summary>
    /// <param name="images">Gray levels (height, width), 0 black .. 255 white; all of one size.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no image, sizes differ, or the picture would be larger than 2000 pixels.</exception>
    public ImageGrid(IReadOnlyList<byte[,]> images, int columns) : this([.. images.Select(image => new[] { image })], columns)
    {
    }

    /// <summary>Images in rows of <paramref name="columns"/>, as one plane of gray or three of red, green and blue.</summary>
    /// <param name="images">Each image's planes, 1 or 3, of levels (height, width), 0 .. 255; all of one size.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no image, sizes differ, there are not 1 or 3 planes, or the picture would be larger than 2000 pixels.</exception>
    public ImageGrid(IReadOnlyList<byte[][,]> images, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (images.Count == 0) throw new ArgumentException("At least one image is needed; there was none.", nameof(images));
        if (images.FirstOrDefault(planes => planes.Length is not (1 or 3)) is { } odd)
            throw new ArgumentException($"An image has one plane (gray) or three (red, green, blue); one had {odd.Length}.", nameof(images));

        (Images, Columns) = (images, Math.Min(columns, images.Count));
        foreach (byte[,] plane in images.SelectMany(planes => planes))
            if (plane.GetLength(0) != ImageHeight || plane.GetLength(1) != ImageWidth || plane.Length == 0)
                throw new ArgumentException(
                    $"Images have one size, here ({ImageHeight}, {ImageWidth}) and not empty; one was ({plane.GetLength(0)}, {plane.GetLength(1)}).",
                    nameof(images));
        if (Side(zoom: 1, gap: 1) is var (width, height) && Math.Max(width, height) > LargestSide)
            throw new ArgumentException(
                $"The images in {Columns} columns would make a picture of {width} x {height} pixels; at most {LargestSide} on a side: show fewer.", nameof(images));
    }

    /// <summary>The planes of each image, one of gray or three of red, green and blue: levels (height, width).</summary>
    public IReadOnlyList<byte[][,]> Images { get; }

    /// <summary>Images in a row.</summary>
    public int Columns { get; }

    internal int ImageHeight => Images[0][0].GetLength(0);

    internal int ImageWidth => Images[0][0].GetLength(1);

    internal int Rows => (Images.Count + Columns - 1) / Columns;

    /// <summary>Whole screen pixels for an image's pixel, so that every one is drawn alike: an image's longer side has at least 64, unless the grid then outgrows a screen.</summary>
    internal int Zoom
    {
        get
        {
            int seen = (SmallestSide + Math.Max(ImageWidth, ImageHeight) - 1) / Math.Max(ImageWidth, ImageHeight);
            int wanted = Math.Max(seen, Math.Min(600 / (Columns * ImageWidth), 8));
            int across = (LargestWidth - (Columns - 1) * Gap) / (Columns * ImageWidth), down = (LargestHeight - (Rows - 1) * Gap) / (Rows * ImageHeight);
            return Math.Max(1, Math.Min(wanted, Math.Min(across, down)));
        }
    }

    internal override Interval? ExtentX => new(0, Side(Zoom, Gap).Width);

    internal override Interval? ExtentY => new(0, Side(Zoom, Gap).Height);

    /// <summary>Screen pixels between images.</summary>
    internal const int Gap = 2;

    internal (int Width, int Height) Side(int zoom, int gap) =>
        (Columns * ImageWidth * zoom + (Columns - 1) * gap, Rows * ImageHeight * zoom + (Rows - 1) * gap);

    internal override string Describe() => $"{Images.Count} images of {ImageWidth}x{ImageHeight}";
}
