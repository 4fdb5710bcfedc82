namespace FlowKit.Transforms;

/// <summary>Solves y = f(x) for strictly increasing f, element by element, and differentiates through the solution.</summary>
/// <remarks>
/// <para>A bracket [low, high] around the root is doubled until it holds it; Newton's steps are taken where they stay inside it and halve the residual, bisection elsewhere.</para>
/// <para>Gradients by the implicit function theorem: dx = (dy - f_theta dtheta) / f'(x), and up to the third order.</para>
/// <para>f takes and gives tensors of y's shape, and its range must hold y; NaN in, NaN out.</para>
/// </remarks>
internal static class MonotoneInverse
{
    private const int MostDoublings = 128, MostSteps = 300;

    /// <summary>x and ln dx/dy.</summary>
    /// <param name="f">x to f(x) and ln f'(x).</param>
    /// <param name="y">What f is to give.</param>
    /// <param name="bracket">Bounds known to hold x; null: they are looked for around y, which is x where f is the identity.</param>
    public static (Tensor X, Tensor LogSlope) Solve(Func<Tensor, (Tensor Y, Tensor LogSlope)> f, Tensor y, (Tensor Low, Tensor High)? bracket = null)
    {
        Tensor root;
        using (no_grad()) root = Root(f, y.detach(), bracket);
        if (!is_grad_enabled()) return (root, f(root).LogSlope.neg());

        var x = Follow(f, y, Follow(f, y, root));
        return (x, f(x).LogSlope.neg());
    }

    // The value of x, the gradient of Newton's step from it. At a root each step doubles the order to which derivatives are the root's.
    private static Tensor Follow(Func<Tensor, (Tensor Y, Tensor LogSlope)> f, Tensor y, Tensor x)
    {
        var (reached, logSlope) = f(x);
        var step = (y - reached) * Reciprocal(logSlope, x);
        return x + (step - step.detach());
    }

    private static Tensor Root(Func<Tensor, (Tensor Y, Tensor LogSlope)> f, Tensor y, (Tensor Low, Tensor High)? bracket)
    {
        using var all = NewDisposeScope();
        var (low, high) = bracket is { } known ? (known.Low.detach(), known.High.detach()) : (Bound(f, y, upwards: false), Bound(f, y, upwards: true));
        double ulp = y.dtype == float64 ? 2.2e-16 : 1.2e-7;
        var near = y.abs().clamp_min(1) * (8 * ulp);
        var x = (low + high) / 2;
        var last = full_like(y, double.PositiveInfinity);
        for (int step = 0; step < MostSteps; step++)
        {
            using var scope = NewDisposeScope();
            var (reached, logSlope) = f(x);
            var residual = reached - y;
            low = where(residual.lt(0), x, low);
            high = where(residual.gt(0), x, high);
            var stride = residual * Reciprocal(logSlope, x);
            var newton = x - stride;
            var size = residual.abs();
            var good = newton.gt(low).logical_and_(newton.lt(high)).logical_and_(size.le(last / 2));
            var next = where(good, newton, (low + high) / 2);
            // Near enough in y, near enough in x, or nowhere left to go. What is NaN is never far.
            var grain = x.abs() * ulp;
            var far = size.gt(near).logical_and_(stride.abs().gt(2 * grain)).logical_and_((next - x).abs().gt(grain));
            if (!far.any().ToBoolean()) break;

            x = where(far, next, x);
            last = size;
            scope.MoveToOuter(low, high, x);
            scope.MoveToOuter(last);
        }
        return all.MoveToOuter(where(y.isnan(), y, x));
    }

    // A point beyond the root, at a distance from y that doubles.
    private static Tensor Bound(Func<Tensor, (Tensor Y, Tensor LogSlope)> f, Tensor y, bool upwards)
    {
        var bound = upwards ? y + 1 : y - 1;
        double width = upwards ? 1 : -1;
        for (int i = 0; i < MostDoublings; i++)
        {
            using var scope = NewDisposeScope();
            var reached = f(bound).Y;
            var wrong = upwards ? reached.lt(y) : reached.gt(y);
            if (!wrong.any().ToBoolean()) break;

            width *= 2;
            bound = scope.MoveToOuter(where(wrong, y + width, bound));
        }
        return bound;
    }

    // 1 / f', finite even where a slope is too small for its reciprocal.
    private static Tensor Reciprocal(Tensor logSlope, Tensor like) => logSlope.neg().clamp_max(like.dtype == float64 ? 600 : 60).exp();
}
