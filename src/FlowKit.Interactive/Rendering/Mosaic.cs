using SkiaSharp;

namespace FlowKit.Interactive.Rendering;

/// <summary>Pictures made of cells: image grids and heat strips.</summary>
internal static class Mosaic
{
    private static readonly SKColor GapColor = new(0xC8, 0xD0, 0xDA);

    /// <summary>The images in their grid, each of their pixels <paramref name="zoom"/> pixels wide.</summary>
    public static SKBitmap Of(ImageGrid grid, int zoom, int gap)
    {
        (int width, int height) = grid.Side(zoom, gap);
        var pixels = new SKColor[width * height];
        Array.Fill(pixels, GapColor);
        for (int i = 0; i < grid.Images.Count; i++)
        {
            byte[][,] planes = grid.Images[i];
            var (red, green, blue) = (planes[0], planes[planes.Length / 2], planes[^1]);   // of gray, three times the same
            int left = i % grid.Columns * (grid.ImageWidth * zoom + gap), top = i / grid.Columns * (grid.ImageHeight * zoom + gap);
            for (int y = 0; y < grid.ImageHeight * zoom; y++)
                for (int x = 0; x < grid.ImageWidth * zoom; x++)
                    pixels[(top + y) * width + left + x] = new(red[y / zoom, x / zoom], green[y / zoom, x / zoom], blue[y / zoom, x / zoom]);
        }

        return new(width, height) { Pixels = pixels };
    }

    /// <summary>A table of values in [0, 1] as viridis cells of the given size in pixels; NaN is transparent.</summary>
    public static SKBitmap Of(double[,] values, int cellWidth, int cellHeight)
    {
        int width = values.GetLength(1) * cellWidth, height = values.GetLength(0) * cellHeight;
        var pixels = new SKColor[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            double value = values[i / width / cellHeight, i % width / cellWidth];
            pixels[i] = double.IsNaN(value) ? SKColors.Transparent : Palette.Amount.GetColor(value).ToSKColor();
        }

        return new(width, height) { Pixels = pixels };
    }

    public static byte[] Png(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public static string DataUri(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
