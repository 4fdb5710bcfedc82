using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>Langevin's diffusion, dz = grad log p~(z) dt + sqrt(2) dW, by Euler and Maruyama's rule: whatever the points start from, their law tends to p.</summary>
/// <remarks>
/// <para>Their density q_t obeys the equation of Fokker and Planck, dq/dt = -div(q F) + Laplacian of q with F = grad log p~, and q = p is where it stands still: Rezende, Mohamed 2015, arXiv:1505.05770, section 3.2. The normalizer of p~
/// is not needed.</para>
/// <para>A step is z + h grad log p~(z) + sqrt(2 h) e with e ~ N(0, I). Its stationary law differs from p by O(h), and it diverges where h is large beside the curvature of log p~.</para>
/// </remarks>
/// <example><code>
/// // From a point to N(0, I), whose log-density is -|z|²/2 up to a constant.
/// manual_seed(0);
/// var z = Langevin.Run(z => z.square().sum(1) * -0.5, start: full(20_000, 1, 3.0), step: 0.01, steps: 500);
/// Console.WriteLine($"{z.mean().ToDouble():F1} {z.std().ToDouble():F1}");  // => 0.0 1.0
/// </code></example>
public static class Langevin
{
    /// <summary>Where the points are after so many steps, (B, D). Each row is a chain of its own.</summary>
    /// <param name="logDensity">log p~, (B, D) to (B), of differentiable operations; rows must not depend on each other.</param>
    /// <param name="start">Where they begin, (B, D), floating-point and finite.</param>
    /// <param name="step">h, finite and > 0.</param>
    /// <param name="steps">How many, >= 0.</param>
    /// <exception cref="ArgumentException">log p~ is no log-density (NaN or +inf at a finite point), has no gradient, or has one that is not finite; or the steps are so long that points leave every bound.</exception>
    public static Tensor Run(Func<Tensor, Tensor> logDensity, Tensor start, double step, int steps)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        Guard.Number(start);
        if (start.Dimensions != 2) throw new ArgumentException($"start has shape {Guard.Describe(start)}; expected (B, D).", nameof(start));
        Guard.Floating(start, nameof(Langevin), float32);
        Guard.Finite(start);
        if (!(step > 0) || !double.IsFinite(step)) throw new ArgumentOutOfRangeException(nameof(step), step, "Expected a finite number > 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(steps);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var z = start.detach().clone();
        for (int k = 0; k < steps; k++)
        {
            using var call = NativeMemory.Enter();
            using var inner = NewDisposeScope();
            var next = z + Score.Gradient(Checked, z, nameof(logDensity)) * step + randn_like(z) * Math.Sqrt(2 * step);
            if (!double.IsFinite(next.sum().ToDouble()))
                throw new ArgumentException($"After {k + 1} steps a point is not finite: the gradient of logDensity is not finite there, or a step of {step} is too long for it.", nameof(step));
            z.Dispose();
            z = inner.MoveToOuter(next);
        }
        return scope.MoveToOuter(z);

        Tensor Checked(Tensor z)
        {
            var logP = Guard.Made(logDensity(z), nameof(logDensity));
            if (logP.Dimensions != 1 || logP.size(0) != z.size(0))
                throw new ArgumentException($"logDensity gave shape {Guard.Describe(logP)} for {z.size(0)} points; expected ({z.size(0)},).", nameof(logDensity));
            Objectives.CheckLogDensity(z, logP, nameof(logDensity));
            return logP;
        }
    }
}
