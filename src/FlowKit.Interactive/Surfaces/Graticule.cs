using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>Meridians and parallels every 30 degrees on a map of the sphere, their names and the border of the map.</summary>
internal static class Graticule
{
    private const string Ink = "#5a6b7b";
    private const int Step = 30, Sample = 2, Tilted = 60, AsideOfMiddle = 15;
    private const double Beside = 0.05, HalfText = 0.09, NearBorder = 0.76, NearPole = 0.9;

    /// <summary>What lies above the density and below the points.</summary>
    /// <param name="projection">The map.</param>
    /// <param name="onDensity">Whether the lines lie over colors, or else on white.</param>
    public static Layer Lines(MapProjection projection, bool onDensity)
    {
        List<double> x = [], y = [];
        var meridians = Every(-180 + Step, 180).Select(longitude => Every(-90, 90, Sample).Select(latitude => Vector3.OnSphere(longitude, latitude)));
        foreach (var line in meridians.Concat(Every(-90 + Step, 90 - Step).Select(latitude => Parallel(projection, latitude))))
            foreach (var (partX, partY) in Parts(projection.Trace(line)))
            {
                x.AddRange([.. partX, double.NaN]);
                y.AddRange([.. partY, double.NaN]);
            }

        return new Curve(x, y) { Color = onDensity ? "#ffffff" : "#7d8a97", Opacity = onDensity ? 0.35 : 0.55, Width = 1 };

        IEnumerable<(double[] X, double[] Y)> Parts((double[] X, double[] Y, (double X, double Y)[] Ends) traced)
        {
            for (int first = 0, last; first < traced.X.Length; first = last + 1)
            {
                last = Array.FindIndex(traced.X, first, double.IsNaN) is >= 0 and var gap ? gap : traced.X.Length;
                yield return Thinning.Of((traced.X[first..last], traced.Y[first..last]), (-projection.HalfWidth, projection.HalfWidth), (-1, 1));
            }
        }
    }

    /// <summary>The border, and the names of the lines: longitudes along the equator, or along a parallel where the map looks at a pole;
    /// latitudes beside the border, or within it where they do not meet it.</summary>
    /// <param name="projection">The map.</param>
    /// <param name="step">Degrees from one named meridian to the next.</param>
    public static IEnumerable<Layer> Names(MapProjection projection, int step)
    {
        double[] turns = [.. Every(0, 360, 2 * Sample).Select(degrees => degrees * Math.PI / 180)];
        yield return new Curve([.. turns.Select(turn => projection.HalfWidth * Math.Cos(turn))], [.. turns.Select(Math.Sin)]) { Color = Ink, Width = 1.5 };

        int along = Math.Abs(projection.Latitude) <= Tilted ? 0 : Math.Sign(projection.Latitude) * Step;
        List<(double X, double Y, string Text)> inside = [], beside = [];
        foreach (int longitude in Every(-180 + step, 180, step))
            if (projection.Project(Vector3.OnSphere(longitude, along)) is var (x, y) && Math.Pow(x / projection.HalfWidth, 2) + y * y < NearBorder)
                inside.Add((x, y, Longitude(longitude)));

        foreach (int latitude in Every(-90 + Step, 90 - Step))
        {
            var ends = projection.Trace(Parallel(projection, latitude)).Ends.Where(end => end.X < 0 && Math.Abs(end.Y) < NearPole).ToArray();
            if (ends.Length > 0) beside.Add((LeftOf(ends.MinBy(end => end.X).Y), ends.MinBy(end => end.X).Y, Latitude(latitude)));
            else if (latitude != along && projection.Project(Vector3.OnSphere(projection.Longitude + AsideOfMiddle, latitude)) is var (x, y) && x * x + y * y < NearPole)
                inside.Add((x, y, Latitude(latitude)));
        }

        yield return Texts(inside) with { Color = null };
        yield return Texts(beside) with { Color = Ink, EndsAtPoint = true };

        // The corner of a text that is nearest to the border lies outside, too.
        double LeftOf(double y) => -projection.HalfWidth * Math.Sqrt(1 - Math.Pow(Math.Max(0, Math.Abs(y) - HalfText), 2)) - Beside;

        static Labels Texts(List<(double X, double Y, string Text)> all) => new([.. all.Select(one => one.X)], [.. all.Select(one => one.Y)], [.. all.Select(one => one.Text)]);
    }

    private static IEnumerable<Vector3> Parallel(MapProjection projection, int latitude) =>
        Every(0, 360, Sample).Select(east => Vector3.OnSphere(projection.Longitude + east, latitude));

    private static IEnumerable<int> Every(int from, int to, int step = Step) => Enumerable.Range(0, (to - from) / step + 1).Select(i => from + i * step);

    private static string Longitude(int degrees) => degrees is 0 or 180 ? $"{degrees}°" : $"{Math.Abs(degrees)}°{(degrees > 0 ? "E" : "W")}";

    private static string Latitude(int degrees) => degrees == 0 ? "0°" : $"{Math.Abs(degrees)}°{(degrees > 0 ? "N" : "S")}";
}
