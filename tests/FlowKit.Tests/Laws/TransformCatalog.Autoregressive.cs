using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Masked autoregressive transforms and their inverses.
    private static TransformCase[] Autoregressive =>
    [
        new("MAF, affine", () => Masked(new AffineMap(), 5, [16, 16]), Normal(5)),
        new("MAF, additive", () => Masked(new AdditiveMap(), 4, [16]), Normal(4)),
        new("MAF, spline", () => Masked(new RationalQuadraticMap(5), 4, [12, 12]), Normal(4)) { Tolerance = 1e-7 },
        new("MAF, spline, D = 1, context", () => Masked(new RationalQuadraticMap(4, TailBound: 2), 1, [8], context: 2), Normal(1)) { Tolerance = 1e-7 },
        new("MAF, circular spline", () => Masked(new CircularRationalQuadraticMap(4, Rotates: true), 3, [12]), Within(2.5, 5)([3])) { Latents = Within(2.5, 5)([3]), Tolerance = 1e-7 },
        OnTorus("MAF, angles, circular spline", () => Torus(new CircularRationalQuadraticMap(4, Rotates: true), 3), 3),
        OnTorus("MAF, angles, Moebius maps, context, reverse order", () => Torus(new MoebiusMap(2, Rotates: true), 3, context: 2, order: Orders.Reverse(3)), 3),
        OnTorus("MAF, angles, phase shift, context, D = 1", () => Torus(new PhaseShift(), 1, context: 2), 1),
        OnTorus("IAF, angles, non-compact projections", () => Torus(new NonCompactProjectionMap(2, Rotates: true), 2).Inverted, 2),
        new("MAF, logistic mixture, context", () => Masked(new LogisticMixtureMap(3), 3, [12], context: 2), Normal(3)) { Tolerance = 1e-7 },
        new("IAF, spline", () => Masked(new RationalQuadraticMap(4), 3, [12]).Inverted, Normal(3)) { Tolerance = 1e-7 },
        new("MAF, D = 1", () => Masked(new AffineMap(), 1, [8]), Normal(1)),
        new("MAF, D = 1, context", () => Masked(new AffineMap(), 1, [8, 8], context: 2), Normal(1)),
        new("MAF, D = 2", () => Masked(new AffineMap(), 2, [8, 8]), Normal(2)),
        new("MAF, D = 2, context", () => Masked(new AffineMap(), 2, [8], context: 3), Normal(2)),
        new("MAF, context", () => Masked(new AffineMap(), 5, [12, 12], context: 2), Normal(5)),
        new("MAF, reverse order", () => Masked(new AffineMap(), 5, [16], order: Orders.Reverse(5)), Normal(5)),
        new("MAF, random order", () => Masked(new AffineMap(), 6, [16, 16], order: Orders.Random(6, seed: 4)), Normal(6)),
        new("MAF, random order and degrees, context", () => Masked(new AffineMap(), 5, [16, 12], context: 2, order: Orders.Random(5, seed: 2), degreeSeed: 3), Normal(5)),
        new("MAF, direct connections", () => Masked(new AffineMap(), 4, [12], direct: true), Normal(4)),
        new("MAF, direct connections, context, random", () => Masked(new AffineMap(), 5, [12, 12], context: 2, order: Orders.Random(5, seed: 1), degreeSeed: 1, direct: true), Normal(5)),
        new("MAF, linear", () => Masked(new AffineMap(), 3, []), Normal(3)),
        new("MAF, linear, additive, context", () => Masked(new AdditiveMap(), 3, [], context: 1), Normal(3)),
        new("MAF, fewer units than features", () => Masked(new AffineMap(), 9, [4, 3]), Normal(9)),
        new("MAF, several blocks of units", () => Masked(new AffineMap(), 12, [200, 150], activation: Activation.Tanh), Normal(12)),
        new("MAF, staircase products", () => Masked(new AffineMap(MaxLogScale: 0.5), 6, [256, 256], activation: Activation.Tanh), Normal(6)),
        new("MAF, SiLU", () => Masked(new AffineMap(), 4, [12], activation: Activation.SiLU), Normal(4)),
        new("IAF", () => Masked(new AffineMap(), 5, [16, 16]).Inverted, Normal(5)),
        new("IAF, context, random order", () => Masked(new AffineMap(), 4, [12], context: 2, order: Orders.Random(4, seed: 5), degreeSeed: 5).Inverted, Normal(4)),
        new("IAF, gated", () => Masked(new GatedAffineMap(), 4, [12], context: 2).Inverted, Normal(4)),
        new("IAF of two steps", () => Iaf.Create(3, steps: 2, hidden: [8], contextShape: 2).Transform, Normal(3)),
        new("masked convolutions", () => new MaskedAutoregressive(new AffineMap(), new MaskedConvNet([2, 3, 3], 2, width: 5)), Normal(18)),
        new("masked convolutions, reversed, context map", () => new MaskedAutoregressive(new GatedAffineMap(), new MaskedConvNet([2, 2, 3], 2, width: 4, reverse: true, contextShape: [3, 2, 3])), Normal(12)),
        new("masked convolutions, context vector", () => new MaskedAutoregressive(new AffineMap(), new MaskedConvNet([3, 2, 2], 2, width: 3, blocks: 0, contextShape: 2)).Inverted, Normal(12)),
        new("MAF over NADE", () => new MaskedAutoregressive(new AffineMap(), new Nade(5, 2, 12)), Normal(5)),
        new("MAF over NADE, 35 features in chunks", () => new MaskedAutoregressive(new AffineMap(), new Nade(35, 2, 6, order: Orders.Random(35, seed: 2))), Normal(35)),
        new("MAF over NADE, context, random order", () => new MaskedAutoregressive(new AffineMap(), new Nade(4, 2, 12, contextShape: 2, order: Orders.Random(4, seed: 3), rescales: false)), Normal(4)),
        new("MAF over NADE, D = 1", () => new MaskedAutoregressive(new AffineMap(), new Nade(1, 2, 6)), Normal(1)),
        new("IAF over NADE, spline", () => new MaskedAutoregressive(new RationalQuadraticMap(4), new Nade(3, new RationalQuadraticMap(4).ParameterCount, 8, activation: Activation.Tanh)).Inverted, Normal(3)) { Tolerance = 1e-7 },
        new("MAF with batch normalization", () => Maf.Create(4, layers: 2, hidden: [12], batchNorm: true).Transform, Normal(4)),
        new("MAF in one order", () => Maf.Create(4, layers: 2, hidden: [12], order: _ => Orders.Natural(4)).Transform, Normal(4)),
        new("MAF of three layers", () => Maf.Create(4, layers: 3, hidden: [12], contextShape: 2).Transform, Normal(4)),
    ];

    private static TransformCase OnTorus(string name, Func<Transform> make, long angles) => new(name, make, Within(2.5, 5)([angles])) { Latents = Within(2.5, 5)([angles]), Tolerance = 1e-7 };

    private static MaskedAutoregressive Torus(CircleMap map, int angles, Shape? context = null, IReadOnlyList<int>? order = null) =>
        new(map, AngleNetwork.Of(angles, map.ParameterCount, (d, p, size) => new Made(d, p, [12], context, order, activation: Activation.Tanh, positionSize: size)));

    private static MaskedAutoregressive Masked(
        ElementwiseMap map, int features, long[] hidden, Shape? context = null, IReadOnlyList<int>? order = null, int? degreeSeed = null, bool direct = false, Activation activation = Activation.ReLU) =>
        new(map, new Made(features, map.ParameterCount, hidden, context, order, degreeSeed, direct, activation: activation));
}
