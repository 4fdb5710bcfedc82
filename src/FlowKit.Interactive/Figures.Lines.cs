using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int MostBars = 100;

    /// <summary>Curves over one axis, with their bands and names.</summary>
    /// <param name="title">Above the picture.</param>
    /// <param name="xLabel">Below the x axis.</param>
    /// <param name="yLabel">Beside the y axis.</param>
    /// <param name="curves">At least one.</param>
    public static Figure Curves(string title, string xLabel, string yLabel, params IReadOnlyList<Curve> curves)
    {
        if (curves.Count == 0) throw new ArgumentException("At least one curve is needed; there was none.", nameof(curves));
        return One(new(title, [.. curves]) { XLabel = xLabel, YLabel = yLabel, Width = 480, Height = 300 });
    }

    /// <summary>A curve with an error band: mean and mean ± width times the error.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="x">Abscissas.</param>
    /// <param name="mean">Ordinates.</param>
    /// <param name="error">The standard error at each point.</param>
    /// <param name="width">Of the band, in errors: 1.96 for 95 % confidence.</param>
    public static Curve WithBand(string name, IReadOnlyList<double> x, IReadOnlyList<double> mean, IReadOnlyList<double> error, double width = 1.96) =>
        new(x, mean) { Name = name, Band = ([.. mean.Zip(error, (m, e) => m - width * e)], [.. mean.Zip(error, (m, e) => m + width * e)]) };

    /// <summary>One value a dimension, from the largest to the smallest: the spectrum of a latent space.</summary>
    /// <param name="values">(D); those that are not finite are left out.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="yLabel">What the values are.</param>
    /// <param name="expected">A value they should have, as a dashed line; null: none.</param>
    public static Figure Spectrum(Tensor values, string title = "", string yLabel = "", double? expected = null)
    {
        Require(values, "(D)", values.dim() == 1, nameof(values));
        double[] sorted = [.. values.ToDoubles().Where(double.IsFinite).OrderDescending()];
        if (sorted.Length == 0) throw new ArgumentException("At least one finite value is needed; there was none.", nameof(values));

        double[] ranks = [.. Enumerable.Range(1, sorted.Length).Select(rank => (double)rank)];
        Layer shown = sorted.Length <= MostBars
            ? new Bars([0.5, .. ranks.Select(rank => rank + 0.5)], sorted) { Name = "dimensions" }
            : new Curve(ranks, sorted) { Name = "dimensions" };
        return One(new(title, expected is { } value ? [shown, new Curve([0.5, sorted.Length + 0.5], [value, value]) { Name = "expected", Dashed = true }] : [shown])
        { XLabel = "dimension, largest first", YLabel = yLabel, Width = 420, Height = 280 });
    }
}
