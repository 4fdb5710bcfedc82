namespace FlowKit.Data;

/// <summary>Places on a globe as unit vectors, and back: x = (cos lat cos lon, cos lat sin lon, sin lat).</summary>
/// <remarks>Shapes: longitudes and latitudes are (B), in degrees, x is (B, 3). Densities of x are with respect to the sphere's surface: a uniform law has no preference for the poles, as one of both angles has.</remarks>
/// <example><code>
/// var quakes = Table.Load("quakes");
/// var x = Directions.FromDegrees(longitude: quakes["long"], latitude: quakes["lat"]);
/// Console.WriteLine(x);                                                // => [1000x3], type = Float64, device = cpu
/// var (longitude, latitude) = Directions.ToDegrees(x[..1]);
/// Console.WriteLine($"{longitude.ToDouble():F2} {latitude.ToDouble():F2}");  // => -178.38 -20.42
/// </code></example>
public static class Directions
{
    private const double Degree = Math.PI / 180;

    /// <summary>Unit vectors, (B, 3).</summary>
    /// <param name="longitude">(B), floating-point, east of the meridian of 0, any turn.</param>
    /// <param name="latitude">(B), of the same precision, north of the equator, in [-90, 90].</param>
    /// <exception cref="ArgumentException">The two are not such, or a latitude is beyond a pole.</exception>
    public static Tensor FromDegrees(Tensor longitude, Tensor latitude)
    {
        Guard.Number(longitude);
        Guard.Number(latitude);
        if (longitude.Dimensions != 1 || latitude.Dimensions != 1 || longitude.size(0) != latitude.size(0) || longitude.dtype != latitude.dtype)
            throw new ArgumentException($"longitude is {Guard.Name(longitude.dtype)} of shape {Guard.Describe(longitude)}, latitude {Guard.Name(latitude.dtype)} of shape {Guard.Describe(latitude)}; expected both (B) and of one precision.", nameof(latitude));
        Guard.Floating(longitude, nameof(Directions), float64);
        using var scope = NewDisposeScope();
        if (latitude.abs().gt(90).any().ToBoolean()) throw new ArgumentException("latitude holds values beyond a pole; expected degrees in [-90, 90].", nameof(latitude));
        var (lon, lat) = (longitude * Degree, latitude * Degree);
        return scope.MoveToOuter(stack([lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()], dim: 1));
    }

    /// <summary>Longitudes in [-180, 180] and latitudes in [-90, 90], (B) each, in degrees. At a pole every longitude is the same place; it is then 0 or what rounding left.</summary>
    /// <param name="x">(B, 3), floating-point, of any length > 0.</param>
    /// <exception cref="ArgumentException">x is not such.</exception>
    public static (Tensor Longitude, Tensor Latitude) ToDegrees(Tensor x)
    {
        Guard.Batch(x, [3]);
        Guard.Number(x);
        Guard.Floating(x, nameof(Directions), float64);
        using var scope = NewDisposeScope();
        var (e, n, up) = (x.select(1, 0), x.select(1, 1), x.select(1, 2));
        return scope.MoveToOuter(n.atan2(e) / Degree, up.atan2(hypot(e, n)) / Degree);           // an arc sine would lose the digits near a pole
    }
}
