using MathNet.Numerics.Integration;

namespace FlowKit.Measures;

/// <summary>Integrals over intervals, finite or not, by adaptive Gauss-Kronrod quadrature (Math.NET), to about ten digits. What does not converge is refused.</summary>
/// <remarks>For integrals over boxes, circles and spheres by tensors see <see cref="QuadratureRule"/>.</remarks>
public static class AdaptiveQuadrature
{
    private const double Tolerance = 1e-11, Refused = 1e-5;
    private const int Depth = 15, Order = 15;

    /// <summary>The integral of f over (low, high).</summary>
    /// <param name="f">Finite inside; at the ends, and at breaks, it may have poles that can be integrated.</param>
    /// <param name="low">May be -inf.</param>
    /// <param name="high">May be +inf.</param>
    /// <param name="breaks">Where f jumps or has a kink or a pole: the pieces between are integrated on their own.</param>
    /// <exception cref="ArgumentException">low is above high, or the integral of |f| does not converge, so that that of f would be inf or inf - inf.</exception>
    public static double Integrate(Func<double, double> f, double low, double high, params IEnumerable<double> breaks)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (!(low <= high)) throw new ArgumentException($"An integral goes from low to high, low <= high; it was ({low}, {high}).", nameof(low));

        // An odd f on the whole line would cancel and hide that neither half is finite.
        double[] inside = [.. breaks.Append(double.IsInfinity(low) && double.IsInfinity(high) ? 0 : low).Where(x => low < x && x < high).Distinct().Order()];
        return inside.Append(high).Zip(inside.Prepend(low), (to, from) => Piece(f, from, to)).Sum();
    }

    /// <summary>The iterated integral of f(x, y), first over y, then over x. Fubini: the order does not matter if f is integrable.</summary>
    /// <inheritdoc cref="Integrate(Func{double, double}, double, double, IEnumerable{double})"/>
    public static double Iterated(Func<double, double, double> f, (double Low, double High) x, (double Low, double High) y)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Integrate(x => Integrate(y => f(x, y), y.Low, y.High), x.Low, x.High);
    }

    private static double Piece(Func<double, double> f, double low, double high)
    {
        if (low == high) return 0;
        double value = GaussKronrodRule.Integrate(f, low, high, out double error, out double size, Tolerance, Depth, Order);
        return double.IsFinite(value) && error <= Refused * size
            ? value
            : throw new ArgumentException($"f is integrable if the integral of |f| is finite; over ({low}, {high}) it does not converge (estimate {size:G3}, error {error:G1}).", nameof(f));
    }
}
