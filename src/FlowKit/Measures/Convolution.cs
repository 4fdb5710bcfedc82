using FlowKit.Integration;

namespace FlowKit.Measures;

/// <summary>The density of X + Y for independent X and Y: (f * g)(z) = the integral of f(x) g(z - x) dx.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// // The sum of two uniform variables has a triangular density with its top at 1.
/// double top = Convolution.At(_ => 1, (0, 1), _ => 1, (0, 1), z: 1);
/// Console.WriteLine($"{top:F6}");  // => 1.000000
/// </code></example>
public static class Convolution
{
    /// <summary>(f * g)(z) by adaptive quadrature.</summary>
    /// <param name="f">Density of X on its interval.</param>
    /// <param name="x">Where X lives; ends may be infinite.</param>
    /// <param name="g">Density of Y on its interval.</param>
    /// <param name="y">Where Y lives; ends may be infinite.</param>
    /// <param name="z">Where; at infinity the density is 0.</param>
    /// <exception cref="ArgumentException">An interval has its ends the wrong way round, or the integral does not converge.</exception>
    public static double At(Func<double, double> f, (double Low, double High) x, Func<double, double> g, (double Low, double High) y, double z)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        if (!(x.Low <= x.High)) throw new ArgumentException($"X lives on an interval low <= high; it was ({x.Low}, {x.High}).", nameof(x));
        if (!(y.Low <= y.High)) throw new ArgumentException($"Y lives on an interval low <= high; it was ({y.Low}, {y.High}).", nameof(y));
        if (double.IsNaN(z)) return double.NaN;
        if (double.IsInfinity(z)) return 0;
        double low = Math.Max(x.Low, z - y.High), high = Math.Min(x.High, z - y.Low);   // x lives there, and z - x where Y does
        if (!(low < high)) return 0;

        // Each half is integrated in the variable whose end it holds: near a pole of g, z - u has lost the digits that count.
        double middle = double.IsFinite(low) && double.IsFinite(high) ? (low + high) / 2 : double.IsFinite(high) ? low : high;
        return AdaptiveQuadrature.Integrate(u => f(u) * g(z - u), low, middle) + AdaptiveQuadrature.Integrate(v => f(z - v) * g(v), z - high, z - middle);
    }

    /// <summary>f * g by the fast Fourier transform, from values at the midpoints of cells.</summary>
    /// <param name="f">Values of f at low + (i + 1/2) step, (n).</param>
    /// <param name="g">g at the same places, (n).</param>
    /// <param name="step">Width of a cell.</param>
    /// <returns>f * g at 2 low + (k + 1) step for k = 0..2n - 2; for smooth densities that vanish at the ends the error falls faster than any power of the step.</returns>
    /// <exception cref="ArgumentException">The lengths differ, there is nothing, or the step is not finite and positive.</exception>
    public static double[] Fft(IReadOnlyList<double> f, IReadOnlyList<double> g, double step)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        if (!(step > 0) || !double.IsFinite(step)) throw new ArgumentOutOfRangeException(nameof(step), $"The width of a cell is finite and > 0; it was {step}.");
        if (f.Count != g.Count || f.Count == 0) throw new ArgumentException($"f and g are values at the same places, at least one; there were {f.Count} and {g.Count}.", nameof(g));

        using var scope = NewDisposeScope();
        int length = 2 * f.Count - 1;                          // padded, so that nothing wraps around
        var product = fft.rfft(tensor([.. f], dtype: float64, device: CPU), n: length) * fft.rfft(tensor([.. g], dtype: float64, device: CPU), n: length);
        return (fft.irfft(product, n: length) * step).data<double>().ToArray();
    }
}
