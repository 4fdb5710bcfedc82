using FlowKit.Integration;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

/// <summary>A density p(x, y) on the midpoints of a grid of equal cells.</summary>
/// <param name="X">Cell centers along x.</param>
/// <param name="Y">Cell centers along y.</param>
/// <param name="Values">p at (X[column], Y[row]), of shape (Y.Count, X.Count).</param>
/// <param name="Mass">The midpoint rule's integral over the grid: 1 for a density that lies inside and is resolved.</param>
/// <example><code>
/// var ring = new GaussianRing();
/// var grid = DensityGrid.Evaluate(x => ring.LogProb(x), (-4, 4), resolution: 100);
/// Console.WriteLine($"{grid.Mass:F6}");  // => 1.000000
/// Console.WriteLine($"{grid.MassWhere((x, y) => x > 0):F4}");  // => 0.5000
/// Figures.Density(grid)
/// </code></example>
public sealed record DensityGrid(IReadOnlyList<double> X, IReadOnlyList<double> Y, double[,] Values, double Mass)
{
    /// <summary>exp(log p) on a grid over a square.</summary>
    /// <param name="logProb">(B, 2) to (B), in nats; -inf outside the support.</param>
    /// <param name="bounds">Of x and y alike.</param>
    /// <param name="resolution">Cells along each axis, at least 2.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points.</param>
    /// <exception cref="ArgumentException">The result of <paramref name="logProb"/> is not (B).</exception>
    public static DensityGrid Evaluate(
        Func<Tensor, Tensor> logProb, Interval bounds, int resolution = 200, Device? device = null, ScalarType dtype = ScalarType.Float32) =>
        Evaluate(logProb, bounds, bounds, resolution, device, dtype);

    /// <summary>exp(log p) on a grid over a rectangle.</summary>
    /// <inheritdoc cref="Evaluate(Func{Tensor, Tensor}, Interval, int, Device?, ScalarType)"/>
    /// <param name="logProb">(B, 2) to (B), in nats; -inf outside the support.</param>
    /// <param name="x">Bounds of x.</param>
    /// <param name="y">Bounds of y.</param>
    /// <param name="resolution">Cells along each axis, at least 2.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points.</param>
    public static DensityGrid Evaluate(
        Func<Tensor, Tensor> logProb, Interval x, Interval y, int resolution = 200, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        double[] xs = Quadrature.Midpoints((x.Low, x.High), resolution), ys = Quadrature.Midpoints((y.Low, y.High), resolution);
        double[] flat = [.. Densities.Logs(logProb, [.. ys.SelectMany(y => xs.SelectMany(x => new[] { x, y }))], dimensions: 2, device, dtype).Select(Math.Exp)];
        double[,] grid = new double[resolution, resolution];
        Buffer.BlockCopy(flat, 0, grid, 0, flat.Length * sizeof(double));
        return new(xs, ys, grid, flat.Sum() * (x.Length / resolution) * (y.Length / resolution));
    }

    /// <summary>The mass of the cells whose centers lie in a region: the midpoint rule's integral over it.</summary>
    /// <param name="region">Whether (x, y) lies in it.</param>
    public double MassWhere(Func<double, double, bool> region)
    {
        ArgumentNullException.ThrowIfNull(region);
        double sum = 0, cell = (X[1] - X[0]) * (Y[1] - Y[0]);
        for (int row = 0; row < Y.Count; row++)
            for (int column = 0; column < X.Count; column++)
                if (region(X[column], Y[row])) sum += Values[row, column];
        return sum * cell;
    }

    /// <summary>The same cells with max(log10 p, <paramref name="least"/>) as values: it shows what is thin. The mass stays that of p.</summary>
    /// <param name="least">The value of all that is thinner, such as -4.</param>
    public DensityGrid Log10(double least)
    {
        double[,] values = new double[Y.Count, X.Count];
        for (int row = 0; row < Y.Count; row++)
            for (int column = 0; column < X.Count; column++)
                values[row, column] = Math.Max(Math.Log10(Values[row, column]), least);
        return this with { Values = values };
    }
}
