using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>The map y = L(x) exp(a) + b of a mixture of logistics for each lane, L = logit F and S = ln L', its inverse, and their derivatives by hand.</summary>
/// <remarks>
/// <para>The formulas are those of <see cref="LogisticMixtureMap"/>, the search that of <see cref="MonotoneInverse"/>. Parameter p of the elements stands at theta + p * step, lane by lane.</para>
/// <para>With t_k = (x - mu_k)/sigma_k, sigmoid(t) = e^min(t, 0) r and sigmoid(-t) = e^min(-t, 0) r, r = 1/(1 + e^-|t|): each of F, 1 - F and F' is a sum of exponentials times powers of r,
/// and is taken relative to the largest exponential, so that no tail underflows. L = ln F - ln(1 - F) and S = ln F' - ln F - ln(1 - F).</para>
/// </remarks>
internal readonly unsafe ref struct MixtureLanes<T, V> : ITileLanes<T, V> where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
{
    private const int MostSteps = 300;

    private readonly LogisticMixtureMap map;
    private readonly int count, step;
    private readonly T* logWeights, means, logScales, rates;                  // of the components; rate = 1/sigma
    private readonly T* below, above, density;                                // their terms of F, 1 - F and F', up to a factor each; after Logit, their shares of these
    private readonly T* risen, rest;                                          // sigmoid(t), sigmoid(-t)

    /// <param name="map">The map.</param>
    /// <param name="step">Numbers from one parameter of an element to its next.</param>
    public MixtureLanes(LogisticMixtureMap map, int step)
    {
        (this.map, count, this.step) = (map, map.Components, step);
        int each = count * V.Count;
        logWeights = Scratch<T>.Take(9 * each);
        means = logWeights + each;
        logScales = means + each;
        rates = logScales + each;
        below = rates + each;
        above = below + each;
        density = above + each;
        risen = density + each;
        rest = risen + each;
    }

    /// <summary>The values and the log-slopes, of the map or of its inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (V Value, V LogSlope) Apply(V at, T* theta, bool inverse)
    {
        Read(theta);
        V a = Bounded(V.Load(theta + 3 * count * step), map.MaxLogScale), b = V.Load(theta + (3 * count + 1) * step);
        if (inverse)
        {
            var (x, slope) = Quantile((at - b) * V.Exp(-a));
            return (x, -(slope + a));
        }
        var (logit, logSlope) = Logit(at);
        return (V.MultiplyAdd(logit, V.Exp(a), b), logSlope + a);
    }

    /// <summary>Writes gradTheta, laid out as theta, and gives the gradients of the arguments, for those of values and log-slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public V Backward(V at, T* theta, bool inverse, V gradValue, V gradLogSlope, T* gradTheta)
    {
        Read(theta);
        T* shift = theta + (3 * count + 1) * step, gradScale = gradTheta + 3 * count * step, gradShift = gradScale + step;
        V raw = V.Load(theta + 3 * count * step), a = Bounded(raw, map.MaxLogScale), scale = V.Exp(inverse ? -a : a), gradient;
        if (inverse)
        {
            // L(x; theta) = u and u = (y - b) e^-a, so dx = (du - L_theta dtheta) / L'.
            V u = (at - V.Load(shift)) * scale;
            var (x, logSlope) = Quantile(u);
            Share();
            V gradU = (gradValue - gradLogSlope * LogSlopeByX()) * Reciprocal(logSlope);
            Components(x, -gradU, -gradLogSlope, theta, gradTheta);
            gradient = gradU * scale;
            (-gradient).Store(gradShift);
            (-V.MultiplyAdd(gradU, u, gradLogSlope) * BoundedSlope(raw, map.MaxLogScale)).Store(gradScale);
        }
        else
        {
            V logit = Logit(at).Logit, gradLogit = gradValue * scale;
            Share();
            gradient = Components(at, gradLogit, gradLogSlope, theta, gradTheta);
            gradValue.Store(gradShift);
            (V.MultiplyAdd(gradLogit, logit, gradLogSlope) * BoundedSlope(raw, map.MaxLogScale)).Store(gradScale);
        }
        return gradient;
    }

    // Takes the parameters of the components.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(T* theta)
    {
        V most = V.Load(theta), sum = 0;
        for (int k = 1; k < count; k++) most = V.Max(most, V.Load(theta + k * step));
        for (int k = 0; k < count; k++) sum += V.Exp(V.Load(theta + k * step) - most);
        most += V.Log(sum);
        for (int k = 0, i = 0; k < count; k++, i += V.Count)
        {
            double start = count > 1 ? map.InitialSpread * (2.0 * k / (count - 1) - 1) : 0;
            V logScale = Bounded(V.Load(theta + (2 * count + k) * step), LogisticMixtureMap.ComponentBound) + map.InitialLogScale;
            (V.Load(theta + k * step) - most).Store(logWeights + i);
            (V.Load(theta + (count + k) * step) + start).Store(means + i);
            logScale.Store(logScales + i);
            V.Exp(-logScale).Store(rates + i);
        }
    }

    // L and S at x.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Logit, V LogSlope) Logit(V x)
    {
        V lowest = sizeof(T) == sizeof(float) ? -3e38 : -1e308;               // not -inf, from which nothing can be taken
        V mostBelow = lowest, mostAbove = lowest, mostDensity = lowest;
        for (int i = 0; i < count * V.Count; i += V.Count)
        {
            V t = (x - V.Load(means + i)) * V.Load(rates + i), logWeight = V.Load(logWeights + i), u = V.Exp(-V.Abs(t)), r = 1 / (1 + u), positive = t > 0;
            V left = logWeight + V.Min(0, t), right = logWeight - V.Max(0, t);
            left.Store(below + i);
            right.Store(above + i);
            V.Select(positive, r, u * r).Store(risen + i);
            V.Select(positive, u * r, r).Store(rest + i);
            (mostBelow, mostAbove) = (V.Max(mostBelow, left), V.Max(mostAbove, right));
        }

        // The slope relative to the smaller one of F and 1 - F: in a tail it is that times the reciprocal scale of the widest component.
        V rightHalf = mostBelow >= mostAbove, sumBelow = 0, sumAbove = 0, sumDensity = 0;
        for (int i = 0; i < count * V.Count; i += V.Count)
        {
            V t = (x - V.Load(means + i)) * V.Load(rates + i), r = V.Max(V.Load(risen + i), V.Load(rest + i));
            V left = V.Load(below + i) - mostBelow, right = V.Load(above + i) - mostAbove, slope = V.Select(rightHalf, right + V.Min(0, t), left - V.Max(0, t)) - V.Load(logScales + i);
            (left, right) = (V.Exp(left) * r, V.Exp(right) * r);
            left.Store(below + i);
            right.Store(above + i);
            slope.Store(density + i);
            (sumBelow, sumAbove, mostDensity) = (sumBelow + left, sumAbove + right, V.Max(mostDensity, slope));
        }
        for (int i = 0; i < count * V.Count; i += V.Count)
        {
            V r = V.Max(V.Load(risen + i), V.Load(rest + i)), slope = V.Exp(V.Load(density + i) - mostDensity) * r * r;
            slope.Store(density + i);
            sumDensity += slope;
        }
        return (mostBelow - mostAbove + V.Log(sumBelow / sumAbove), mostDensity - V.Select(rightHalf, mostBelow, mostAbove) + V.Log(sumDensity / (sumBelow * sumAbove)));
    }

    // The x with L(x) = y, and S there. It lies between the points where the components, one by one, reach y.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V X, V LogSlope) Quantile(V y)
    {
        double ulp = sizeof(T) == sizeof(float) ? 1.2e-7 : 2.2e-16;
        V low = double.PositiveInfinity, high = double.NegativeInfinity, last = double.PositiveInfinity, near = V.Max(1, V.Abs(y)) * (8 * ulp), moving = near > 0;
        for (int i = 0; i < count * V.Count; i += V.Count)
        {
            V reach = V.Load(means + i) + y / V.Load(rates + i);
            (low, high) = (V.Min(low, reach), V.Max(high, reach));
        }
        V x = 0.5 * (low + high);
        for (int step = 0; ; step++)
        {
            var (reached, logSlope) = Logit(x);
            V residual = reached - y, size = V.Abs(residual), stride = residual * Reciprocal(logSlope), grain = V.Abs(x) * ulp, newton = x - stride;
            (low, high) = (V.Select(residual < 0, x, low), V.Select(residual > 0, x, high));
            V next = V.Select((newton > low) & (newton < high) & (size <= 0.5 * last), newton, 0.5 * (low + high));
            moving &= (size > near) & (V.Abs(stride) > 2 * grain) & (V.Abs(next - x) > grain);
            if (step == MostSteps || !V.Any(moving)) return (V.Select(reached >= double.NegativeInfinity, x, reached), logSlope);   // NaN stays NaN

            (x, last) = (V.Select(moving, next, x), size);
        }
    }

    // The gradients of the components' parameters, and that of x, for those of L and S at x, where Logit was last called.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Components(V x, V gradLogit, V gradLogSlope, T* theta, T* gradTheta)
    {
        V gradX = 0;
        for (int k = 0, i = 0; k < count; k++, i += V.Count)
        {
            V p = V.Load(below + i), q = V.Load(above + i), w = V.Load(density + i), rate = V.Load(rates + i), t = (x - V.Load(means + i)) * rate;
            V gradT = gradLogit * V.MultiplyAdd(p, V.Load(rest + i), q * V.Load(risen + i)) + gradLogSlope * LogSlopeByT(i), byX = gradT * rate;
            V gradWeight = V.MultiplyAdd(gradLogit, p - q, gradLogSlope * (w - p - q + V.Exp(V.Load(logWeights + i))));   // F + (1 - F) = 1: their sum is 0
            V gradScale = -V.MultiplyAdd(gradT, t, gradLogSlope * w) * BoundedSlope(V.Load(theta + (2 * count + k) * step), LogisticMixtureMap.ComponentBound);
            gradWeight.Store(gradTheta + k * step);
            (-byX).Store(gradTheta + (count + k) * step);
            gradScale.Store(gradTheta + (2 * count + k) * step);
            gradX += byX;
        }
        return gradX;
    }

    // dS/dx.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V LogSlopeByX()
    {
        V sum = 0;
        for (int i = 0; i < count * V.Count; i += V.Count) sum = V.MultiplyAdd(LogSlopeByT(i), V.Load(rates + i), sum);
        return sum;
    }

    // dS/dt_k: of ln F', less those of ln F and of ln(1 - F).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V LogSlopeByT(int i)
    {
        V s = V.Load(risen + i), f = V.Load(rest + i);
        return V.Load(density + i) * (f - s) - V.Load(below + i) * f + V.Load(above + i) * s;
    }

    // Of the components' terms of F, 1 - F and F', their shares.
    private void Share()
    {
        Share(below);
        Share(above);
        Share(density);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Share(T* terms)
    {
        V sum = 0;
        for (int i = 0; i < count * V.Count; i += V.Count) sum += V.Load(terms + i);
        sum = 1 / sum;
        for (int i = 0; i < count * V.Count; i += V.Count) (V.Load(terms + i) * sum).Store(terms + i);
    }

    // e^-S, finite even where a slope is too small for its reciprocal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reciprocal(V logSlope) => V.Exp(V.Min(sizeof(T) == sizeof(float) ? 60 : 600, -logSlope));

    // s / (1 + |s| / most).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bounded(V s, double most) => s / V.MultiplyAdd(V.Abs(s), 1 / most, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V BoundedSlope(V s, double most)
    {
        V q = V.MultiplyAdd(V.Abs(s), 1 / most, 1);
        return 1 / (q * q);
    }
}
