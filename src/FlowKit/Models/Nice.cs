using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Non-linear independent components estimation (Dinh, Krueger, Bengio 2015, arXiv:1410.8516): volume-preserving couplings, then one scale a latent.</summary>
/// <remarks>
/// log p(x) = sum over i of [ln p_H(e^{s_i} f_i(x)) + s_i], section 3.3, where f are the couplings. They add nothing to the log-determinant, so the model cannot make
/// a density locally denser than its prior allows: see <see cref="Data.Heteroscedastic.VolumePreservingFloor"/>.
/// </remarks>
/// <example><code>
/// // Additive couplings represent the banana exactly.
/// manual_seed(0);
/// var banana = new Banana();
/// var flow = Nice.Create(features: 2, hidden: [32], prior: new StandardNormal(2));
/// Trainer.Fit(flow, banana.Sample(1000), options: new() { Steps = 100, LearningRate = 1e-2 });
/// var test = Trainer.NegativeLogLikelihood(flow, banana.Sample(2000));
/// Console.WriteLine(test.Mean &lt; banana.Entropy + 0.2);  // => True
/// </code></example>
public static class Nice
{
    /// <summary>Additive couplings that swap odd and even features, the diagonal scaling, and a factorized prior.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="layers">Couplings, >= 1; the paper has 4, and at least 3 are needed for every feature to influence every other.</param>
    /// <param name="hidden">Hidden widths of each conditioner, a ReLU perceptron with linear output; by default two layers of 64.</param>
    /// <param name="prior">Law of the latents h: any distribution of D features; null: the standard logistic.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="preprocessing">Layers between data and the first coupling, as dequantization, standardization or whitening.</param>
    /// <exception cref="ArgumentException">The prior's events are not D features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features or one layer.</exception>
    public static Flow Create(
        long features, int layers = 4, IReadOnlyList<long>? hidden = null, Distribution? prior = null, Shape? contextShape = null, params IEnumerable<Transform> preprocessing)
    {
        if (features < 2)
            throw new ArgumentOutOfRangeException(nameof(features), features, "A coupling needs at least two features: one to read and one to map.");
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        var couplings = Enumerable.Range(0, layers).Select(k =>
            Coupling.WithMlp(Masks.Alternating(features, odd: k % 2 == 0), new AdditiveMap(), hidden ?? [64, 64], contextShape, Activation.ReLU));
        return new Flow(new Chain([.. preprocessing, .. couplings, new DiagonalScaling(features)]), prior ?? new StandardLogistic(features));
    }

    /// <summary>The paper's MNIST model: 784 pixels in [0, 1], five hidden layers of 1000, logistic prior, no whitening; 1980.50 nats on [0, 1], 4.3555 bits/dim.</summary>
    public static Flow Mnist() => Create(28 * 28, hidden: [1000, 1000, 1000, 1000, 1000], preprocessing: [new UniformDequantization(256)]);

    /// <summary>The paper's Toronto faces model: 2304 pixels in [0, 1], four hidden layers of 5000, Gaussian prior; 5514.71 nats on [0, 1].</summary>
    /// <param name="whitening">An approximate whitening, fitted to dequantized images (N, 2304): the paper learns z = L x + b with L lower triangular; <see cref="Whiten.Zca"/> with an epsilon or a rank is ours.</param>
    public static Flow TorontoFaces(Whiten whitening) =>
        Create(48 * 48, hidden: [5000, 5000, 5000, 5000], prior: new StandardNormal(48 * 48), preprocessing: [new UniformDequantization(256), whitening]);

    /// <summary>The paper's SVHN model: 3072 values in [0, 1], four hidden layers of 2000, logistic prior; 11496.55 nats on [0, 1].</summary>
    /// <param name="whitening"><see cref="Whiten.Zca"/>, fitted to dequantized images (N, 3072).</param>
    public static Flow Svhn(Whiten whitening) => Create(3072, hidden: [2000, 2000, 2000, 2000], preprocessing: [new UniformDequantization(256), whitening]);

    /// <summary>The paper's CIFAR-10 model: four hidden layers of 2000, logistic prior; 5371.78 nats on values in [-1, 1].</summary>
    /// <param name="whitening"><see cref="Whiten.Zca"/>, fitted to dequantized images (N, 3072) in [0, 1].</param>
    /// <remarks>The paper scales pixels to [-1, 1]; a density there is 2^-3072 times the one on [0, 1], 3072 ln 2 = 2129.35 nats less. The whitening undoes the scale otherwise.</remarks>
    public static Flow Cifar(Whiten whitening) => Svhn(whitening);
}
