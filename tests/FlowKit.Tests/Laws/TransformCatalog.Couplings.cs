using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Couplings with every kind of mask and conditioner.
    private static TransformCase[] Couplings =>
    [
        new("coupling, affine", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8, 8]), Normal(4)),
        new("coupling, affine, D = 2", () => Coupling.WithMlp(Masks.Alternating(2, odd: false), new AffineMap(), [8]), Normal(2)),
        new("coupling, affine, small bound", () => Coupling.WithMlp(Masks.Half(5, second: true), new AffineMap(MaxLogScale: 0.1), [8]), Normal(5)),
        new("coupling, affine, context", () => Coupling.WithMlp(Masks.Half(5, second: false), new AffineMap(), [8], contextShape: 3), Normal(5)),
        new("coupling, affine, SiLU", () => Coupling.WithMlp(Masks.Alternating(3, odd: true), new AffineMap(), [8], activation: Activation.SiLU), Normal(3)),
        new("coupling, affine, residual", () => new Coupling(Masks.Alternating(4, odd: false), new AffineMap(), (i, o) => new ResidualMlp(i, o, width: 8)), Normal(4)),
        new("coupling, affine, residual, context", () => new Coupling(Masks.Alternating(4, odd: true), new AffineMap(), (i, o) => new ResidualMlp(i, o, width: 8, contextShape: 2, activation: Activation.Tanh)), Normal(4)),
        new("coupling, affine, arctangent", () => Coupling.WithMlp(Masks.Half(5, second: true), new AffineMap(1.9, ScaleBound.Arctangent), [8], contextShape: 2), Normal(5)),
        new("coupling, affine, arctangent, SiLU", () => Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(0.5, ScaleBound.Arctangent), [8], activation: Activation.SiLU), Normal(4)),
        new("conditional INN", () => ConditionalInn.Create(4, 2, blocks: 2, hidden: [8]).Transform, Normal(4)),
        new("conditional INN of images", () => ConditionalInn.ForImages([1, 4, 4], [1, 4, 4], levels: 2, blocks: 1, width: 4).Transform, Normal(1, 4, 4)),
        new("INN", () => new Inn(5, 2, blocks: 2, hidden: [8]).Transform, Normal(5)),
        new("coupling, additive", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AdditiveMap(), [8, 8]), Normal(4)),
        new("coupling, additive, linear conditioner", () => Coupling.WithMlp(Masks.Half(4, second: true), new AdditiveMap(), []), Normal(4)),
        new("couplings, context", () => RealNvp.Create(3, layers: 3, hidden: [8], contextShape: 2).Transform, Normal(3)),
        new("couplings, additive, shared", () => Twice(Coupling.WithMlp(Masks.Half(4, second: true), new AdditiveMap(), [8])), Normal(4)),
        new("couplings, shared, context", () => Twice(Coupling.WithMlp(Masks.Half(3, second: true), new AffineMap(), [8], contextShape: 2)), Normal(3)),
        new("coupling, irregular mask", () => Coupling.WithMlp([true, false, false, true, false], new AffineMap(), [8]), Normal(5)),
    ];

    // The same layer before and after a reversal: its parameters are used twice.
    private static Chain Twice(Coupling layer) => new(layer, Permutation.Reverse(layer.DataShape[0]), layer);
}
