using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline of one element of each lane: value, log-slope, and their derivatives by hand.</summary>
/// <remarks>
/// The formulas and names are those of <see cref="RationalQuadraticSpline"/>. Parameter p of the elements stands at theta + p * step, lane by lane.
/// All lanes walk through all bins, and a lane takes the next bin for its own where it has left the last one behind.
/// </remarks>
internal readonly unsafe ref struct SplineLanes<T, V> : ITileLanes<T, V> where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
{
    private const double Least = RationalQuadraticSpline.Minimum;

    private readonly RationalQuadraticSpline spline;
    private readonly int bins, step;
    private readonly T* widths, heights;                                      // e^theta, up to a factor
    private readonly V low, high, floor, spread, shift;

    /// <param name="spline">The spline.</param>
    /// <param name="step">Numbers from one parameter of an element to its next.</param>
    public SplineLanes(RationalQuadraticSpline spline, int step)
    {
        (this.spline, bins, this.step) = (spline, spline.Bins, step);
        (low, high, shift) = (spline.Low, spline.High, RationalQuadraticSpline.SlopeShift);
        (floor, spread) = (spline.Range * Least, spline.Range * (1 - bins * Least));
        widths = Scratch<T>.Take(2 * bins * V.Count);
        heights = widths + bins * V.Count;
    }

    /// <summary>The values and the log-slopes, of the spline or of its inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (V Value, V LogSlope) Apply(V at, T* theta, bool inverse)
    {
        Place(at, theta, inverse, out var bin);
        V xi = bin.Xi, m = bin.M, p = V.MultiplyAdd(m, bin.Left, xi), q = V.MultiplyAdd(xi, bin.Right, m), a = xi * p;
        V perWhole = 1 / V.MultiplyAdd(m, q, a), rise = V.MultiplyAdd(xi, q, m * p);
        V logSlope = V.Log(rise * perWhole * perWhole * (bin.H * bin.PerW));
        V value = inverse ? V.MultiplyAdd(bin.W, xi, bin.X) : V.MultiplyAdd(bin.H, a * perWhole, bin.Y);
        if (inverse) logSlope = -logSlope;
        return spline.Ends == SplineEnds.Identity
            ? (Beyond(at, at, value), Beyond(at, 0, logSlope))
            : (Beyond(at, Within(at), Within(value)), Beyond(at, double.NegativeInfinity, logSlope));
    }

    /// <summary>Writes gradTheta, laid out as theta, and gives the gradients of the arguments, for those of values and log-slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public V Backward(V at, T* theta, bool inverse, V gradValue, V gradLogSlope, T* gradTheta)
    {
        Place(at, theta, inverse, out var bin);
        V gradBeyond = spline.Ends == SplineEnds.Identity ? gradValue : 0;
        (gradValue, gradLogSlope) = (Beyond(at, 0, gradValue), Beyond(at, 0, gradLogSlope));

        V xi = bin.Xi, m = bin.M, left = bin.Left, right = bin.Right;
        V p = V.MultiplyAdd(m, left, xi), q = V.MultiplyAdd(xi, right, m), a = xi * p, b = m * q, whole = a + b, rise = V.MultiplyAdd(xi, q, m * p);
        V perWhole = 1 / whole, perRise = 1 / rise, perS = bin.W * bin.PerH, cross = xi * m * perWhole;
        V logSlopeByXi = 2 * ((m - xi + right * xi - left * m) * perRise - (left + right - 2) * (m - xi) * perWhole);
        V shareByXi = rise * perWhole * perWhole;

        // x = f⁻¹(y): dx = (dy - f_theta dtheta) / f', so the inverse's gradients are the forward's, with these for value and log-slope.
        V gradAt = (gradValue - gradLogSlope * logSlopeByXi * bin.PerW) * (whole * whole * perRise) * perS;
        if (inverse) (gradValue, gradLogSlope) = (-gradAt, -gradLogSlope);

        V gradShare = gradValue * bin.H;
        V gradX = V.MultiplyAdd(gradShare, shareByXi, gradLogSlope * logSlopeByXi) * bin.PerW;
        V gradLeft = gradShare * cross * (b * perWhole) + gradLogSlope * (m * m * perRise - 2 * cross);
        V gradRight = gradLogSlope * (xi * xi * perRise - 2 * cross) - gradShare * cross * (a * perWhole);
        V gradLogS = gradLogSlope - gradLeft * left - gradRight * right;

        Sizes(gradTheta, bin, (-gradX, -V.MultiplyAdd(gradLogS, bin.PerW, gradX * xi)), (gradValue, V.MultiplyAdd(gradLogS, bin.PerH, gradValue * (a * perWhole))));
        Slopes(gradTheta, bin.K, gradLeft * perS / (1 + V.Exp(-bin.RawLeft)), gradRight * perS / (1 + V.Exp(-bin.RawRight)));
        return Beyond(at, gradBeyond, inverse ? gradAt : gradX);
    }

    // Finds the bins and the places in them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(V at, T* theta, bool inverse, out Bin bin)
    {
        V spreadX = Exponentials(theta, widths), spreadY = Exponentials(theta + bins * step, heights);
        T* slopes = theta + (spline.Ends == SplineEnds.Identity ? 2 * bins - 1 : 2 * bins) * step;
        V atEnds = spline.Ends == SplineEnds.Identity ? 0 : V.Load(slopes), rawLeft = atEnds, rawRight = V.Load(slopes + step);
        V k = 0, x = low, y = low, w = Size(widths, 0, spreadX), h = Size(heights, 0, spreadY);
        for (int j = 1; j < bins; j++)
        {
            V nextX = x + w, nextY = y + h, left = at >= (inverse ? nextY : nextX);
            (x, y) = (V.Select(left, nextX, x), V.Select(left, nextY, y));
            V next = j + 1 < bins || spline.Ends == SplineEnds.Free ? V.Load(slopes + (j + 1) * step) : atEnds;
            (w, h) = (V.Select(left, Size(widths, j, spreadX), w), V.Select(left, Size(heights, j, spreadY), h));
            (rawLeft, rawRight) = (V.Select(left, rawRight, rawLeft), V.Select(left, next, rawRight));
            k = V.Select(left, k + 1, k);
        }
        (rawLeft, rawRight) = (rawLeft + shift, rawRight + shift);

        V perW = 1 / w, perH = 1 / h, perS = w * perH, slopeLeft = (Softplus(rawLeft) + Least) * perS, slopeRight = (Softplus(rawRight) + Least) * perS;
        V share = Clamped((Within(at) - (inverse ? y : x)) * (inverse ? perH : perW), 0, 1), rest = 1 - share;
        if (inverse)
        {
            V b = rest * slopeLeft - share * slopeRight, root = V.Abs(b) + V.Sqrt(V.MultiplyAdd(b, b, 4 * share * rest)), rising = b >= 0;
            (share, rest) = (V.Select(rising, 2 * share, root), V.Select(rising, root, 2 * rest));
            V perSum = 1 / (share + rest);
            (share, rest) = (share * perSum, rest * perSum);
        }
        bin = new() { SpreadX = spreadX, SpreadY = spreadY, K = k, X = x, Y = y, W = w, H = h, PerW = perW, PerH = perH, RawLeft = rawLeft, RawRight = rawRight, Left = slopeLeft, Right = slopeRight, Xi = share, M = rest };
    }

    // e^theta up to a factor, and what turns it into spread * softmax.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Exponentials(T* theta, T* results)
    {
        V largest = V.Load(theta), sum = 0;
        for (int j = 1; j < bins; j++) largest = V.Max(largest, V.Load(theta + j * step));
        for (int j = 0; j < bins; j++)
        {
            V power = V.Exp(V.Load(theta + j * step) - largest);
            power.Store(results + j * V.Count);
            sum += power;
        }
        return spread / sum;
    }

    // The gradients of the bins before k and of bin k, through size = floor + spread * softmax.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sizes(T* gradTheta, in Bin bin, (V Before, V Own) x, (V Before, V Own) y)
    {
        V k = bin.K, spreadX = bin.SpreadX, spreadY = bin.SpreadY, beforeX = x.Before, ownX = x.Own, beforeY = y.Before, ownY = y.Own, meanX = 0, meanY = 0, j = 0;
        T* width = widths, height = heights, end = heights;
        for (; width < end; width += V.Count, height += V.Count, j += 1)
        {
            V before = j < k, after = j > k;
            meanX = V.MultiplyAdd(V.Load(width), V.Select(before, beforeX, V.Select(after, 0, ownX)), meanX);
            meanY = V.MultiplyAdd(V.Load(height), V.Select(before, beforeY, V.Select(after, 0, ownY)), meanY);
        }
        (meanX, meanY) = (meanX * spreadX / spread, meanY * spreadY / spread);
        width = widths;
        height = heights;
        for (j = 0; width < end; width += V.Count, height += V.Count, j += 1, gradTheta += step)
        {
            V before = j < k, after = j > k;
            (spreadX * V.Load(width) * (V.Select(before, beforeX, V.Select(after, 0, ownX)) - meanX)).Store(gradTheta);
            (spreadY * V.Load(height) * (V.Select(before, beforeY, V.Select(after, 0, ownY)) - meanY)).Store(gradTheta + bins * step);
        }
    }

    // The gradients of the raw slopes at knots k and k + 1. A fixed knot has none, and the last one of a circle is its first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(T* gradTheta, V k, V left, V right)
    {
        V next = k + 1, knot = spline.Ends == SplineEnds.Identity ? 1 : 0;
        if (spline.Ends == SplineEnds.Glued) next = V.Select(next >= bins, 0, next);
        for (int p = 2 * bins; p < spline.ParameterCount; p++, knot += 1)
            (V.Select((knot < k) | (knot > k), 0, left) + V.Select((knot < next) | (knot > next), 0, right)).Store(gradTheta + p * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Size(T* powers, int j, V spread) => V.MultiplyAdd(spread, V.Load(powers + j * V.Count), floor);

    // What holds outside the interval, and otherwise: NaN is not outside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Beyond(V at, V outside, V otherwise) => V.Select((at < low) | (at > high), outside, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Within(V x) => Clamped(x, low, high);

    // NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamped(V x, V least, V most) => V.Min(most, V.Max(least, x));

    // ln(1 + e^x), to full precision also far below zero, where it is e^x: what 1 + u has lost of u is put back by a factor (Kahan).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Softplus(V x)
    {
        V u = V.Exp(-V.Abs(x)), sum = 1 + u, kept = sum - 1;
        return V.Max(0, x) + V.Select(kept > 0, V.Log(sum) * (u / kept), u);
    }

    // Where an element is: what makes its powers into sizes; its bin's number, lower left corner and sizes; the raw slopes at its ends, shifted, and the slopes there in units of s; the place in it, xi and m = 1 - xi.
    private struct Bin
    {
        public V SpreadX, SpreadY, K, X, Y, W, H, PerW, PerH, RawLeft, RawRight, Left, Right, Xi, M;
    }
}
