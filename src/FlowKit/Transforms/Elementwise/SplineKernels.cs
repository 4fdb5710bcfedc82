namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline in tensor operations: on any device, and differentiable as often as one likes.</summary>
internal static class SplineKernels
{
    public static (Tensor Value, Tensor LogSlope) Apply(RationalQuadraticSpline spline, Tensor at, Tensor theta, bool inverse)
    {
        var inside = at.clamp(spline.Low, spline.High);
        var (value, logSlope) = inverse ? Inverse(spline, inside - spline.Low, theta) : Forward(spline, inside - spline.Low, theta);
        value = value + spline.Low;
        return spline.Ends == SplineEnds.Identity
            ? (value + (at - inside), logSlope)                              // what was cut off; the slope at the ends is 1
            : (value.clamp(spline.Low, spline.High), logSlope.masked_fill(at.lt(spline.Low).logical_or(at.gt(spline.High)), double.NegativeInfinity));
    }

    private static (Tensor Y, Tensor LogSlope) Forward(RationalQuadraticSpline spline, Tensor x, Tensor theta)
    {
        var bin = Locate(spline, x, axis: 0, theta);
        var xi = ((x - bin.X) / bin.Width).clamp(0, 1);
        var (share, logSlope) = bin.At(xi, 1 - xi);
        return (bin.Y + bin.Height * share, logSlope);
    }

    private static (Tensor X, Tensor LogSlope) Inverse(RationalQuadraticSpline spline, Tensor y, Tensor theta)
    {
        var bin = Locate(spline, y, axis: 1, theta);
        var t = ((y - bin.Y) / bin.Height).clamp(0, 1);
        var rest = 1 - t;
        var b = rest * bin.Left - t * bin.Right;
        var root = (b.square() + 4 * t * rest).sqrt();                        // > 0: where t (1 - t) vanishes, b does not
        var rising = b.ge(0);
        var sum = where(rising, b, -b) + root;
        var (xi, m) = (where(rising, 2 * t, sum), where(rising, sum, 2 * rest));   // xi : (1 - xi)
        var whole = xi + m;
        (xi, m) = (xi / whole, m / whole);
        return (bin.X + bin.Width * xi, bin.At(xi, m).LogSlope.neg());
    }

    private static Bin Locate(RationalQuadraticSpline spline, Tensor at, long axis, Tensor theta)
    {
        int bins = spline.Bins;
        const double least = RationalQuadraticSpline.Minimum;
        var sizes = theta.narrow(1, 0, 2 * bins).unflatten(1, [2, bins]).softmax(2)             // (B, 2, K, ...): widths, heights
            .mul(spline.Range * (1 - bins * least)).add_(spline.Range * least);
        var passed = at.unsqueeze(1).ge(sizes.detach().select(1, axis).cumsum(1).narrow(1, 0, bins - 1));   // (B, K-1, ...): is the bin left behind?
        var start = (sizes.narrow(2, 0, bins - 1) * passed.unsqueeze(1)).sum(2);                // (B, 2, ...): the knot before
        var k = passed.sum(1, keepdim: true);                                                   // (B, 1, ...)

        var slopes = Slopes(spline, theta);                                                     // (B, K+1, ...)
        var size = sizes.gather(2, k.unsqueeze(1).expand([k.size(0), 2, .. k.shape[1..]])).squeeze(2).unbind(1);
        var slope = size[1] / size[0];
        var ends = (nn.functional.softplus(slopes.gather(1, cat([k, k + 1], dim: 1)) + RationalQuadraticSpline.SlopeShift) + least).div(slope.unsqueeze(1)).unbind(1);
        var origin = start.unbind(1);
        return new(origin[0], origin[1], size[0], size[1], slope, ends[0], ends[1]);
    }

    // Raw slopes at all K + 1 knots; raw 0 is slope 1.
    private static Tensor Slopes(RationalQuadraticSpline spline, Tensor theta)
    {
        var free = theta.narrow(1, 2 * spline.Bins, spline.ParameterCount - 2 * spline.Bins);
        if (spline.Ends == SplineEnds.Free) return free;
        if (spline.Ends == SplineEnds.Glued) return cat([free, free.narrow(1, 0, 1)], dim: 1);

        var one = zeros_like(free.narrow(1, 0, 1));
        return cat([one, free, one], dim: 1);
    }

    // The bin of each element: its lower left corner, its sizes, s, and the end slopes in units of s.
    private readonly record struct Bin(Tensor X, Tensor Y, Tensor Width, Tensor Height, Tensor Slope, Tensor Left, Tensor Right)
    {
        // (y - y_k) / h and ln dy/dx at xi = 1 - m.
        public (Tensor Share, Tensor LogSlope) At(Tensor xi, Tensor m)
        {
            var (p, q) = (xi + m * Left, m + xi * Right);
            var whole = xi * p + m * q;
            return (xi * p / whole, ((xi * q + m * p) * Slope / whole / whole).log());
        }
    }
}
