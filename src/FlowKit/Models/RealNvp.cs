using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Real-valued non-volume-preserving flows (Dinh, Sohl-Dickstein, Bengio 2017, arXiv:1605.08803), on vectors and on images.</summary>
/// <example><code>
/// manual_seed(0);
/// var ring = new GaussianRing(modes: 4);
/// var flow = RealNvp.Create(features: 2, layers: 4, hidden: [32]);
/// Trainer.Fit(flow, ring.Sample(1000), options: new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(flow, ring.Sample(2000)).Mean &lt; ring.BestGaussianNll);  // => True
/// </code></example>
public static partial class RealNvp
{
    /// <summary>Affine couplings with alternating masks over a standard normal.</summary>
    /// <remarks>
    /// Each coupling reads one half of the features and maps the other; neighbors swap the halves, so that two layers touch every feature and
    /// three let every feature influence every other. The flow starts at the identity.
    /// </remarks>
    /// <param name="features">D >= 2; a coupling needs one feature to read and one to map.</param>
    /// <param name="layers">Couplings, >= 1.</param>
    /// <param name="hidden">Hidden widths of each conditioner; by default two layers of 64.</param>
    /// <param name="map">The map of an element; by default <see cref="AffineMap"/>. <see cref="AdditiveMap"/> makes a volume-preserving flow.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the conditioners.</param>
    /// <param name="preprocessing">Layers between data and the first coupling, as dequantization and logit.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features or one layer.</exception>
    public static Flow Create(
        long features, int layers = 8, IReadOnlyList<long>? hidden = null, ElementwiseMap? map = null, Shape? contextShape = null,
        Activation activation = Activation.ReLU, params IEnumerable<Transform> preprocessing)
    {
        if (features < 2)
            throw new ArgumentOutOfRangeException(nameof(features), features, "A coupling needs at least two features: one to read and one to map. For one feature use an autoregressive or an elementwise flow.");
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        var couplings = Enumerable.Range(0, layers).Select(k =>
            Coupling.WithMlp(Masks.Alternating(features, odd: k % 2 == 0), map ?? new AffineMap(), hidden ?? [64, 64], contextShape, activation));
        return new Flow(new Chain([.. preprocessing, .. couplings]), new StandardNormal(features));
    }
}
