namespace FlowKit.Inference;

/// <summary>Random walks by Metropolis's rule: proposals z + h e with e ~ N(0, I), accepted with probability min(1, p~(z') / p~(z)), in R^D and on tori. The simplest sampler; it needs no gradient.</summary>
/// <remarks>Metropolis, Rosenbluth, Rosenbluth, Teller, Teller 1953. All chains run side by side, in the precision and on the device of their starts.</remarks>
/// <example><code>
/// manual_seed(0);
/// var target = TorusEnergy.Multimodal;
/// var chains = Metropolis.Run(target.LogDensity, start: rand(500, 2) * (2 * Math.PI), new() { WarmUp = 100, Draws = 50, Thin = 2, IsTorus = true });
/// Console.WriteLine(ModeMasses.OnTorus(chains.Flat(), target.Means).Dropped().Count);  // => 0
/// </code></example>
public static class Metropolis
{
    private const double Target = 0.234;              // Roberts, Gelman, Gilks 1997

    /// <summary>Runs B chains.</summary>
    /// <param name="logDensity">log p~, (B, D) to (B); rows must not depend on each other.</param>
    /// <param name="start">Where the chains begin, (B, D), floating-point, where there is mass.</param>
    /// <param name="options">Lengths, step and whether coordinates are angles.</param>
    /// <exception cref="ArgumentException">log p~ is no log-density (NaN or +inf at a finite point); or a chain starts where there is no mass.</exception>
    public static MarkovChains Run(Func<Tensor, Tensor> logDensity, Tensor start, ChainOptions? options = null) =>
        ChainRun.Of(logDensity, start, options ?? new(), Target, (_, z, step) => (z + randn_like(z) * step, zeros_like(z.select(1, 0))));
}
