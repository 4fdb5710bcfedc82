namespace FlowKit.Interactive;

/// <summary>A point or a direction in space. In a view: toward the eye, to the right and up.</summary>
internal readonly record struct Vector3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    /// <summary>The point of the unit sphere with a longitude and a latitude in degrees.</summary>
    public static Vector3 OnSphere(double longitude, double latitude)
    {
        (double sin, double cos) = Math.SinCos(longitude * Math.PI / 180);
        (double height, double radius) = Math.SinCos(latitude * Math.PI / 180);
        return new(radius * cos, radius * sin, height);
    }

    public static Vector3 operator +(Vector3 a, Vector3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector3 operator -(Vector3 a, Vector3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector3 operator *(double scale, Vector3 a) => new(scale * a.X, scale * a.Y, scale * a.Z);

    public double Dot(Vector3 other) => X * other.X + Y * other.Y + Z * other.Z;

    public Vector3 Normalized() => 1 / Length * this;
}
