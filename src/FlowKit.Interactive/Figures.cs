using static TorchSharp.torch;

namespace FlowKit.Interactive;

/// <summary>The field's usual pictures.</summary>
/// <example><code>
/// manual_seed(0);
/// var draws = new StudentT().Fixed(full(1, 3.0), zeros(1), ones(1)).Sample(2000).flatten();
/// Figures.Histogram(draws.clamp(-6, 6), "Student's t against the normal", bins: 60, truth: x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))
/// </code></example>
public static partial class Figures
{
    private const int ShownPoints = 2_000;

    /// <summary>A density as color, with samples as dots over it.</summary>
    /// <param name="grid">The density.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="samples">(N, 2), or null; at most 2000, evenly picked, are shown.</param>
    public static Figure Density(DensityGrid grid, string title = "", Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var map = new HeatMap(grid.X, grid.Y, grid.Values);
        return One(new(title, samples is null ? [map] : [map, ToPoints(samples, null) with { Size = 2.5, Opacity = 0.6 }]) { EqualAspect = true });
    }

    /// <summary>Samples as dots, colored by label.</summary>
    /// <param name="samples">(N, 2); at most 2000, evenly picked, are shown.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="labels">(N), integers; null: all alike.</param>
    /// <param name="bounds">Of x and y alike; null: what the samples cover.</param>
    public static Figure Samples(Tensor samples, string title = "", Tensor? labels = null, Interval? bounds = null) =>
        One(new(title, [ToPoints(samples, labels)]) { X = bounds, Y = bounds, EqualAspect = true });

    /// <summary>A histogram as a density, with a true density over it.</summary>
    /// <param name="values">(N); those that are not finite are left out.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="bins">Bars, at least 1.</param>
    /// <param name="truth">The density at a point, or null.</param>
    /// <param name="bounds">What the bars cover; values outside count in the total but have no bar. Null: from the smallest to the largest value.</param>
    public static Figure Histogram(Tensor values, string title = "", int bins = 50, Func<double, double>? truth = null, Interval? bounds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        Require(values, "(N)", values.dim() == 1, nameof(values));
        double[] all = [.. values.ToDoubles().Where(double.IsFinite)];
        var covered = Interval.Around(all) ?? throw new ArgumentException("At least one finite value is needed; there was none.", nameof(values));
        var range = bounds ?? covered;

        var bars = Bars.Histogram(all, range, bins) with { Name = "samples" };
        if (truth is null) return One(new(title, [bars]) { YLabel = "density", Width = 420, Height = 280 });

        double[] x = [.. Enumerable.Range(0, 201).Select(i => range.Low + i * range.Length / 200)];
        return One(new(title, [bars, new Curve(x, [.. x.Select(truth)]) { Name = "truth" }]) { YLabel = "density", Width = 420, Height = 280 });
    }

    /// <summary>Images in a grid, gray or in color.</summary>
    /// <param name="images">(N, H, W), (N, 1, H, W) or (N, 3, H, W), red, green, blue; values in [0, 1]; those outside are clipped, NaN is black.
    /// Color is drawn with the 256 that suit the grid best: photographs keep their look, smooth shades their steps.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="title">Above the picture.</param>
    public static Figure Images(Tensor images, int columns = 10, string title = "")
    {
        Require(images, "(N, H, W), (N, 1, H, W) or (N, 3, H, W)", images.dim() == 3 || (images.dim() == 4 && images.size(1) is 1 or 3), nameof(images));
        int count = (int)images.size(0), planes = images.dim() == 3 ? 1 : (int)images.size(1), height = (int)images.size(-2), width = (int)images.size(-1);
        double[] pixels = images.ToDoubles();
        byte[][,] grids = [.. Enumerable.Range(0, count * planes).Select(_ => new byte[height, width])];
        for (int i = 0; i < pixels.Length; i++)
        {
            int within = i % (height * width);
            grids[i / (height * width)][within / width, within % width] =
                double.IsNaN(pixels[i]) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(pixels[i], 0, 1));
        }

