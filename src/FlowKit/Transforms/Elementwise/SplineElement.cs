using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline of one number: value, log-slope, and their derivatives by hand.</summary>
/// <remarks>The formulas and names are those of <see cref="RationalQuadraticSpline"/>. One instance serves many elements: Read gives it the next one's parameters.</remarks>
internal ref struct SplineElement<T>(RationalQuadraticSpline spline, Span<T> scratch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int bins = spline.Bins;
    private readonly SplineEnds ends = spline.Ends;
    private readonly T low = T.CreateChecked(spline.Low), high = T.CreateChecked(spline.High);
    private readonly T least = T.CreateChecked(RationalQuadraticSpline.Minimum), shift = T.CreateChecked(RationalQuadraticSpline.SlopeShift);
    private readonly T floor = T.CreateChecked(spline.Range * RationalQuadraticSpline.Minimum);
    private readonly T spread = T.CreateChecked(spline.Range * (1 - spline.Bins * RationalQuadraticSpline.Minimum));
    private readonly Span<T> widths = scratch[..spline.Bins], heights = scratch[spline.Bins..(2 * spline.Bins)];   // shares: softmax of theta

    private ReadOnlySpan<T> theta;
    private int stride, k;
    private T x, y, w, h, s, left, right;                                     // the bin; end slopes in units of s
    private T xi, m;                                                          // the place in it

    /// <summary>The parameters of the next element: theta[p * stride].</summary>
    public void Read(ReadOnlySpan<T> theta, int stride)
    {
        this.theta = theta;
        this.stride = stride;
        Softmax(0, widths);
        Softmax(bins, heights);
    }

    /// <summary>The value and the log-slope, of the spline or of its inverse.</summary>
    public (T Value, T LogSlope) Apply(T at, bool inverse)
    {
        if (at < low || at > high)
            return ends == SplineEnds.Identity ? (at, T.Zero) : (T.Clamp(at, low, high), T.NegativeInfinity);

        Place(at, inverse);
        T p = xi + m * left, q = m + xi * right, whole = xi * p + m * q;
        T logSlope = T.Log((xi * q + m * p) * s / whole / whole);
        T value = inverse ? x + w * xi : y + h * (xi * p / whole);
        if (ends != SplineEnds.Identity) value = T.Clamp(value, low, high);
        return (value, inverse ? -logSlope : logSlope);
    }

    /// <summary>Adds to gradTheta, laid out as theta, and gives the gradient of the argument, for the gradients of value and log-slope.</summary>
    public T Backward(T at, bool inverse, T gradValue, T gradLogSlope, Span<T> gradTheta)
    {
        if (at < low || at > high) return ends == SplineEnds.Identity ? gradValue : T.Zero;

        Place(at, inverse);
        T two = T.One + T.One;
        T p = xi + m * left, q = m + xi * right, a = xi * p, b = m * q, whole = a + b, rise = xi * q + m * p, cross = xi * m / whole;
        T logSlopeByXi = two * (m - xi + right * xi - left * m) / rise - two * (left + right - two) * (m - xi) / whole;
        T shareByXi = rise / whole / whole, slope = s * shareByXi;

        // x = f⁻¹(y): dx = (dy - f_theta dtheta) / f', so the inverse's gradients are the forward's, with these for value and log-slope.
        T gradAt = (gradValue - gradLogSlope * logSlopeByXi / w) / slope;
        if (inverse) (gradValue, gradLogSlope) = (-gradAt, -gradLogSlope);

        T gradShare = gradValue * h;
        T gradXi = gradShare * shareByXi + gradLogSlope * logSlopeByXi;
        T gradLeft = gradShare * cross * (b / whole) + gradLogSlope * (m * m / rise - two * cross);
        T gradRight = -gradShare * cross * (a / whole) + gradLogSlope * (xi * xi / rise - two * cross);
        T gradSlope = (gradLogSlope - gradLeft * left - gradRight * right) / s;
        T gradWidth = -(gradSlope * s + gradXi * xi) / w, gradHeight = gradValue * (a / whole) + gradSlope / w;

        Spread(gradTheta, 0, widths, before: -gradXi / w, inside: gradWidth);
        Spread(gradTheta, bins, heights, before: gradValue, inside: gradHeight);
        SlopeGradient(gradTheta, k, gradLeft / s);
        SlopeGradient(gradTheta, k + 1, gradRight / s);
        return inverse ? gradAt : gradXi / w;
    }

    // Finds the bin and the place in it.
    private void Place(T at, bool inverse)
    {
        (k, x, y) = (0, low, low);
        (w, h) = (floor + spread * widths[0], floor + spread * heights[0]);
        while (k < bins - 1 && at >= (inverse ? y + h : x + w))
        {
            (x, y) = (x + w, y + h);
            k++;
            (w, h) = (floor + spread * widths[k], floor + spread * heights[k]);
        }
        s = h / w;
        (left, right) = (Slope(k) / s, Slope(k + 1) / s);

        T share = T.Clamp((at - (inverse ? y : x)) / (inverse ? h : w), T.Zero, T.One), rest = T.One - share;
        if (inverse)
        {
            T two = T.One + T.One, b = rest * left - share * right, root = T.Abs(b) + T.Sqrt(b * b + two * two * share * rest);
            (share, rest) = b >= T.Zero ? (two * share, root) : (root, two * rest);
            (share, rest) = (share / (share + rest), rest / (share + rest));
        }
        (xi, m) = (share, rest);
    }

    private readonly void Softmax(int from, Span<T> shares)
    {
        T largest = theta[from * stride], sum = T.Zero;
        for (int j = 1; j < shares.Length; j++) largest = T.Max(largest, theta[(from + j) * stride]);
        for (int j = 0; j < shares.Length; j++) shares[j] = theta[(from + j) * stride] - largest;
        for (int j = 0; j < shares.Length; j++) sum += shares[j] = T.Exp(shares[j]);
        sum = T.One / sum;
        for (int j = 0; j < shares.Length; j++) shares[j] *= sum;
    }

    // The gradient of bins before k and of bin k, through size = floor + spread * softmax.
    private readonly void Spread(Span<T> gradTheta, int from, ReadOnlySpan<T> shares, T before, T inside)
    {
        T mean = shares[k] * inside;
        for (int j = 0; j < k; j++) mean += shares[j] * before;
        for (int j = 0; j < shares.Length; j++)
            gradTheta[(from + j) * stride] += spread * shares[j] * ((j < k ? before : j == k ? inside : T.Zero) - mean);
    }

    private readonly T Slope(int knot) => Parameter(knot) is var i && i < 0 ? T.One : ScalarSoftplus.Of(theta[i * stride] + shift) + least;

    private readonly void SlopeGradient(Span<T> gradTheta, int knot, T gradient)
    {
        if (Parameter(knot) is var i && i >= 0) gradTheta[i * stride] += gradient / (T.One + T.Exp(-(theta[i * stride] + shift)));
    }

    // Where the raw slope of a knot stands in theta; -1 for a fixed one.
    private readonly int Parameter(int knot) => 2 * bins + ends switch
    {
        SplineEnds.Free => knot,
        SplineEnds.Glued => knot % bins,
        _ => knot > 0 && knot < bins ? knot - 1 : -2 * bins - 1,
    };
}
