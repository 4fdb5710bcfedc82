using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Normalizing flows on circles and tori (Rezende, Papamakarios et al. 2020, arXiv:2002.02428), with circular splines.</summary>
/// <example><code>
/// manual_seed(0);
/// var x = new VonMises().Fixed(mean: full(2, 1.0), concentration: full(2, 4.0)).Sample(1000);
/// var flow = TorusFlow.Create(angles: 2, layers: 2, hidden: [16]);
/// Trainer.Fit(flow, x, options: new() { Steps = 50, LearningRate = 1e-2 });
/// using (var torus = QuadratureRule.Torus(resolution: 100))
///     Console.WriteLine($"{torus.Integrate(x => flow.LogProb(x.to(float32)).exp()):F2}");  // => 1.00
/// </code></example>
public static class TorusFlow
{
    /// <summary>Circular splines over the uniform law of D angles in [0, 2 pi]: one after the other on the circle, coupled by alternating masks on a torus.</summary>
    /// <remarks>
    /// Conditioners read an angle as (cos, sin), so that the density has no seam. Each spline is followed by a learned rotation; the last angle of a turn and the first are one point.
    /// Data are taken modulo 2 pi. The flow starts uniform.
    /// </remarks>
    /// <param name="angles">D >= 1.</param>
    /// <param name="layers">Layers, >= 1.</param>
    /// <param name="bins">Bins of a spline, 2 to 500.</param>
    /// <param name="hidden">Hidden widths of each conditioner; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the conditioners.</param>
    public static Flow Create(long angles, int layers = 4, int bins = 8, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, Activation activation = Activation.ReLU)
    {
        Guard.Size(angles, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        var map = new CircularRationalQuadraticMap(bins, Rotates: true);
        IReadOnlyList<long> widths = hidden ?? [64, 64];
        var stack = Enumerable.Range(0, layers).Select(k => angles == 1
            ? (Transform)new ElementwiseTransform(map, [1], contextShape, contextShape is not null ? widths : null)
            : new Coupling(Masks.Alternating(angles, odd: k % 2 == 0), map, (i, o) => AngleConditioner.Of(i, o, (i, o) => new Mlp(i, o, widths, contextShape, activation))));
        return new Flow(new Chain([.. stack]), Uniform.Angles(angles));
    }
}
