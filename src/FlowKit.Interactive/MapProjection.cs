namespace FlowKit.Interactive;

/// <summary>How the unit sphere is drawn in the plane, seen from a direction: a point (x, y, z) has the longitude atan2(y, x) and the latitude asin z.</summary>
/// <example><code>
/// manual_seed(0);
/// var draws = new VonMisesFisher(tensor(new[] { 1f, 0, 0 }), 20).Sample(300);
/// Figure.Row("Draws around longitude 0",
///     Figures.SpherePoints(draws, "all of the sphere", MapProjection.Mollweide(longitude: 30)),
///     Figures.SpherePoints(draws, "one hemisphere", MapProjection.Orthographic(longitude: 30, latitude: 20)))
/// </code></example>
public abstract record MapProjection
{
    private readonly Vector3 toward, east, north;

    private protected MapProjection(double longitude, double latitude)
    {
        if (!double.IsFinite(longitude)) throw new ArgumentException(FormattableString.Invariant($"A longitude is finite, in degrees; it was {longitude}."), nameof(longitude));
        if (!(latitude is >= -90 and <= 90)) throw new ArgumentException(FormattableString.Invariant($"A latitude is in [-90, 90] degrees; it was {latitude}."), nameof(latitude));
        (Longitude, Latitude) = (longitude, latitude);
        (double sin, double cos) = Math.SinCos(longitude * Math.PI / 180);
        (double sinLatitude, double cosLatitude) = Math.SinCos(latitude * Math.PI / 180);
        toward = new(cosLatitude * cos, cosLatitude * sin, sinLatitude);
        east = new(-sin, cos, 0);
        north = new(-sinLatitude * cos, -sinLatitude * sin, cosLatitude);
    }

    /// <summary>Of the middle of the map, in degrees.</summary>
    public double Longitude { get; }

    /// <summary>Of the middle of the map, in degrees, in [-90, 90].</summary>
    public double Latitude { get; }

    /// <summary>The whole sphere in an ellipse twice as wide as high; equal areas stay equal.</summary>
    /// <param name="longitude">Of the middle of the map, in degrees.</param>
    /// <param name="latitude">Of the middle of the map, in degrees, in [-90, 90].</param>
    /// <exception cref="ArgumentException">The direction is none.</exception>
    public static MapProjection Mollweide(double longitude = 0, double latitude = 0) => new MollweideProjection(longitude, latitude);

    /// <summary>The hemisphere that is seen from far away, in a disc.</summary>
    /// <inheritdoc cref="Mollweide"/>
    public static MapProjection Orthographic(double longitude = 0, double latitude = 0) => new OrthographicProjection(longitude, latitude);

    /// <summary>The map lies in [-<see cref="HalfWidth"/>, <see cref="HalfWidth"/>] x [-1, 1], in the ellipse of that size.</summary>
    internal abstract double HalfWidth { get; }

    /// <summary>Where a point of the sphere is drawn; null: it is hidden.</summary>
    internal (double X, double Y)? Project(Vector3 point) => Flatten(ToView(point));

    /// <summary>The point of the sphere that is drawn at a place; null: none is, the place lies outside.</summary>
    internal Vector3? Unproject(double x, double y) =>
        Math.Pow(x / HalfWidth, 2) + y * y <= 1 ? FromView(Raise(x, y)) : null;

    /// <summary>A line over the sphere as lines in the plane, which are parted where it leaves the map, and the places where they end at its border.</summary>
    internal (double[] X, double[] Y, (double X, double Y)[] Ends) Trace(IEnumerable<Vector3> line)
    {
        var shown = new List<(double X, double Y)>();
        var ends = new List<(double X, double Y)>();
        Vector3? before = null;
        foreach (var here in line.Select(ToView))
        {
            if (before is { } last && Crossing(last, here) is { } share)
            {
                var crossing = (last + share * (here - last)).Normalized();
                End(last, OnBorder(crossing, last));
                shown.Add((double.NaN, double.NaN));
                End(here, OnBorder(crossing, here));
            }

            if (Flatten(here) is { } at) shown.Add(at);
            before = here;
        }

        return ([.. shown.Select(at => at.X)], [.. shown.Select(at => at.Y)], [.. ends]);

        void End(Vector3 inside, Vector3 border)
        {
            if (Flatten(inside) is null || Flatten(border) is not { } at) return;
            shown.Add(at);
            ends.Add(at);
        }
    }

    /// <summary>Where a point of the view is drawn; null: it is hidden.</summary>
    private protected abstract (double X, double Y)? Flatten(Vector3 view);

    /// <summary>The point of the view that is drawn at a place inside the border.</summary>
    private protected abstract Vector3 Raise(double x, double y);

    /// <summary>Which part of the short way from one point of the view to another lies before the border of the map; null: the way does not cross it.</summary>
    private protected abstract double? Crossing(Vector3 from, Vector3 to);

    /// <summary>A point on the border as a point on the side of another.</summary>
    private protected abstract Vector3 OnBorder(Vector3 crossing, Vector3 side);

    private Vector3 ToView(Vector3 point) => new(point.Dot(toward), point.Dot(east), point.Dot(north));

    private Vector3 FromView(Vector3 view) => view.X * toward + view.Y * east + view.Z * north;
}
