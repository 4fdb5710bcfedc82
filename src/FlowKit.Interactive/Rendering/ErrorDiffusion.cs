namespace FlowKit.Interactive.Rendering;

/// <summary>A picture in few colors whose means over neighboring pixels are those of the picture: Floyd, Steinberg (1976).</summary>
internal static class ErrorDiffusion
{
    private static readonly (int Right, int Down, double Part)[] Shares = [(1, 0, 7.0 / 16), (-1, 1, 3.0 / 16), (0, 1, 5.0 / 16), (1, 1, 1.0 / 16)];

    /// <summary>The place of each pixel's color among the colors.</summary>
    /// <param name="pixels">As 0xRRGGBB, row by row.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="colors">As 0xRRGGBB, at most 256.</param>
    public static byte[] Of(uint[] pixels, int width, IReadOnlyList<uint> colors)
    {
        double[][] palette = [.. colors.Select(Channels)], errors = [.. pixels.Select(_ => new double[3])];
        byte[] index = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            double[] wanted = [.. Channels(pixels[i]).Zip(errors[i], (channel, error) => Math.Clamp(channel + error, 0, 255))];
            index[i] = Nearest(palette, wanted);
            foreach (var (right, down, part) in Shares)
                if (i % width + right >= 0 && i % width + right < width && i + down * width + right is var to && to < pixels.Length)
                    for (int channel = 0; channel < 3; channel++) errors[to][channel] += part * (wanted[channel] - palette[index[i]][channel]);
        }

        return index;
    }

    private static byte Nearest(double[][] palette, double[] color)
    {
        (int best, double least) = (0, double.PositiveInfinity);
        for (int i = 0; i < palette.Length; i++)
        {
            double red = palette[i][0] - color[0], green = palette[i][1] - color[1], blue = palette[i][2] - color[2], distance = red * red + green * green + blue * blue;
            if (distance < least) (best, least) = (i, distance);
        }

        return (byte)best;
    }

    private static double[] Channels(uint color) => [color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF];
}
