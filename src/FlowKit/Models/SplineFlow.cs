using FlowKit.Conditioners;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Neural spline flows (Durkan, Bekasov, Murray, Papamakarios 2019, arXiv:1906.04032), on vectors, with couplings.</summary>
/// <example><code>
/// manual_seed(0);
/// var moons = new TwoMoons();
/// var flow = SplineFlow.Create(features: 2, layers: 2, bins: 8, hidden: [32]);
/// Trainer.Fit(flow, moons.Sample(1000), options: new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(flow, moons.Sample(2000)).Mean &lt; 1.8);  // => True
/// </code></example>
public static class SplineFlow
{
    /// <summary>Rational-quadratic couplings with alternating masks over a standard normal.</summary>
    /// <remarks>
    /// Each coupling reads one half of the features and bends the other; neighbors swap the halves, so that two layers touch every feature. The paper mixes the features
    /// by LU-decomposed linear layers between couplings instead. The flow starts at the identity; standardize the data, since nothing is bent beyond the tail bound.
    /// </remarks>
    /// <param name="features">D >= 2; a coupling needs one feature to read and one to map.</param>
    /// <param name="layers">Couplings, >= 1.</param>
    /// <param name="bins">Bins of a spline, 2 to 500.</param>
    /// <param name="tailBound">The splines bend [-tailBound, tailBound] and leave the rest of the line as it is, > 0.</param>
    /// <param name="hidden">Hidden widths of each conditioner; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the conditioners.</param>
    /// <param name="preprocessing">Layers between data and the first coupling, as dequantization and logit.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features, one layer or two bins.</exception>
    public static Flow Create(
        long features, int layers = 4, int bins = 8, double tailBound = 5, IReadOnlyList<long>? hidden = null, Shape? contextShape = null,
        Activation activation = Activation.ReLU, params IEnumerable<Transform> preprocessing) =>
        RealNvp.Create(features, layers, hidden, new RationalQuadraticMap(bins, tailBound), contextShape, activation, preprocessing);
}
