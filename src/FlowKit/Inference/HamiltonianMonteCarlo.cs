using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>Hamiltonian Monte Carlo: chains whose proposals follow Hamilton's equations from a random momentum, accepted by Metropolis's rule, in R^D and on tori. Exact in the limit of long chains, whatever the density's normalizer.</summary>
/// <remarks>
/// <para>A transition draws momenta omega ~ N(0, I), takes L steps of the <see cref="Leapfrog"/> rule with H = -log p~(z) + |omega|²/2, and accepts with probability min(1, exp(H - H')). Duane, Kennedy, Pendleton, Roweth 1987; Neal 2011,
/// arXiv:1206.1901. The step varies evenly by ±20 % from one transition to the next, the same for all chains, so that no period of the motion is met.</para>
/// <para>All chains run side by side, in the precision and on the device of their starts. What leaves every bound or is NaN is rejected.</para>
/// </remarks>
/// <example><code>
/// // The arm of six links: 200 chains find E[cos x] of its first angle.
/// manual_seed(0);
/// var arm = new PlanarArm();
/// var chains = HamiltonianMonteCarlo.Run(arm.LogDensity, start: rand(200, 6) * (2 * Math.PI), leaps: 20, new() { WarmUp = 100, Draws = 50, IsTorus = true });
/// var cosine = chains.Mean(x => x.select(1, 0).cos());
/// Console.WriteLine(Math.Abs(cosine.Mean - arm.MeanCosines[0]) &lt; 4 * cosine.StandardError);  // => True
/// Console.WriteLine($"{chains.Acceptance:F1}");                                              // => 0.8
/// </code></example>
public static class HamiltonianMonteCarlo
{
    private const double Jitter = 0.2, Target = 0.8;

    /// <summary>Runs B chains.</summary>
    /// <param name="logDensity">log p~, (B, D) to (B), of differentiable operations; rows must not depend on each other.</param>
    /// <param name="start">Where the chains begin, (B, D), floating-point, where there is mass; far apart, so that R-hat can tell whether they have mixed.</param>
    /// <param name="leaps">L, leapfrog steps of one transition, >= 1; L = 1 is Langevin's diffusion with Metropolis's correction.</param>
    /// <param name="options">Lengths, step and whether coordinates are angles.</param>
    /// <exception cref="ArgumentException">log p~ is no log-density (NaN or +inf at a finite point), or has no gradient; or a chain starts where there is no mass.</exception>
    public static MarkovChains Run(Func<Tensor, Tensor> logDensity, Tensor start, int leaps = 10, ChainOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leaps, 1);
        bool hasGradient = false;
        return ChainRun.Of(logDensity, start, options ?? new(), Target, (logP, z, step) =>
        {
            if (!hasGradient) Score.Gradient(logP, z, nameof(logDensity));   // once: what the leapfrog rule would say of its own argument
            hasGradient = true;
            double varied = step * (1 + Jitter * (2 * rand(1, dtype: float64, device: CPU).ToDouble() - 1));
            using var leapfrog = new Leapfrog(z.size(1), z => -logP(z), varied, leaps);
            var omega = randn_like(z);
            var (end, _) = leapfrog.Forward(cat([z, omega], dim: 1));
            return (end.narrow(1, 0, z.size(1)), (omega.square().sum(1) - end.narrow(1, z.size(1), z.size(1)).square().sum(1)) / 2);
        });
    }
}
