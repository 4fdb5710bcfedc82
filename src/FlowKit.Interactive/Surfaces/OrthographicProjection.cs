namespace FlowKit.Interactive;

/// <summary>x and y to the right and up in the view, of the points before the plane through the middle. Snyder 1987, "Map Projections: A Working Manual", chapter 20.</summary>
internal sealed record OrthographicProjection(double Longitude, double Latitude) : MapProjection(Longitude, Latitude)
{
    internal override double HalfWidth => 1;

    private protected override (double X, double Y)? Flatten(Vector3 view) => view.X >= 0 ? (view.Y, view.Z) : null;

    private protected override Vector3 Raise(double x, double y) => new(Math.Sqrt(Math.Max(0, 1 - x * x - y * y)), x, y);

    private protected override double? Crossing(Vector3 from, Vector3 to) => from.X >= 0 == to.X >= 0 ? null : from.X / (from.X - to.X);

    private protected override Vector3 OnBorder(Vector3 crossing, Vector3 side) => crossing with { X = 0 };
}
