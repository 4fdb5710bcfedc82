namespace FlowKit.Interactive;

/// <summary>x = (2 / pi) longitude cos t, y = sin t with 2t + sin 2t = pi sin(latitude), of a point's longitude and latitude in the view.</summary>
/// <remarks>Snyder 1987, "Map Projections: A Working Manual", chapter 31.</remarks>
internal sealed record MollweideProjection(double Longitude, double Latitude) : MapProjection(Longitude, Latitude)
{
    private const int Steps = 60;

    internal override double HalfWidth => 2;

    /// <summary>The t in [-pi/2, pi/2] with 2t + sin 2t = pi s, by Newton's method from inside, where it cannot leave.</summary>
    internal static double Parametric(double s)
    {
        double target = Math.PI * Math.Min(Math.Abs(s), 1), t = Math.Asin(Math.Min(Math.Abs(s), 1)) / 2;
        for (int step = 0; step < Steps; step++)
        {
            double slope = 2 + 2 * Math.Cos(2 * t), change = (2 * t + Math.Sin(2 * t) - target) / slope;
            if (!(slope > 0) || !(Math.Abs(change) > 1e-15)) break;
            t = Math.Clamp(t - change, 0, Math.PI / 2);
        }

        return Math.CopySign(t, s);
    }

    private protected override (double X, double Y)? Flatten(Vector3 view)
    {
        double t = Parametric(view.Z);
        return (2 / Math.PI * Math.Atan2(view.Y, view.X) * Math.Cos(t), Math.Sin(t));
    }

    private protected override Vector3 Raise(double x, double y)
    {
        double t = Math.Asin(Math.Clamp(y, -1, 1)), height = (2 * t + Math.Sin(2 * t)) / Math.PI, cos = Math.Cos(t);
        (double sin, double along) = Math.SinCos(cos > 0 ? Math.Clamp(Math.PI * x / (2 * cos), -Math.PI, Math.PI) : 0);
        double radius = Math.Sqrt(Math.Max(0, 1 - height * height));
        return new(radius * along, radius * sin, height);
    }

    private protected override double? Crossing(Vector3 from, Vector3 to)
    {
        if (double.IsNegative(from.Y) == double.IsNegative(to.Y)) return null;
        double share = from.Y == to.Y ? 0.5 : from.Y / (from.Y - to.Y);
        return from.X + share * (to.X - from.X) < 0 ? share : null;
    }

    private protected override Vector3 OnBorder(Vector3 crossing, Vector3 side) => crossing with { Y = Math.CopySign(0, side.Y) };
}
