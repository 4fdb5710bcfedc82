using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int Chords = 8;                             // along each edge of a cell

    /// <summary>The cells of a rectangle before and after a map of the plane, with a dot in each cell that shows |det J| there as color: by how much the map stretches the area.</summary>
    /// <param name="map">(B, 2) to z, (B, 2), and log|det dz/dx|, (B): what a transform's Forward returns.</param>
    /// <param name="x">Bounds of the first coordinate.</param>
    /// <param name="y">Bounds of the second coordinate.</param>
    /// <param name="columns">Cells along x, at least 1.</param>
    /// <param name="rows">Cells along y, at least 1.</param>
    /// <param name="title">Above both pictures.</param>
    /// <param name="dtype">Of the points that are mapped.</param>
    /// <exception cref="ArgumentException">The map does not return z, (B, 2), and a log-determinant, (B).</exception>
    /// <example><code>
    /// // The shear and scaling (x, y) to (2x, x + y): every cell becomes twice as large.
    /// (Tensor, Tensor) Shear(Tensor p) => (stack([p.select(1, 0) * 2, p.sum(dim: 1)], dim: 1), full_like(p.select(1, 0), Math.Log(2)));
    /// Figures.Stretch(Shear, x: (0, 1), y: (0, 1), columns: 4, rows: 4)
    /// </code></example>
    public static Figure Stretch(Func<Tensor, (Tensor Z, Tensor LogDet)> map, Interval x, Interval y, int columns = 12, int rows = 12, string title = "", ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var nodes = Mesh(Steps(y, rows * Chords, 0), Steps(x, columns * Chords, 0)).to(dtype);            // (rows * 8 + 1, columns * 8 + 1, 2)
        var middles = Mesh(Steps(y, rows, 0.5), Steps(x, columns, 0.5)).to(dtype).reshape(-1, 2);         // (rows * columns, 2)
        var bent = Mapped(nodes.reshape(-1, 2)).Z.reshape(nodes.shape);
        var (bentMiddles, logDet) = Mapped(middles);
        double[] stretch = logDet.exp().ToDoubles();
        return new(title, [Cells("before", nodes, middles), Cells("after", bent, bentMiddles)]);

        (Tensor Z, Tensor LogDet) Mapped(Tensor points)
        {
            var (z, logDet) = map(points);
            Require(z, $"({points.size(0)}, 2)", z.dim() == 2 && z.size(0) == points.size(0) && z.size(1) == 2, nameof(map));
            Require(logDet, $"({points.size(0)})", logDet.dim() == 1 && logDet.size(0) == points.size(0), nameof(map));
            return (z, logDet);
        }

        Panel Cells(string title, Tensor grid, Tensor at) => new(title,
        [
            ToGridLines(grid) with { EveryRow = Chords, EveryColumn = Chords },
            new Points(Column(at.ToDoubles(), 0), Column(at.ToDoubles(), 1)) { Values = stretch, Size = 6, Opacity = 1 },
        ])
        { EqualAspect = true, Width = 330 };
    }

    // The ends of the steps (offset 0), one more than there are, or their middles (offset 1/2).
    private static Tensor Steps(Interval interval, int count, double offset) =>
        tensor([.. Enumerable.Range(0, offset > 0 ? count : count + 1).Select(i => interval.Low + (i + offset) * interval.Length / count)], float64);

    private static Tensor Mesh(Tensor rows, Tensor columns) => stack([.. meshgrid([rows, columns], indexing: "ij").Reverse()], dim: -1);   // (rows, columns, 2): x, y
}
