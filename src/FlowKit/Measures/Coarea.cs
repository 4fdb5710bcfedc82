using FlowKit.Integration;

namespace FlowKit.Measures;

/// <summary>The density of Y = r(X) for X in the plane with density f and a smooth r to the line, by the coarea formula.</summary>
/// <remarks>
/// g(y) = the integral of f / |grad r| along the level curve r = y, by arc length. In general, for r: R^n to R^m, the integral of f(x) / sqrt(det(Dr Drᵀ)) dH^(n-m)(x) over
/// r⁻¹(y) (Federer 1969, 3.2.12). The integral of f by n-dimensional Lebesgue measure over that fibre is 0: it is a null set.
/// </remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// // The radius of a standard normal in the plane has the density y exp(-y²/2).
/// double density = Coarea.Density(
///     f: (x, y) => Math.Exp(-(x * x + y * y) / 2) / (2 * Math.PI),
///     gradient: (x, y) => (x / Math.Sqrt(x * x + y * y), y / Math.Sqrt(x * x + y * y)),
///     curve: t => ((2 * Math.Cos(t), 2 * Math.Sin(t)), (-2 * Math.Sin(t), 2 * Math.Cos(t))),
///     t: (0, 2 * Math.PI));
/// Console.WriteLine($"{density:F6}, {2 * Math.Exp(-2):F6}");  // => 0.270671, 0.270671
/// </code></example>
public static class Coarea
{
    /// <summary>g(y) at one level.</summary>
    /// <param name="f">The density of X.</param>
    /// <param name="gradient">grad r.</param>
    /// <param name="curve">A parameterization t to (x1, x2) of the level curve, each point once, with its velocity.</param>
    /// <param name="t">The parameter's interval; ends may be infinite.</param>
    public static double Density(Func<double, double, double> f, Func<double, double, (double X, double Y)> gradient,
        Func<double, ((double X, double Y) Point, (double X, double Y) Velocity)> curve, (double Low, double High) t)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(curve);
        return AdaptiveQuadrature.Integrate(Element, t.Low, t.High);

        double Element(double at)
        {
            var (point, velocity) = curve(at);
            double density = f(point.X, point.Y);
            return density == 0 ? 0 : density * Norm(velocity) / Norm(gradient(point.X, point.Y));
        }
    }

    private static double Norm((double X, double Y) v) => Math.Sqrt(v.X * v.X + v.Y * v.Y);
}
