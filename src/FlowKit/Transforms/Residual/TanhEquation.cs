namespace FlowKit.Transforms;

/// <summary>a + k tanh(a) = t with k > -1: monotone in a, one root, within |k| of t.</summary>
/// <remarks>Newton's method kept inside a shrinking bracket. Gradients by the implicit function theorem, da/dt = 1 / (1 + k tanh'(a)), da/dk = -tanh(a) da/dt, and up to the third order.</remarks>
internal static class TanhEquation
{
    private const int MostSteps = 100;

    /// <summary>The root, element by element.</summary>
    public static Tensor Solve(Tensor k, Tensor t)
    {
        var a = Root(k.detach(), t.detach());
        for (int step = 0; step < 2; step++)                                  // Newton's steps at the root: each doubles the order to which derivatives in k and t are the root's
        {
            var (value, slope) = Evaluate(a, k, t);
            a = a - value / slope;
        }
        return a;
    }

    private static Tensor Root(Tensor k, Tensor t)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double precision = t.dtype == float64 ? 1e-15 : 5e-7;
        var reach = k.abs();
        var (low, high, a) = (t - reach, t + reach, t);
        for (int step = 0; step < MostSteps; step++)
        {
            var (value, slope) = Evaluate(a, k, t);
            low = where(value.lt(0), a, low);
            high = where(value.gt(0), a, high);
            var newton = a - value / slope;
            var next = where(newton.gt(low).logical_and(newton.lt(high)), newton, (low + high) / 2);
            bool still = (next - a).abs().gt((a.abs() + 1) * precision).any().ToBoolean();
            a = next;
            if (!still) break;
        }
        return scope.MoveToOuter(a);
    }

    private static (Tensor Value, Tensor Slope) Evaluate(Tensor a, Tensor k, Tensor t)
    {
        var tanh = a.tanh();
        return (a + k * tanh - t, (k * (1 - tanh.square()) + 1).clamp_min(1e-15));
    }
}
