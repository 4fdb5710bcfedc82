using FlowKit.Integration;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int MollweideWidth = 460, OrthographicWidth = 330, SliceWidth = 300, GlobeWidth = 260, SliceColumns = 3, DegreesOfTurn = 360;
    private const double LabelRoom = 40, MapAir = 0.02, UnitTolerance = 1e-3;

    /// <summary>A density on the sphere as color, with a graticule in degrees, and samples as dots over it; outside of the map there is nothing.</summary>
    /// <param name="logProb">(B, 3) points of unit length to (B), the log-density by the surface of the sphere, in nats; it need not be normalized. Where it exceeds 700 nats,
    /// its largest value is subtracted everywhere, so that the colors show the density relative to its maximum.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="projection">The map; null: Mollweide's, with longitude 0 in the middle.</param>
    /// <param name="samples">(N, 3) of unit length, or null; at most 2000 of those that can be seen, evenly picked, are shown.</param>
    /// <param name="weights">(N), or null: an importance weight of each sample, by which it is colored. The density is then drawn as lines around the smallest regions that hold half, 90 %
    /// and 99 % of it.</param>
    /// <param name="resolution">Cells from the top of the map to its bottom, at least 2.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points at which the density is evaluated.</param>
    /// <exception cref="ArgumentException">The result of <paramref name="logProb"/> is not (B), the samples are not points of the sphere, or the weights are not one each.</exception>
    /// <example><code>
    /// // Two modes, at longitude 0 and, half as high, at the north pole.
    /// Tensor LogProb(Tensor x) => stack([x.select(1, 0) * 20, x.select(1, 2) * 20 - Math.Log(2)], dim: 1).logsumexp(1);
    /// Figure.Row("", Figures.SphereDensity(LogProb), Figures.SphereDensity(LogProb, projection: MapProjection.Orthographic(longitude: 20, latitude: 40)))
    /// </code></example>
    public static Figure SphereDensity(
        Func<Tensor, Tensor> logProb, string title = "", MapProjection? projection = null, Tensor? samples = null, Tensor? weights = null,
        int resolution = 200, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        if (weights is not null && samples is null) throw new ArgumentException("Weights belong to samples; there were none.", nameof(weights));

        projection ??= MapProjection.Mollweide();
        var dots = samples is null ? null : weights is null ? Dots(projection, samples) : OnMap(projection, samples, nameof(samples), labels: null, weights, nameof(weights)) with { Opacity = 1 };
        if (weights is null) return Alone(SphereMaps(logProb, [(projection, null)], resolution, device, dtype)[0]);

        var maps = SphereMaps(logProb, projection is MollweideProjection ? [(projection, null)] : [(projection, null), (MapProjection.Mollweide(), null)], resolution, device, dtype);
        var (map, equalAreas) = (maps[0], maps[^1]);
        double[] levels = LevelsOf(new(equalAreas.X, equalAreas.Y, equalAreas.Values, double.NaN), ShownMasses);
        return One(MapPanel(title, projection, [new Contours(map.X, map.Y, map.Values, levels) { Color = "#8b98a5" }, dots!]));

        Figure Alone(HeatMap map) => One(MapPanel(title, projection, dots is null ? [map] : [map, dots]));
    }

    /// <summary>Points on the sphere, such as draws or epicenters of earthquakes, with a graticule in degrees.</summary>
    /// <param name="points">(N, 3) of unit length; at most 2000 of those that can be seen, evenly picked, are shown.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="projection">The map; null: Mollweide's, with longitude 0 in the middle.</param>
    /// <param name="labels">(N), integers, for colors that tell classes apart; null: all alike.</param>
    /// <param name="values">(N), shown as color, such as importance weights; null: none.</param>
    /// <exception cref="ArgumentException">The points are not of the sphere, there are both labels and values, or they are not one for each point.</exception>
    /// <example><code>
    /// manual_seed(0);
    /// var epicenters = new VonMisesFisher(tensor(new[] { 0f, -0.6f, 0.8f }), 30).Sample(200);
    /// Figures.SpherePoints(epicenters, "by depth", values: rand(200) * 600)
    /// </code></example>
    public static Figure SpherePoints(Tensor points, string title = "", MapProjection? projection = null, Tensor? labels = null, Tensor? values = null)
    {
        if (labels is not null && values is not null) throw new ArgumentException("Points are colored by labels or by values; there were both.", nameof(values));
        projection ??= MapProjection.Mollweide();
        return One(MapPanel(title, projection, [OnMap(projection, points, nameof(points), labels, values, nameof(values)) with { Opacity = values is null ? 0.6 : 1 }]));
    }

    /// <summary>A density on the sphere that turns once around its axis, with a slider: orthographic views with one color scale.</summary>
    /// <param name="logProb">(B, 3) points of unit length to (B), the log-density by the surface of the sphere, in nats; it need not be normalized. Where it exceeds 700 nats,
    /// its largest value is subtracted everywhere, so that the colors show the density relative to its maximum.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="latitude">From where it is seen, in degrees, in [-90, 90].</param>
    /// <param name="frames">Views of a turn, at least 2.</param>
    /// <param name="samples">(N, 3) of unit length, shown as dots, or null.</param>
    /// <param name="resolution">Cells from the top of a view to its bottom, at least 2. A notebook holds each view: 15 views of 100 cells take about 300 KB, and the still picture 150 KB.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points at which the density is evaluated.</param>
    /// <exception cref="ArgumentException">The result of <paramref name="logProb"/> is not (B), or the samples are not points of the sphere.</exception>
    /// <example><code>
    /// Figures.RotatingSphere(x => x.select(1, 0) * 10, "a mode at longitude 0", frames: 12)
    /// </code></example>
    public static Animation RotatingSphere(
        Func<Tensor, Tensor> logProb, string title = "", double latitude = 20, int frames = 15, Tensor? samples = null,
        int resolution = 100, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        double[] longitudes = [.. Enumerable.Range(0, frames).Select(frame => (double)DegreesOfTurn * frame / frames)];
        MapProjection[] views = [.. longitudes.Select(longitude => MapProjection.Orthographic(longitude, latitude))];
        var maps = SphereMaps(logProb, [.. views.Select(view => (view, (double?)null))], resolution, device, dtype);
        var colors = Interval.Union(maps.Select(map => (Interval?)map.ValueRange));
        return new(title, [.. longitudes.Select((longitude, i) => (FormattableString.Invariant($"longitude {longitude:0.#}°"), One(View(i))))]) { Start = 0 };

        Panel View(int i) => MapPanel("", views[i], samples is null ? [maps[i] with { Colors = colors }] : [maps[i] with { Colors = colors }, Dots(views[i], samples)], GlobeWidth);
    }

    /// <summary>A density on the sphere S³ in space of four dimensions, as maps of the spheres in it on which x₀ is constant, with one color scale.</summary>
    /// <param name="logProb">(B, 4) points of unit length to (B), the log-density by the volume of S³, in nats; it need not be normalized. Where it exceeds 700 nats,
    /// its largest value is subtracted in all maps, so that the colors show the density relative to its maximum.</param>
    /// <param name="title">Above all maps.</param>
    /// <param name="heights">The values of x₀, each in (-1, 1), at least one; null: six from -0.75 to 0.75. The points of a map are (x₀, sqrt(1 - x₀²) u) with u on its sphere.</param>
    /// <param name="projection">The map; null: Mollweide's, with longitude 0 in the middle.</param>
    /// <param name="resolution">Cells from the top of a map to its bottom, at least 2.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points at which the density is evaluated.</param>
    /// <exception cref="ArgumentException">The result of <paramref name="logProb"/> is not (B), or a height is not in (-1, 1).</exception>
    /// <example><code>
    /// Figures.SphereSlices(x => x.select(1, 0) * 4 + x.select(1, 1) * 4, "one mode", heights: [-0.5, 0, 0.5], resolution: 60)
    /// </code></example>
    public static Figure SphereSlices(
        Func<Tensor, Tensor> logProb, string title = "", IReadOnlyList<double>? heights = null, MapProjection? projection = null,
        int resolution = 200, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        heights ??= [-0.75, -0.45, -0.15, 0.15, 0.45, 0.75];
        if (heights.Count == 0 || !heights.All(height => height is > -1 and < 1))
            throw new ArgumentException(FormattableString.Invariant($"Heights are numbers in (-1, 1), at least one; they were [{string.Join(", ", heights)}]."), nameof(heights));

        projection ??= MapProjection.Mollweide();
        var maps = SphereMaps(logProb, [.. heights.Select(height => (projection, (double?)height))], resolution, device, dtype);
        var panels = heights.Zip(maps, (height, map) => MapPanel(FormattableString.Invariant($"x₀ = {height:0.##}").Replace('-', '−'), projection, [map], SliceWidth));
        return new(title, [.. panels]) { Columns = SliceColumns };
    }

    // Densities of the unit sphere, or, with a height, of the sphere in S³ at that height: all on one scale.
    private static HeatMap[] SphereMaps(
        Func<Tensor, Tensor> logProb, IReadOnlyList<(MapProjection Projection, double? Height)> panels, int resolution, Device? device, ScalarType dtype)
    {
        HeatMap[] logs = [.. panels.Select(panel => LogMap(logProb, panel.Projection, resolution, device, dtype, panel.Height))];
        return [.. logs.Zip(Densities.Exponentials([.. logs.Select(map => map.Values)]), (map, values) => new HeatMap(map.X, map.Y, values))];
    }

    private static HeatMap LogMap(Func<Tensor, Tensor> logProb, MapProjection projection, int resolution, Device? device, ScalarType dtype, double? height)
    {
        double radius = height is { } h ? Math.Sqrt(1 - h * h) : 1;
        double[] y = Quadrature.Midpoints((-1, 1), resolution), x = Quadrature.Midpoints((-projection.HalfWidth, projection.HalfWidth), (int)(projection.HalfWidth * resolution));
        var cells = new List<(int Row, int Column)>();
        var points = new List<double>();
        double[,] values = new double[y.Length, x.Length];
        for (int row = 0; row < y.Length; row++)
            for (int column = 0; column < x.Length; column++)
                if (projection.Unproject(x[column], y[row]) is var (px, py, pz))
                {
                    cells.Add((row, column));
                    if (height is { } x0) points.Add(x0);
                    points.AddRange([radius * px, radius * py, radius * pz]);
                }
                else
                {
                    values[row, column] = double.NaN;
                }

        double[] logs = Densities.Logs(logProb, [.. points], dimensions: height is null ? 3 : 4, device, dtype);
        for (int i = 0; i < logs.Length; i++) values[cells[i].Row, cells[i].Column] = logs[i];
        return new(x, y, values);
    }

    private static Points Dots(MapProjection projection, Tensor samples) =>
        OnMap(projection, samples, nameof(samples), labels: null, values: null, valuesName: "") with { Size = 2.5, Opacity = 0.7 };

    private static Points OnMap(MapProjection projection, Tensor points, string name, Tensor? labels, Tensor? values, string valuesName)
    {
        Require(points, "(N, 3)", points.dim() == 2 && points.size(1) == 3, name);
        if (points.size(0) == 0) throw new ArgumentException($"{name} is empty; at least one point is needed.", name);
        foreach (var (one, oneName) in new[] { (labels, nameof(labels)), (values, valuesName) })
            if (one is not null) Require(one, $"({points.size(0)})", one.dim() == 1 && one.size(0) == points.size(0), oneName);

        Vector3[] all = [.. points.ToDoubles().Chunk(3).Select(point => new Vector3(point[0], point[1], point[2]))];
        int odd = Array.FindIndex(all, point => !(Math.Abs(point.Length - 1) < UnitTolerance));
        if (odd >= 0) throw new ArgumentException(FormattableString.Invariant($"{name} are points of the unit sphere; row {odd} has the length {all[odd].Length:G6}."), name);

        (int Index, (double X, double Y) At)[] seen = [.. all.Select((point, i) => (i, At: projection.Project(point))).Where(one => one.At is not null).Select(one => (one.i, one.At!.Value))];
        int shown = Math.Min(seen.Length, ShownPoints);
        seen = [.. Enumerable.Range(0, shown).Select(i => seen[(int)((long)i * seen.Length / shown)])];
        double[]? groups = labels?.ToDoubles(), colors = values?.ToDoubles();
        return new([.. seen.Select(one => one.At.X)], [.. seen.Select(one => one.At.Y)])
        {
            OutOf = all.Length,
            Groups = groups is null ? null : [.. seen.Select(one => FormattableString.Invariant($"{groups[one.Index]}"))],
            Values = colors is null ? null : [.. seen.Select(one => colors[one.Index])],
        };
    }

    private static Panel MapPanel(string title, MapProjection projection, IReadOnlyList<Layer> layers, int? width = null)
    {
        int step = projection is MollweideProjection ? width is null ? 60 : 90 : width <= GlobeWidth ? 60 : 30;
        int wide = width ?? (projection is MollweideProjection ? MollweideWidth : OrthographicWidth);
        double room = projection.HalfWidth * LabelRoom / (wide / 2.0 - LabelRoom);
        bool onDensity = layers[0] is HeatMap;
        Layer[] all = onDensity ? [layers[0], Graticule.Lines(projection, onDensity), .. layers.Skip(1)] : [Graticule.Lines(projection, onDensity), .. layers];
        return new(title, [.. all, .. Graticule.Names(projection, step)])
        {
            HasAxes = false,
            EqualAspect = true,
            X = (-projection.HalfWidth - room, projection.HalfWidth + room),
            Y = (-1 - MapAir, 1 + MapAir),
            Width = wide,
        };
    }
}
