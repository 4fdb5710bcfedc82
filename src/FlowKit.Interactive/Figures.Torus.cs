using FlowKit.Integration;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int TorusWidth = 460, CoordinateLines = 8, AnglesOnALine = 180;
    private const int NamePlaces = 300;
    private const double LineLift = 0.005, BorderLift = 0.001, NameLift = 0.05, AboveLine = 0.16, NameWidth = 0.24, NameHeight = 0.08;

    /// <summary>A density of two angles as a periodic map: on [0, 2 pi)², with ticks at multiples of pi / 2, and samples as dots over it.</summary>
    /// <param name="grid">The density on (0, 2 pi) in both angles.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="samples">(N, 2) angles, which are brought to [0, 2 pi), or null; at most 2000, evenly picked, are shown.</param>
    /// <exception cref="ArgumentException">The grid covers something else.</exception>
    /// <example><code>
    /// var grid = DensityGrid.Evaluate(x => (x.sum(dim: 1) - 1.94).cos(), (0, Math.Tau));
    /// Figure.Row("Two angles that depend on each other", Figures.TorusDensity(grid, "flat"), Figures.TorusSurface(grid, "on the torus"))
    /// </code></example>
    public static Figure TorusDensity(DensityGrid grid, string title = "", Tensor? samples = null)
    {
        RequireTorus(grid);
        using var scope = NewDisposeScope();
        var figure = Density(grid, title, samples?.detach().remainder(Math.Tau));
        var panel = figure.Panels[0] with { X = (0, Math.Tau), Y = (0, Math.Tau), XLabel = "θ₁", YLabel = "θ₂", XTicks = Panel.AngleTicks, YTicks = Panel.AngleTicks };
        return One(panel);
    }

    /// <summary>A density of two angles as color on a torus in perspective: θ₁ runs around the axis and θ₂ around the tube, from its outside, where it is 0, over its top.
    /// Lines are pi / 4 apart; those of 0 are bright.</summary>
    /// <param name="grid">The density on (0, 2 pi) in both angles.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="longitude">The θ₁ that faces the eye, in degrees.</param>
    /// <param name="latitude">How high the eye stands above the plane of the torus, in degrees, in [-90, 90]: 90 looks along the axis.</param>
    /// <param name="resolution">Cells from the top of the picture to its bottom, at least 2.</param>
    /// <exception cref="ArgumentException">The grid covers something else, or the direction is none.</exception>
    public static Figure TorusSurface(DensityGrid grid, string title = "", double longitude = 60, double latitude = 45, int resolution = 200)
    {
        RequireTorus(grid);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        if (!double.IsFinite(longitude)) throw new ArgumentException(FormattableString.Invariant($"A longitude is finite, in degrees; it was {longitude}."), nameof(longitude));
        if (!(latitude is >= -90 and <= 90)) throw new ArgumentException(FormattableString.Invariant($"A latitude is in [-90, 90] degrees; it was {latitude}."), nameof(latitude));

        var view = new TorusView(longitude, latitude);
        double[] turn = [.. Enumerable.Range(0, AnglesOnALine + 1).Select(i => i * Math.Tau / AnglesOnALine)];
        var outline = turn.SelectMany(first => turn.Where((_, i) => i % 10 == 0).Select(second => view.Project(TorusView.At(first, second)))).ToList();
        var names = AnglesAround(view).ToList();
        Interval across = Interval.Around([.. outline.Select(at => at.X), .. names.Select(name => name.X - NameWidth), .. names.Select(name => name.X + NameWidth)])!.Value.Padded(0.01);
        Interval up = Interval.Around([.. outline.Select(at => at.Y), .. names.Select(name => name.Y - NameHeight), .. names.Select(name => name.Y + NameHeight)])!.Value.Padded(0.01);

        double beside = longitude * Math.PI / 180 - Math.PI / CoordinateLines;
        var onSurface = Panel.AngleTicks.SkipLast(1).Select(tick => (Point: TorusView.At(beside, tick.At + AboveLine, LineLift), Text: $"θ₂ = {tick.Label}")).Where(label => view.Sees(label.Point))
            .Select(label => (At: view.Project(label.Point), label.Text)).ToList();
        Layer[] layers =
        [
            Cells(),
            Lines([.. Enumerable.Range(1, CoordinateLines - 1).Select(i => i * Math.Tau / CoordinateLines).SelectMany(Circles)], "#ffffff", 0.35, 1),
            Lines([.. Circles(0)], "#ffffff", 0.9, 1.5),
            Lines([turn.Select(first => TorusView.At(first, view.Border(first).Low, BorderLift)), turn.Select(first => TorusView.At(first, view.Border(first).High, BorderLift))], "#5a6b7b", 1, 2),
            new Labels([.. onSurface.Select(label => label.At.X)], [.. onSurface.Select(label => label.At.Y)], [.. onSurface.Select(label => label.Text)]) { Color = null },
            new Labels([.. names.Select(name => name.X)], [.. names.Select(name => name.Y)], [.. names.Select(name => name.Text)]) { Color = "#3d4852" },
        ];
        return One(new(title, layers) { HasAxes = false, EqualAspect = true, X = across, Y = up, Width = TorusWidth });

        HeatMap Cells()
        {
            double[] y = Quadrature.Midpoints((up.Low, up.High), resolution), x = Quadrature.Midpoints((across.Low, across.High), (int)Math.Ceiling(across.Length / up.Length * resolution));
            double[,] values = new double[y.Length, x.Length], shade = new double[y.Length, x.Length];
            for (int row = 0; row < y.Length; row++)
                for (int column = 0; column < x.Length; column++)
                {
                    var seen = view.Look(x[column], y[row]);
                    values[row, column] = seen is var (first, second, _) ? Periodic(grid, first, second) : double.NaN;
                    shade[row, column] = double.IsFinite(values[row, column]) ? seen!.Value.Shade : double.NaN;
                }

            return new(x, y, values) { Shade = shade };
        }

        IEnumerable<IEnumerable<Vector3>> Circles(double at) => [turn.Select(angle => TorusView.At(at, angle, LineLift)), turn.Select(angle => TorusView.At(angle, at, LineLift))];

        Curve Lines(IReadOnlyList<IEnumerable<Vector3>> lines, string color, double opacity, double width)
        {
            List<double> x = [], y = [];
            foreach (var line in lines)
            {
                foreach (var point in line)
                {
                    var (px, py) = view.Sees(point) ? view.Project(point) : (double.NaN, double.NaN);
                    x.Add(px);
                    y.Add(py);
                }

                x.Add(double.NaN);
                y.Add(double.NaN);
            }

            return new(x, y) { Color = color, Opacity = opacity, Width = width };
        }
    }

    // Where θ₁ is a multiple of pi / 2, as near to the torus as the name has room.
    private static IEnumerable<(double X, double Y, string Text)> AnglesAround(TorusView view) =>
        from tick in Panel.AngleTicks.SkipLast(1)
        let places = Enumerable.Range(0, NamePlaces).Select(i => view.Project(TorusView.At(tick.At, 0, NameLift + i * LineLift)))
        let at = places.FirstOrDefault(at => IsFree(view, at))
        where at != default
        select (at.X, at.Y, $"θ₁ = {tick.Label}");

    private static bool IsFree(TorusView view, (double X, double Y) at) =>
        new[] { -1.0, -0.5, 0, 0.5, 1 }.All(across => new[] { -1.0, 0, 1 }.All(up => view.Look(at.X + across * NameWidth, at.Y + up * NameHeight) is null));

    /// <summary>The density between the middles of its cells, also across the ends of the angles.</summary>
    private static double Periodic(DensityGrid grid, double first, double second)
    {
        int columns = grid.X.Count, rows = grid.Y.Count;
        double x = first / Math.Tau * columns - 0.5, y = second / Math.Tau * rows - 0.5;
        (int left, int low) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double right, double high) = (x - left, y - low);
        return (1 - high) * ((1 - right) * At(low, left) + right * At(low, left + 1)) + high * ((1 - right) * At(low + 1, left) + right * At(low + 1, left + 1));

        double At(int row, int column) => grid.Values[(row + rows) % rows, (column + columns) % columns];
    }

    private static void RequireTorus(DensityGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        foreach (var centers in new[] { grid.X, grid.Y })
        {
            double half = (centers[^1] - centers[0]) / (centers.Count - 1) / 2, slack = half * 0.02;
            if (!(Math.Abs(centers[0] - half) < slack && Math.Abs(centers[^1] + half - Math.Tau) < slack))
                throw new ArgumentException(FormattableString.Invariant(
                    $"A density of angles is evaluated on (0, 2 pi), as by DensityGrid.Evaluate(logProb, (0, Math.Tau)); the grid covers ({centers[0] - half:G6}, {centers[^1] + half:G6})."), nameof(grid));
        }
    }
}
