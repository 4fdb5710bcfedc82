using FlowKit.Interactive.Rendering;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Formatting;

/// <summary>A tensor's first matrix as a strip of colors, at most 256 x 32 pixels, longer side across.</summary>
internal static class HeatStrip
{
    private const int Width = 256, Height = 32;

    /// <summary>The PNG as a data URI; null where there are fewer than two values to compare.</summary>
    public static string? DataUri(Tensor tensor)
    {
        if (tensor.numel() < 2) return null;
        using var scope = NewDisposeScope();
        var matrix = TensorSummary.Corner2D(tensor, long.MaxValue, long.MaxValue);
        if (matrix.size(0) > matrix.size(1)) matrix = matrix.t();
        matrix = TensorSummary.Corner2D(matrix, Height, Width, spread: true);

        double[] values = (matrix.is_complex() ? matrix.abs() : matrix).ToDoubles();
        if (Interval.Around(values) is not { } range) return null;
        double[,] shades = new double[matrix.size(0), matrix.size(1)];
        for (int i = 0; i < values.Length; i++)
            shades[i / shades.GetLength(1), i % shades.GetLength(1)] = double.IsFinite(values[i]) ? (values[i] - range.Low) / range.Length : double.NaN;

        using var bitmap = Mosaic.Of(shades, Width / shades.GetLength(1), Height / shades.GetLength(0));
        return Mosaic.DataUri(Mosaic.Png(bitmap));
    }
}
