namespace FlowKit.Interactive;

/// <summary>A torus in perspective: a tube around the circle of radius 1 in the plane z = 0. The first angle runs around the axis, the second around the tube, from its outside over its top.</summary>
internal sealed class TorusView
{
    private const double Tube = 0.45, Distance = 5, Bound = 1.6, Hit = 1e-4, Nudge = 0.02, Darkest = 0.35;
    private const int Steps = 300;

    private readonly Vector3 toward, east, north, light;

    /// <summary>Seen from a direction in degrees.</summary>
    public TorusView(double longitude, double latitude)
    {
        toward = Vector3.OnSphere(longitude, latitude);
        east = Vector3.OnSphere(longitude + 90, 0);
        north = Vector3.OnSphere(longitude, latitude + 90);
        light = (toward - 0.5 * east + 0.7 * north).Normalized();
    }

    /// <summary>A point of the surface, or, with <paramref name="outside"/> > 0, one so far above it.</summary>
    public static Vector3 At(double first, double second, double outside = 0)
    {
        (double sin, double cos) = Math.SinCos(first);
        double from = 1 + (Tube + outside) * Math.Cos(second);
        return new(from * cos, from * sin, (Tube + outside) * Math.Sin(second));
    }

    /// <summary>Where a point is drawn.</summary>
    public (double X, double Y) Project(Vector3 point)
    {
        double scale = Distance / (Distance - point.Dot(toward));
        return (scale * point.Dot(east), scale * point.Dot(north));
    }

    /// <summary>Whether nothing hides a point of the surface or outside of it.</summary>
    public bool Sees(Vector3 point)
    {
        var eye = Distance * toward;
        var way = point - eye;
        return March(eye, way.Normalized(), way.Length - Nudge) is null;
    }

    /// <summary>Where a first angle's circle around the tube touches the border of what is seen: twice, at a second angle each.</summary>
    public (double Low, double High) Border(double first)
    {
        // The normal n = (cos second) rho + (sin second) z at rho + tube n is orthogonal to the way to the eye: n (eye - rho) = tube.
        (double sin, double cos) = Math.SinCos(first);
        var eye = Distance * toward;
        double along = eye.X * cos + eye.Y * sin - 1, length = Math.Sqrt(along * along + eye.Z * eye.Z), middle = Math.Atan2(eye.Z, along), half = Math.Acos(Math.Clamp(Tube / length, -1, 1));
        return (middle - half, middle + half);
    }

    /// <summary>The angles in [0, 2 pi) of what is drawn at a place, and how dark its shadow is there; null: nothing is.</summary>
    public (double First, double Second, double Shade)? Look(double x, double y)
    {
        var eye = Distance * toward;
        if (March(eye, (x * east + y * north - eye).Normalized(), 2 * Distance) is not { } point) return null;

        double around = Math.Sqrt(point.X * point.X + point.Y * point.Y);
        var middle = 1 / around * (point with { Z = 0 });
        double lit = Math.Clamp((point - middle).Normalized().Dot(light), 0, 1);
        return (Angle(point.Y, point.X), Angle(point.Z, around - 1), Darkest * (1 - lit));
    }

    /// <summary>From the eye, each step as far as the surface is away: J. C. Hart 1996, "Sphere tracing".</summary>
    private static Vector3? March(Vector3 eye, Vector3 direction, double end)
    {
        double travelled = Distance - Bound;
        for (int step = 0; step < Steps && travelled < Math.Min(end, Distance + Bound); step++)
        {
            var point = eye + travelled * direction;
            double away = Math.Sqrt(Math.Pow(Math.Sqrt(point.X * point.X + point.Y * point.Y) - 1, 2) + point.Z * point.Z) - Tube;
            if (away < Hit) return point;
            travelled += away;
        }

        return null;
    }

    private static double Angle(double y, double x) => Math.Atan2(y, x) is < 0 and var angle ? angle + Math.Tau : Math.Atan2(y, x);
}