        return One(new(title, [new ImageGrid([.. grids.Chunk(planes)], columns)]));
    }

    /// <summary>One gray image.</summary>
    /// <param name="image">(H, W) or (1, H, W), values in [0, 1].</param>
    /// <param name="title">Above the picture.</param>
    public static Figure Image(Tensor image, string title = "")
    {
        Require(image, "(H, W) or (1, H, W)", image.dim() == 2 || (image.dim() == 3 && image.size(0) == 1), nameof(image));
        using var one = image.reshape(1, image.size(-2), image.size(-1));
        return Images(one, columns: 1, title);
    }

    /// <summary>How a flow bends space: one grid a step, side by side.</summary>
    /// <param name="title">Above all.</param>
    /// <param name="every">Every how many rows and columns of nodes a line is drawn, at least 1 each: nodes between lines make them smooth.</param>
    /// <param name="steps">A title and the grid's nodes (rows, columns, 2), at least 2 x 2.</param>
    public static Figure Deformation(string title, (int Rows, int Columns) every, params (string Title, Tensor Grid)[] steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every.Rows, 1, nameof(every));
        ArgumentOutOfRangeException.ThrowIfLessThan(every.Columns, 1, nameof(every));
        var panels = steps.Select(step => new Panel(step.Title, [ToGridLines(step.Grid) with { EveryRow = every.Rows, EveryColumn = every.Columns }]) { EqualAspect = true, Width = 260 });
        return new(title, [.. panels]) { Columns = 4 };
    }

    private static Figure One(Panel panel) => new("", [panel]);

    private static Points ToPoints(Tensor samples, Tensor? labels)
    {
        Require(samples, "(N, 2)", samples.dim() == 2 && samples.size(1) == 2, nameof(samples));
        if (samples.size(0) == 0) throw new ArgumentException($"{nameof(samples)} is empty; at least one point is needed.", nameof(samples));
        if (labels is not null)
            Require(labels, $"({samples.size(0)})", labels.dim() == 1 && labels.size(0) == samples.size(0), nameof(labels));

        using var scope = NewDisposeScope();
        long count = samples.size(0), shown = Math.Min(count, ShownPoints);
        double[] flat = Picked(samples);
        double[]? groups = labels is null ? null : Picked(labels);
        return new([.. flat.Where((_, i) => i % 2 == 0)], [.. flat.Where((_, i) => i % 2 == 1)])
        {
            OutOf = count,
            Groups = groups is null ? null : [.. groups.Select(group => FormattableString.Invariant($"{group}"))],
        };

        double[] Picked(Tensor all) => Evenly(all.detach(), shown).ToDoubles();
    }

    /// <summary>Of the first dimension so many, of which the i-th is the floor(i * size / count)-th of all.</summary>
    private static Tensor Evenly(Tensor all, long count) => all.index_select(0, (arange(count, int64, all.device) * all.size(0)).div(count, RoundingMode.floor));

    private static GridLines ToGridLines(Tensor grid)
    {
        Require(grid, "(rows, columns, 2)", grid.dim() == 3 && grid.size(2) == 2, nameof(grid));
        double[] flat = grid.ToDoubles();
        double[,] x = new double[grid.size(0), grid.size(1)], y = new double[grid.size(0), grid.size(1)];
        for (int i = 0; i < x.Length; i++)
            (x[i / x.GetLength(1), i % x.GetLength(1)], y[i / x.GetLength(1), i % x.GetLength(1)]) = (flat[2 * i], flat[2 * i + 1]);
        return new(x, y);
    }

    private static void Require(Tensor tensor, string expected, bool holds, string name)
    {
        if (!holds) throw new ArgumentException($"{name} has the shape {expected}; it was {tensor.ShapeText()}.", name);
    }
}
