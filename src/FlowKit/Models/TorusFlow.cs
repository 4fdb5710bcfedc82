using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Normalizing flows on circles and tori (Rezende, Papamakarios et al. 2020, arXiv:2002.02428): circular splines, or another map of the circle, over the uniform law.</summary>
/// <remarks>
/// Conditioners read an angle as (cos, sin), so that the density has no seam: it is periodic, and so is its gradient where the map has one (splines bend at their knots). Angles are in radians;
/// those of any range are taken modulo 2 pi, draws lie in [0, 2 pi). A flow starts uniform, or near it with maps that start near the identity.
/// </remarks>
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
    /// <summary>Maps of D angles: one after the other on the circle, coupled by alternating masks on a torus. Density and draws cost the same, but for maps whose inverse is found numerically, as that of several Moebius maps: with them draws are slower.</summary>
    /// <param name="angles">D >= 1.</param>
    /// <param name="layers">Layers, >= 1.</param>
    /// <param name="bins">Bins of the default map, 2 to 500; not used where <paramref name="map"/> is given.</param>
    /// <param name="hidden">Hidden widths of each conditioner; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the conditioners.</param>
    /// <param name="map">The map of an angle; by default a <see cref="CircularRationalQuadraticMap"/> that rotates. Another one should rotate, too: the angle 0 is a fixed point of what does not.</param>
    public static Flow Create(
        long angles, int layers = 4, int bins = 8, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, Activation activation = Activation.ReLU, CircleMap? map = null)
    {
        Guard.Size(angles, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        var each = map ?? new CircularRationalQuadraticMap(bins, Rotates: true);
        IReadOnlyList<long> widths = hidden ?? [64, 64];
        var stack = Enumerable.Range(0, layers).Select(k => angles == 1
            ? (Transform)new ElementwiseTransform(each, [1], contextShape, contextShape is not null ? widths : null)
            : new Coupling(Masks.Alternating(angles, odd: k % 2 == 0), each, (i, o) => AngleConditioner.Of(i, o, (i, o) => new Mlp(i, o, widths, contextShape, activation))));
        bool passesSome = layers == 1 && angles > 1;                          // which the base then meets as they came; last, so that the keys of the layers' states stay
        return new Flow(new Chain([.. stack, .. passesSome ? [new WrapAngles(angles)] : Array.Empty<Transform>()]), Uniform.Angles(angles));
    }

    /// <summary>Autoregressive layers, each in the reverse order of the one before: every layer maps all D angles, each with parameters that a MADE reads from those before it (section 2.2).</summary>
    /// <param name="angles">D >= 1.</param>
    /// <param name="layers">Layers, >= 1.</param>
    /// <param name="bins">Bins of the default map, 2 to 500; not used where <paramref name="map"/> is given.</param>
    /// <param name="hidden">Hidden widths of each MADE; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the MADEs.</param>
    /// <param name="map">The map of an angle; by default a <see cref="CircularRationalQuadraticMap"/> that rotates. Another one should rotate, too: the angle 0 is a fixed point of what does not.</param>
    /// <param name="inverse">Whether the layers are read backwards, as in an <see cref="Iaf"/>: a draw with its log-prob then takes one pass of each, which variational inference needs, and the
    /// log-prob of another point D steps. By default it is the log-prob that takes one pass.</param>
    public static Flow Autoregressive(
        long angles, int layers = 2, int bins = 8, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, Activation activation = Activation.ReLU, CircleMap? map = null,
        bool inverse = false)
    {
        Guard.Size(angles, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);

        var each = map ?? new CircularRationalQuadraticMap(bins, Rotates: true);
        IReadOnlyList<long> widths = hidden ?? [64, 64];
        var stack = Enumerable.Range(0, layers).Select(k => new MaskedAutoregressive(each, AngleNetwork.Of(angles, each.ParameterCount, (positions, parameters, size) =>
            new Made(positions, parameters, widths, contextShape, k % 2 == 0 ? Orders.Natural(angles) : Orders.Reverse(angles), activation: activation, positionSize: size))));
        return new Flow(new Chain(inverse ? stack.Reverse().Select(layer => layer.Inverted) : stack), Uniform.Angles(angles));
    }
}
