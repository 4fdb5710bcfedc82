namespace FlowKit.Distributions;

/// <summary>Solves F(u) = p, element by element, in logits: ln F(u) - ln(1 - F(u)) = ln p - ln(1 - p), which is well conditioned in both tails; and differentiates through the solution.</summary>
/// <remarks>
/// <para>Newton's steps where they stay between the bounds known so far and halve the residual, bisection elsewhere; two more of Newton's steps end at rounding.</para>
/// <para>Gradients by the implicit function theorem, up to the third order. NaN in, NaN out.</para>
/// </remarks>
internal static class QuantileSolver
{
    private const int MostSteps = 300;
    private const double Near = 1e-9, Ulp = 2.2e-16;

    /// <summary>u, in float64.</summary>
    /// <param name="law">u to ln F, ln(1 - F) and ln F', all of the logit's shape.</param>
    /// <param name="logit">ln p - ln(1 - p).</param>
    /// <param name="low">A bound below u.</param>
    /// <param name="high">A bound above u.</param>
    /// <param name="start">Where to begin, null for the middle.</param>
    public static Tensor Solve(Func<Tensor, (Tensor Below, Tensor Above, Tensor LogDensity)> law, Tensor logit, Tensor low, Tensor high, Tensor? start = null)
    {
        Tensor root;
        using (no_grad()) root = Root(law, logit.detach(), low.detach(), high.detach(), start?.detach());
        if (!is_grad_enabled()) return root;

        var first = Follow(law, logit, root);
        return first.requires_grad ? Follow(law, logit, first) : root;
    }

    /// <summary>The middle of two bounds: of their logarithms where they are of one sign and far apart, so that bisection also finds its way between powers of ten.</summary>
    internal static Tensor Middle(Tensor low, Tensor high)
    {
        const double tiny = 1e-320;
        var (large, small) = (maximum(low.abs(), high.abs()), minimum(low.abs(), high.abs()));
        var astride = low.lt(0).logical_and(high.gt(0));
        var geometric = large.sqrt() * small.clamp_min(tiny).sqrt() * (low + high).sign();
        var far = small.mul(astride.to(float64).mul_(1e3).add_(4)).lt(large).logical_and(large.gt(tiny));
        return where(far, where(astride, zeros_like(low), geometric), low / 2 + high / 2);
    }

    private static Tensor Root(Func<Tensor, (Tensor Below, Tensor Above, Tensor LogDensity)> law, Tensor logit, Tensor low, Tensor high, Tensor? start)
    {
        using var all = NewDisposeScope();
        (low, high) = (low + logit * 0, high + logit * 0);
        var u = start is null ? Middle(low, high) : maximum(minimum(start, high), low);
        var (first, last) = (low, high);
        var size = full_like(logit, double.PositiveInfinity);
        for (int step = 0; step < MostSteps; step++)
        {
            using var scope = NewDisposeScope();
            var (residual, stride) = Newton(law, logit, u);
            low = where(residual.lt(0), u, low);
            high = where(residual.gt(0), u, high);
            var now = residual.abs();
            var far = now.gt(logit.abs().clamp_min_(1).mul_(Near)).logical_and_((high - low).gt(maximum(low.abs(), high.abs()) * Ulp));
            if (!far.any().ToBoolean()) break;

            var next = u - stride;
            var good = next.gt(low).logical_and_(next.lt(high)).logical_and_(now.le(size / 2));
            u = where(far, where(good, next, Middle(low, high)), u);
            size = now;
            scope.MoveToOuter(low, high, u);
            scope.MoveToOuter(size);
        }
        for (int polish = 0; polish < 2; polish++)
        {
            using var scope = NewDisposeScope();
            var next = u - Newton(law, logit, u).Stride;
            u = scope.MoveToOuter(where(next.ge(first).logical_and_(next.le(last)), next, u));
        }
        return all.MoveToOuter(where(logit.isnan(), logit, u));
    }

    // The value of u, the gradient of Newton's step from it. At a root each step doubles the order to which derivatives are the root's.
    private static Tensor Follow(Func<Tensor, (Tensor Below, Tensor Above, Tensor LogDensity)> law, Tensor logit, Tensor u)
    {
        var stride = Newton(law, logit, u).Stride;
        stride = stride.masked_fill(stride.isfinite().logical_not(), 0);      // F is a step there
        return u - (stride - stride.detach());
    }

    // d/du (ln F - ln(1 - F)) = F' / (F (1 - F)).
    private static (Tensor Residual, Tensor Stride) Newton(Func<Tensor, (Tensor Below, Tensor Above, Tensor LogDensity)> law, Tensor logit, Tensor u)
    {
        var (below, above, logDensity) = law(u);
        var residual = below - above - logit;
        return (residual, residual * (below + above - logDensity).clamp(-745, 700).exp());
    }
}
