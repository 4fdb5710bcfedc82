namespace FlowKit.Transforms;

/// <summary>A height r of [-1, 1] on a sphere, as the nearer pole and the distance from it along the axis, 1 - |r|, which keeps its digits where r has been rounded to 1.</summary>
/// <param name="IsNorth">Whether r > 0, (B, 1).</param>
/// <param name="Depth">1 - |r|, (B, 1); a height that crossed the equator may be more than 1 away from its old pole.</param>
internal readonly record struct PolarCap(Tensor IsNorth, Tensor Depth)
{
    /// <summary>r, (B, 1).</summary>
    public Tensor Height => where(IsNorth, 1 - Depth, Depth - 1);

    /// <summary>sqrt(1 - r²), (B, 1): the radius of the circle of latitude, or of the sphere that takes its place.</summary>
    public Tensor Radius => SquaredRadius.sqrt();

    /// <summary>ln(1 - r²), (B, 1).</summary>
    public Tensor LogSquaredRadius => SquaredRadius.log();

    private Tensor SquaredRadius => Depth * (2 - Depth);

    /// <summary>The last coordinate of points (B, D + 1), and what the others are divided by their norm: a point of S^(D-1), (B, D).</summary>
    /// <remarks>At a pole, where there is no such point, it is the first axis, and the depth is that of the last point beside the pole that the precision tells from it.</remarks>
    public static (PolarCap Cap, Tensor Around) Split(Tensor point)
    {
        double least = Math.Pow(point.dtype == float64 ? Math.Pow(2, -52) : Math.Pow(2, -23), 2);
        var (around, height) = (point.narrow(1, 0, point.size(1) - 1), point.narrow(1, point.size(1) - 1, 1));
        var squares = around.square().sum(1, keepdim: true);                  // 1 - r²
        var north = height.gt(0);
        var depth = (squares / (1 + where(north, height, -height))).clamp(min: least);
        around = where(squares.lt(least), SpherePoints.FirstAxis(around), around);
        return (new(north, depth), around / around.norm(1, keepdim: true));
    }

    /// <summary>r through a spline of [0, 2], the height plus 1, and the log-slope, (B, 1).</summary>
    /// <param name="spline">The spline; theta is mirrored for the northern half, so that every pole is its lower end.</param>
    /// <param name="theta">(B, 3 K + 1): K widths, K heights and K + 1 slopes, from south to north.</param>
    /// <param name="isForward">Whether the spline or its inverse is taken.</param>
    public (PolarCap Cap, Tensor LogSlope) Through(IntervalRationalQuadraticMap spline, Tensor theta, bool isForward)
    {
        int bins = spline.Bins;
        var mirrored = cat([theta.narrow(1, 0, bins).flip(1), theta.narrow(1, bins, bins).flip(1), theta.narrow(1, 2 * bins, bins + 1).flip(1)], dim: 1);
        var own = where(IsNorth, mirrored, theta).unsqueeze(2);               // (B, 3 K + 1, 1)
        var (depth, logSlope) = isForward ? spline.Forward(Depth, own) : spline.Inverse(Depth, own);
        return (new(IsNorth, depth), logSlope);
    }
}
