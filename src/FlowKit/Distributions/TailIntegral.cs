using MathNet.Numerics.Integration;

namespace FlowKit.Distributions;

/// <summary>The integral of e^h(s) over s > 0 for a concave, falling h with h(0) = 0: what a tail's probability is in units of the density where it begins.</summary>
/// <remarks>
/// Gauss-Legendre rules on [0, split] and [split, end] with h(end) = -38, where the integrand is below rounding. Both are placed by the integrand's own scale, so that the sum is exact
/// to rounding for laws that span any number of decades; and it is differentiable in whatever h depends on.
/// </remarks>
internal static class TailIntegral
{
    private const int Count = 64, MostSteps = 200;
    private const double Depth = 38;

    private static readonly GaussLegendreRule Rule = new(0, 1, Count);

    /// <summary>The points of a Gauss-Legendre rule on [0, 1], (N).</summary>
    public static Tensor Points(Tensor like) => tensor(Rule.Abscissas, dtype: float64, device: like.device);

    /// <summary>Its weights, (N).</summary>
    public static Tensor Weights(Tensor like) => tensor(Rule.Weights, dtype: float64, device: like.device);

    /// <summary>ln of the integral, (...).</summary>
    /// <param name="h">(..., N) to (..., N).</param>
    /// <param name="slope">h', (..., 1) to (..., 1).</param>
    /// <param name="bound">A place beyond which h is below -38, (...).</param>
    /// <param name="split">Where h changes its character, (...); at most the end is used.</param>
    public static Tensor Log(Func<Tensor, Tensor> h, Func<Tensor, Tensor> slope, Tensor bound, Tensor split)
    {
        Tensor first, second;
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            var end = End(h, slope, bound.detach().unsqueeze(-1));
            first = minimum(split.detach().unsqueeze(-1).clamp_min(0), end);
            second = end - first;
            scope.MoveToOuter(first, second);
        }
        var (points, weights) = (Points(bound), Weights(bound));
        var s = cat([first * points, first + second * points], dim: -1);      // (..., 2N)
        var weight = cat([first * weights, second * weights], dim: -1);
        return (h(s).exp() * weight).sum(dim: -1).log();
    }

    // Newton's method from above: the tangent of a concave function lies above it, so that no step passes the solution.
    private static Tensor End(Func<Tensor, Tensor> h, Func<Tensor, Tensor> slope, Tensor s)
    {
        using var all = NewDisposeScope();
        for (int step = 0; step < MostSteps; step++)
        {
            using var scope = NewDisposeScope();
            var height = h(s);
            var deep = height.lt(-1.5 * Depth);
            if (!deep.any().ToBoolean()) break;
            s = scope.MoveToOuter(where(deep, s - (height + Depth) / slope(s), s));
        }
        return all.MoveToOuter(s.clone());
    }
}
