using System.Numerics;
using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>The inverse of a logistic mixture's map over rows of plain numbers: Newton's steps inside a bracket, bisection elsewhere.</summary>
/// <remarks>The formulas are those of <see cref="LogisticMixtureMap"/>, the search that of <see cref="MonotoneInverse"/>, one number at a time.</remarks>
internal sealed class LogisticMixtureRows(LogisticMixtureMap map) : IRowKernel
{
    private const int MostSteps = 300;

    void IRowKernel.Apply<T>(ReadOnlySpan<T> given, ReadOnlySpan<T> theta, Span<T> value, Span<T> total)
    {
        int k = map.Components, n = given.Length;
        Span<T> logWeight = stackalloc T[k], mean = stackalloc T[k], logScale = stackalloc T[k];
        T bound = T.CreateChecked(map.MaxLogScale);
        for (int i = 0; i < n; i++)
        {
            Read(theta[i..], n, logWeight, mean, logScale);
            T a = Bounded(theta[(3 * k * n) + i], bound), b = theta[((3 * k) + 1) * n + i];
            (value[i], T logSlope) = Quantile((given[i] - b) * T.Exp(-a), logWeight, mean, logScale);
            total[i] -= logSlope + a;
        }
    }

    private void Read<T>(ReadOnlySpan<T> theta, int n, Span<T> logWeight, Span<T> mean, Span<T> logScale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = logWeight.Length;
        T first = T.CreateChecked(-map.InitialSpread), step = k > 1 ? T.CreateChecked(2 * map.InitialSpread / (k - 1)) : T.Zero;
        T most = T.NegativeInfinity, sum = T.Zero, bound = T.CreateChecked(LogisticMixtureMap.ComponentBound), start = T.CreateChecked(map.InitialLogScale);
        for (int j = 0; j < k; j++)
        {
            most = T.Max(most, logWeight[j] = theta[j * n]);
            mean[j] = theta[(k + j) * n] + first + step * T.CreateChecked(j);
            logScale[j] = Bounded(theta[((2 * k) + j) * n], bound) + start;
        }
        for (int j = 0; j < k; j++) sum += T.Exp(logWeight[j] - most);
        most += T.Log(sum);
        for (int j = 0; j < k; j++) logWeight[j] -= most;
    }

    // The x with logit F(x) = y, and the logarithm of the slope there. It lies between the points where the components, one by one, reach y.
    private static (T X, T LogSlope) Quantile<T>(T y, ReadOnlySpan<T> logWeight, ReadOnlySpan<T> mean, ReadOnlySpan<T> logScale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T low = T.PositiveInfinity, high = T.NegativeInfinity, ulp = T.BitIncrement(T.One) - T.One, half = T.One / (T.One + T.One);
        for (int j = 0; j < mean.Length; j++)
        {
            T reach = mean[j] + T.Exp(logScale[j]) * y;
            (low, high) = (T.Min(low, reach), T.Max(high, reach));
        }
        T x = (low + high) * half, last = T.PositiveInfinity, near = T.Max(T.Abs(y), T.One) * ulp * T.CreateChecked(8), logSlope;
        for (int step = 0; ; step++)
        {
            (T reached, logSlope) = Logit(x, logWeight, mean, logScale);
            T residual = reached - y, size = T.Abs(residual), stride = residual * T.Exp(-logSlope), grain = T.Abs(x) * ulp;
            if (residual < T.Zero) low = x;
            if (residual > T.Zero) high = x;
            T newton = x - stride, next = newton > low && newton < high && size <= last * half ? newton : (low + high) * half;
            if (!(size > near && T.Abs(stride) > grain + grain && T.Abs(next - x) > grain) || step == MostSteps) return (T.IsNaN(y) ? y : x, logSlope);
            (x, last) = (next, size);
        }
    }

    // logit F(x) and the logarithm of its slope.
    private static (T Y, T LogSlope) Logit<T>(T x, ReadOnlySpan<T> logWeight, ReadOnlySpan<T> mean, ReadOnlySpan<T> logScale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T below = T.NegativeInfinity, above = T.NegativeInfinity, density = T.NegativeInfinity;          // ln F, ln(1 - F), ln F'
        for (int j = 0; j < mean.Length; j++)
        {
            T t = (x - mean[j]) * T.Exp(-logScale[j]), tail = T.LogP1(T.Exp(-T.Abs(t)));
            T left = T.Min(t, T.Zero) - tail, right = T.Min(-t, T.Zero) - tail;
            below = LogAdd(below, logWeight[j] + left);
            above = LogAdd(above, logWeight[j] + right);
            density = LogAdd(density, logWeight[j] + left + right - logScale[j]);
        }
        return (below - above, LogAdd(density - below, density - above));
    }

    private static T LogAdd<T>(T a, T b) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T most = T.Max(a, b);
        return T.IsNegativeInfinity(most) ? most : most + T.LogP1(T.Exp(-T.Abs(a - b)));
    }

    private static T Bounded<T>(T s, T most) where T : unmanaged, IBinaryFloatingPointIeee754<T> => s / (T.One + T.Abs(s) / most);
}
