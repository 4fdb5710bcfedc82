using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Masked autoregressive flows (Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057).</summary>
/// <example><code>
/// manual_seed(0);
/// var x = new TwoMoons().Sample(1000);
/// var flow = Maf.Create(features: 2, layers: 3, hidden: [32]);
/// Trainer.Fit(flow, x, options: new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(flow, x).Mean &lt; 1.8);  // => True
/// </code></example>
public static class Maf
{
    /// <summary>Autoregressive layers, each in the reverse order of the one before, over a base density.</summary>
    /// <remarks>The first layer takes the features as they come. Without batch normalization the flow starts at the identity. With it, call <see cref="BatchNormTransform.UseStatisticsOf"/> after
    /// training: the paper evaluates with the statistics of the whole training set.</remarks>
    /// <param name="features">D >= 1.</param>
    /// <param name="layers">Autoregressive layers, >= 1.</param>
    /// <param name="hidden">Hidden widths of each MADE; by default two layers of 64.</param>
    /// <param name="map">The map of an element; by default <see cref="AffineMap"/>, the paper's.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the MADEs.</param>
    /// <param name="batchNorm">Whether a batch normalization follows each layer (appendix B).</param>
    /// <param name="base">The law of the latents; by default the standard normal one. <c>new Autoregressive(new MixtureFamily(new Normal(), 10), new Made(...))</c> makes it MAF MoG (section 4).</param>
    /// <param name="order">The order of each layer, from its number 0, 1, ...; by default <see cref="Orders.Natural"/> and <see cref="Orders.Reverse"/> in turns.</param>
    /// <param name="preprocessing">Layers between data and the first autoregressive layer, as dequantization and logit.</param>
    public static Flow Create(
        long features, int layers = 5, IReadOnlyList<long>? hidden = null, ElementwiseMap? map = null, Shape? contextShape = null,
        Activation activation = Activation.ReLU, bool batchNorm = false, Distribution? @base = null, Func<int, IReadOnlyList<int>>? order = null, params IEnumerable<Transform> preprocessing)
    {
        Guard.Size(features, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        map ??= new AffineMap();
        order ??= k => k % 2 == 0 ? Orders.Natural(features) : Orders.Reverse(features);
        return new Flow(new Chain([.. preprocessing, .. Enumerable.Range(0, layers).SelectMany(Layer)]), @base ?? new StandardNormal(features));

        IEnumerable<Transform> Layer(int k)
        {
            yield return new MaskedAutoregressive(map, new Made(features, map.ParameterCount, hidden ?? [64, 64], contextShape, Guard.Made(order(k), nameof(order)), activation: activation));
            if (batchNorm) yield return new BatchNormTransform(features);
        }
    }
}
