using FlowKit.Integration;
using FlowKit.Transforms;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private static readonly double[] ShownMasses = [0.5, 0.9, 0.99];

    /// <summary>Densities as lines around the smallest regions that hold half, 90 % and 99 % of their mass: the first solid, the others dashed.</summary>
    /// <param name="title">Above the picture.</param>
    /// <param name="densities">A name and the density, at least one.</param>
    public static Figure Contours(string title, params IReadOnlyList<(string Name, DensityGrid Grid)> densities)
    {
        if (densities.Count == 0) throw new ArgumentException("At least one density is needed; there was none.", nameof(densities));
        var lines = densities.Select((density, i) =>
            new Contours(density.Grid.X, density.Grid.Y, density.Grid.Values, LevelsOf(density.Grid, ShownMasses)) { Name = density.Name, Dashed = i > 0 });
        return One(new(title, [.. lines]) { EqualAspect = true });
    }

    /// <summary>A vector field as arrows. A vector of median length is half as long as arrows are apart, and none is longer than that distance.</summary>
    /// <param name="field">(B, 2) to (B, 2): a vector at each point.</param>
    /// <param name="bounds">Of x and y alike.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="resolution">Arrows along each axis, at least 2.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    public static Figure Field(Func<Tensor, Tensor> field, Interval bounds, string title = "", int resolution = 20, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double[] centers = Quadrature.Midpoints((bounds.Low, bounds.High), resolution);
        var axis = tensor(centers, get_default_dtype(), device ?? CPU);
        var points = stack([axis.repeat(resolution), axis.repeat_interleave(resolution)], 1);
        var vectors = field(points);
        Require(vectors, $"({points.size(0)}, 2)", vectors.dim() == 2 && vectors.size(0) == points.size(0) && vectors.size(1) == 2, nameof(field));

        double[] from = points.ToDoubles(), along = vectors.ToDoubles();
        double[] lengths = [.. along.Chunk(2).Select(v => Math.Sqrt(v[0] * v[0] + v[1] * v[1]))], positive = [.. lengths.Where(length => length > 0 && double.IsFinite(length)).Order()];
        double median = positive.Length > 0 ? positive[positive.Length / 2] : 1;
        double[] scale = [.. lengths.Select(length => bounds.Length / resolution / (length + median))];      // lengths saturate: one long vector does not shrink all others
        return One(new(title, [new Arrows(Column(from, 0), Column(from, 1), Scaled(0), Scaled(1))]) { EqualAspect = true, X = bounds, Y = bounds });

        double[] Scaled(int column) => [.. Column(along, column).Select((value, i) => value * scale[i])];
    }

    /// <summary>Points on their way through the layers of a chain, data to latent, with a slider.</summary>
    /// <param name="transform">A chain has a frame a layer; any other transform has its start and its end.</param>
    /// <param name="x">(N, 2) data; at most 2000, evenly picked, are shown.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="labels">(N), integers; null: all alike.</param>
    /// <param name="context">(N, C), for a conditional transform.</param>
    /// <exception cref="ArgumentException">The points, after some layer, are not of the plane.</exception>
    public static Animation ThroughLayers(Transform transform, Tensor x, string title = "", Tensor? labels = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Transform[] layers = transform is Chain chain ? [.. chain] : [transform];
        var frames = new List<(string, Figure)> { ("data", Samples(x, labels: labels)) };
        var z = x;
        for (int k = 0; k < layers.Length; k++)
        {
            z = layers[k].Forward(z, layers[k].ContextShape is not null ? context : null).Z;
            frames.Add((k == layers.Length - 1 ? $"{k + 1}: latent" : $"{k + 1}: {(layers[k] is InvertedTransform ? layers[k].Inverted : layers[k]).GetName()}", Samples(z, labels: labels)));
        }
        return new(title, frames);
    }

    /// <summary>The levels whose regions hold these parts of the grid's mass: the smallest of the largest values that together have the mass.</summary>
    internal static double[] LevelsOf(DensityGrid grid, IReadOnlyList<double> masses)
    {
        double[] values = [.. grid.Values.Cast<double>().Where(value => value > 0).OrderDescending()];
        if (values.Length == 0) throw new ArgumentException("The density is 0 everywhere on its grid: it has no contours.", nameof(grid));
        double total = values.Sum(), sum = 0;
        var levels = new List<double>();
        foreach (double value in values)
        {
            sum += value;
            while (levels.Count < masses.Count && sum >= masses[levels.Count] * total) levels.Add(value);
        }
        return [.. levels.Distinct()];
    }

    private static double[] Column(double[] pairs, int column) => [.. pairs.Where((_, i) => i % 2 == column)];
}
