namespace FlowKit.Integration;

/// <summary>Integrals over a box of the plane by the midpoint rule. For a smooth function that vanishes at the edges the rule converges faster than any power.</summary>
/// <remarks>For the line, circles, tori, the sphere and normalizers in logarithms see <see cref="QuadratureRule"/>.</remarks>
/// <example><code>
/// var ring = new GaussianRing();
/// double mass = Quadrature.Integrate(x => ring.LogProb(x).exp(), ring.Bounds, ring.Bounds, resolution: 100);
/// Console.WriteLine($"{mass:F6}");                                                    // => 1.000000
/// Console.WriteLine(string.Join(", ", Quadrature.Midpoints((0, 1), resolution: 4)));  // => 0.125, 0.375, 0.625, 0.875
/// </code></example>
public static class Quadrature
{
    /// <summary>The integral of f over [x.Low, x.High] x [y.Low, y.High].</summary>
    /// <param name="f">(N, 2) points, float64, to (N) values. It is called in batches, without gradients.</param>
    /// <param name="x">The first coordinate's interval.</param>
    /// <param name="y">The second coordinate's interval.</param>
    /// <param name="resolution">Cells along each side, >= 1.</param>
    /// <exception cref="ArgumentException">An interval is empty or not finite, or f gives another shape than (N).</exception>
    public static double Integrate(Func<Tensor, Tensor> f, (double Low, double High) x, (double Low, double High) y, int resolution = 400)
    {
        using var rule = QuadratureRule.Rectangle(x, y, resolution);
        return rule.Integrate(f);
    }

    /// <summary>f at the cell centers, row-major: element [i * resolution + j] belongs to y_i and x_j.</summary>
    /// <inheritdoc cref="Integrate"/>
    public static double[] Evaluate(Func<Tensor, Tensor> f, (double Low, double High) x, (double Low, double High) y, int resolution)
    {
        using var rule = QuadratureRule.Rectangle(x, y, resolution);
        return rule.Evaluate(f);
    }

    /// <summary>Centers of the cells that divide an interval, (resolution).</summary>
    /// <exception cref="ArgumentException">The interval is empty or not finite.</exception>
    public static double[] Midpoints((double Low, double High) interval, int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        Check(interval, nameof(interval));
        return [.. Enumerable.Range(0, resolution).Select(i => interval.Low + (i + 0.5) * (interval.High - interval.Low) / resolution)];
    }

    internal static void Check((double Low, double High) interval, string name)
    {
        if (!(interval.Low < interval.High) || !double.IsFinite(interval.Low) || !double.IsFinite(interval.High))
            throw new ArgumentException($"Expected a finite interval with Low < High; got [{interval.Low}, {interval.High}].", name);
    }
}
