using MathNet.Numerics.Integration;

namespace FlowKit.Integration;

/// <summary>Integrals over intervals, finite or not, by adaptive Gauss-Kronrod quadrature (Math.NET), to about ten digits. What does not converge is refused.</summary>
/// <remarks>For integrals over boxes, circles and spheres by tensors see <see cref="QuadratureRule"/>.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// double total = AdaptiveQuadrature.Integrate(x => Math.Exp(-x * x / 2), double.NegativeInfinity, double.PositiveInfinity);
/// Console.WriteLine($"{total * total / (2 * Math.PI):F8}");                              // => 1.00000000
/// Console.WriteLine($"{AdaptiveQuadrature.Integrate(x => 1 / Math.Sqrt(x), 0, 1):F8}");  // => 2.00000000
/// </code></example>
public static class AdaptiveQuadrature
{
    private const double Tolerance = 1e-11, Refused = 1e-5;
    private const int Depth = 15, Order = 15, Flatness = 8;

    /// <summary>The integral of f over (low, high).</summary>
    /// <param name="f">Finite inside; at the ends, and at breaks, it may have poles up to |x|^-0.8, and its tails may fall as slowly as |x|^-1.2.</param>
    /// <param name="low">May be -inf.</param>
    /// <param name="high">May be +inf.</param>
    /// <param name="breaks">Where f jumps or has a kink or a pole, and where it has a peak that is narrow beside the interval: the pieces between are integrated on their own.
    /// Intervals longer than 16 are cut at 0, 1, 8 and 64, either side, in any case, and at the further powers of 8 up to a finite end.</param>
    /// <exception cref="ArgumentException">low is above high, or the integral of |f| does not converge, so that the integral of f would be infinite or inf - inf.</exception>
    public static double Integrate(Func<double, double> f, double low, double high, params IEnumerable<double> breaks)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(breaks);
        if (!(low <= high)) throw new ArgumentException($"An integral needs low <= high; its interval was ({low}, {high}).", nameof(low));

        double[] inside = [.. Anchors(low, high).Concat(breaks).Where(x => low < x && x < high).Distinct().Order()];
        var (value, error, size) = (0.0, 0.0, 0.0);
        foreach (var (g, end, inner) in inside.Prepend(low).Zip(inside.Append(high)).Where(piece => piece.First < piece.Second).SelectMany(piece => Halves(f, piece.First, piece.Second)))
        {
            value += GaussKronrodRule.Integrate(FromEnd(g, end, inner), 0, 1, out double halfError, out double halfSize, Tolerance, Depth, Order);
            (error, size) = (error + halfError, size + halfSize);
        }
        return double.IsFinite(value) && error <= Refused * size
            ? value
            : throw new ArgumentException($"f is integrable if the integral of |f| is finite; over ({low}, {high}) it does not converge (estimate {size:G3}, error {error:G1}).", nameof(f));
    }

    /// <summary>The iterated integral of f(x, y), first over y, then over x. Fubini: the order does not matter if f is integrable.</summary>
    /// <param name="f">f(x, y).</param>
    /// <param name="x">The outer interval.</param>
    /// <param name="y">The inner interval.</param>
    /// <param name="breaks">For an x, where f(x, y) has a jump, a kink, a pole or a narrow peak in y.</param>
    /// <exception cref="ArgumentException">low is above high, or an integral of |f| does not converge.</exception>
    public static double Iterated(Func<double, double, double> f, (double Low, double High) x, (double Low, double High) y, Func<double, double[]>? breaks = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Integrate(x => Integrate(y => f(x, y), y.Low, y.High, breaks?.Invoke(x) ?? []), x.Low, x.High);
    }

    // On a long interval a peak near 0 would fall between the nodes; and an odd f would cancel and hide that neither half is finite.
    private static IEnumerable<double> Anchors(double low, double high)
    {
        if (!(high - low > 16)) return [];
        double reach = Math.Max(double.IsFinite(low) ? -low : 0, double.IsFinite(high) ? high : 0);
        return Enumerable.Range(0, 1024 / 3).Select(k => Math.ScaleB(1, 3 * k)).TakeWhile(x => x <= Math.Max(64, reach)).SelectMany(x => new[] { -x, x }).Append(0);
    }

    // An infinite end, always on one side of 0, becomes an end at 0 by y = 1 / x.
    private static IEnumerable<(Func<double, double> F, double End, double Inner)> Halves(Func<double, double> f, double low, double high) =>
        double.IsPositiveInfinity(high) ? Halves(y => f(1 / y) / (y * y), 0, 1 / low)
        : double.IsNegativeInfinity(low) ? Halves(y => f(-1 / y) / (y * y), 0, -1 / high)
        : [(f, low, low / 2 + high / 2), (f, high, low / 2 + high / 2)];

    // x = end + (inner - end) u^Flatness takes the sting out of a pole at the end. Where rounding would give the end itself, the number next to it.
    private static Func<double, double> FromEnd(Func<double, double> f, double end, double inner) => u =>
    {
        double x = end + (inner - end) * Math.Pow(u, Flatness);
        if (x == end) x = inner > end ? Math.BitIncrement(end) : Math.BitDecrement(end);
        return f(x) * Flatness * Math.Pow(u, Flatness - 1) * Math.Abs(inner - end);
    };
}
