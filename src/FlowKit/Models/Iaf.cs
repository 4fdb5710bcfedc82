using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Inverse autoregressive flows (Kingma et al. 2016, arXiv:1606.04934): z_0 = mu + sigma e, then z_t = sigma_t z_(t-1) + (1 - sigma_t) m_t with both read from z_(t-1) by a MADE.</summary>
/// <remarks>
/// A draw and its log-prob take one pass of each step, which is what variational inference needs; the log-prob of another point takes D, one after the other. It is a MAF read backwards
/// (Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057, section 3.2).
/// </remarks>
/// <example><code>
/// // A correlated normal law, whose correlation one step finds from a factorized base.
/// manual_seed(0);
/// var target = new MultivariateNormal(zeros(2), tensor(new[,] { { 1f, 0.9f }, { 0.9f, 1 } }));
/// var q = Iaf.Create(features: 2, steps: 1, hidden: []);
/// Trainer.Fit(q, () => Objectives.ReverseKl(q, z => target.LogProb(z), draws: 256), new() { Steps = 500, LearningRate = 0.02, Threads = 1 });
/// using (no_grad()) Console.WriteLine(Objectives.ReverseKl(q, z => target.LogProb(z), draws: 20_000).ToDouble() &lt; 0.02);  // => True
/// </code></example>
public static class Iaf
{
    /// <summary>Steps in alternating orders over a factorized normal law, learned or read from the context.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="steps">T >= 1.</param>
    /// <param name="hidden">Hidden widths of each MADE; none makes the steps linear in z but for their gate; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context h, as 3 for (B, 3): the base's mu and sigma are linear in it, and each MADE reads it beside z; null for none.</param>
    /// <param name="map">The map of an element; by default <see cref="GatedAffineMap"/>, the paper's.</param>
    /// <param name="activation">Of the MADEs; the paper has ELU.</param>
    /// <returns>A flow from z_T to e, with <c>SampleWithLogProb</c> the fast direction.</returns>
    public static Flow Create(
        long features, int steps = 2, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, ElementwiseMap? map = null, Activation activation = Activation.ReLU)
    {
        Guard.Size(features, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        map ??= new GatedAffineMap();
        Distribution @base = contextShape is null
            ? new Normal().Learned(features)
            : new Normal().Conditional(contextShape, (inputs, outputs) => new Mlp(inputs, outputs, []), features);
        var layers = Enumerable.Range(0, steps).Reverse().Select(t => new MaskedAutoregressive(map, new Made(
            features, map.ParameterCount, hidden ?? [64, 64], contextShape, t % 2 == 0 ? Orders.Natural(features) : Orders.Reverse(features), activation: activation)).Inverted);
        return new Flow(new Chain(layers), @base);
    }
}
