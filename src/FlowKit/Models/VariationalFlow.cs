using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Approximate posteriors of Rezende, Mohamed 2015, arXiv:1505.05770: a factorized normal law whose draws pass K planar, radial or NICE layers.</summary>
/// <remarks>
/// <para>Draws and their log q cost one pass, which is what reverse KL and an ELBO need: log q(z_K) = log q(z_0) - sum of log|det df_k/dz|, eq. 7. The density of a point that was not drawn needs inverses, by iteration
/// for planar layers. z_0 ~ N(mu, diag sigma²), with mu and sigma learned, or read from the context.</para>
/// <para>With a context, such as what an encoder makes of x, the base and every planar or radial layer read their parameters from it by a linear map, and couplings read it beside their input: amortized inference, section 4.2.</para>
/// <para>Planar and radial layers start at the identity: see <see cref="Transforms.Planar"/>.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var target = PlaneEnergy.U1;
/// var q = VariationalFlow.Planar(features: 2, length: 4);
/// double Kl() { using (no_grad()) return Objectives.ReverseKl(q, target.LogDensity, draws: 2000, target.LogNormalizer).ToDouble(); }
///
/// double before = Kl();
/// var warmUp = new Annealing(From: 0.01, Until: 0.5);
/// Trainer.Fit(q, t => Objectives.ReverseKl(q, target.LogDensity, draws: 64, targetWeight: warmUp.At(t)), new() { Steps = 200, LearningRate = 1e-2 });
/// Console.WriteLine(Kl() &lt; before / 4);  // => True
/// </code></example>
public static class VariationalFlow
{
    /// <summary>K planar layers: z + u tanh(wᵀz + b).</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="length">K >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    public static Flow Planar(long features, int length, Shape? contextShape = null) => Of(features, length, contextShape, _ => new Planar(features, contextShape).Inverted);

    /// <summary>K radial layers: z + beta (z - z_0) / (alpha + |z - z_0|).</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="length">K >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    public static Flow Radial(long features, int length, Shape? contextShape = null) => Of(features, length, contextShape, _ => new Radial(features, contextShape).Inverted);

    /// <summary>K additive couplings, which take turns between odd and even features: they preserve volume.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="length">K >= 1.</param>
    /// <param name="hidden">Hidden widths of each conditioner, a ReLU perceptron; by default one layer of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    public static Flow Nice(long features, int length, IReadOnlyList<long>? hidden = null, Shape? contextShape = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 2);
        return Of(features, length, contextShape, k => Coupling.WithMlp(Masks.Alternating(features, odd: k % 2 == 0), new AdditiveMap(), hidden ?? [64], contextShape));
    }

    private static Flow Of(long features, int length, Shape? contextShape, Func<int, Transform> layer)
    {
        Guard.Size(features, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Distribution start = contextShape is null
            ? new Normal().Learned(features)
            : new Normal().Conditional(contextShape, (inputs, outputs) => new Mlp(inputs, outputs, []), features);
        return new(new Chain(Enumerable.Range(0, length).Select(layer)), start);
    }
}
