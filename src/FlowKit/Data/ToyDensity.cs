using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Data;

/// <summary>A density of the plane that samples and gives its exact log density and entropy: data whose truth is known.</summary>
/// <example><code>
/// ToyDensity[] densities = [new Banana(), new Checkerboard(), new Heteroscedastic()];
/// foreach (var density in densities) Console.WriteLine($"{density.GetName()} {density.Entropy:F4}");
/// // => Banana 2.8379
/// // => Checkerboard 2.0794
/// // => Heteroscedastic 2.8379
/// </code></example>
public abstract class ToyDensity(string name) : Distribution(name, 2)
{
    private double? entropy;

    /// <summary>A box that holds all but 1e-12 of the mass.</summary>
    public abstract (double Low, double High) Bounds { get; }

    /// <summary>Differential entropy in nats: the lowest negative log-likelihood any model can reach.</summary>
    /// <remarks>
    /// In closed form where there is one, else by the midpoint rule on <see cref="Bounds"/> with cells of half the smallest standard deviation, which for sums of
    /// Gaussians is exact to 1e-8.
    /// </remarks>
    /// <exception cref="NotSupportedException">The noise is too fine for a grid of 4096 cells per side.</exception>
    public double Entropy => entropy ??= ComputeEntropy();

    /// <summary>-E[log p] by the midpoint rule in float64.</summary>
    private protected virtual double ComputeEntropy()
    {
        double cells = Math.Ceiling((Bounds.High - Bounds.Low) / (FinestScale / 2));
        return cells <= 4096
            ? -Quadrature.Integrate(PLogP, Bounds, Bounds, resolution: Math.Max(64, (int)cells))
            : throw new NotSupportedException($"{GetName()}: noise of standard deviation {FinestScale} needs a grid of {cells} cells per side; at most 4096 are allowed.");
    }

    /// <summary>Standard deviation of the finest noise: what a grid has to resolve.</summary>
    private protected virtual double FinestScale => 1;

    private Tensor PLogP(Tensor x)
    {
        var logP = LogProb(x);
        return (logP.exp() * logP).nan_to_num(nan: 0);                        // p ln p = 0 where p = 0
    }
}
