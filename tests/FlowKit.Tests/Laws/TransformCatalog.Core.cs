using FlowKit.Laws;
using FlowKit.Measures;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Permutations, chains, inverses and preprocessing.
    private static TransformCase[] Core =>
    [
        new("permutation", () => new Permutation(2, 0, 3, 1), Normal(4)),
        new("permutation, reverse", () => Permutation.Reverse(3), Normal(3)),
        new("permutation, random", () => Permutation.Random(6, seed: 3), Normal(6)),
        new("permutation, D = 1", () => new Permutation(0), Normal(1)),
        new("permutation of channels", () => new Permutation(1, 2, 0), Normal(3, 2, 2)),
        new("chain", () => new Chain(
            Coupling.WithMlp(Masks.Alternating(3, odd: true), new AffineMap(), [8]), Permutation.Reverse(3),
            Coupling.WithMlp(Masks.Alternating(3, odd: false), new AffineMap(), [8])), Normal(3)),
        new("chain, context in one layer", () => new Chain(
            Permutation.Reverse(3), Coupling.WithMlp(Masks.Alternating(3, odd: false), new AffineMap(), [8], contextShape: 2)), Normal(3)),
        new("chain of one", () => new Chain(Permutation.Reverse(2)), Normal(2)),
        new("inverted coupling", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8], contextShape: 2).Inverted, Normal(4)),
        new("inverted chain", () => new Chain(Permutation.Random(4, seed: 1), Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [8])).Inverted, Normal(4)),
        new("logit", () => new Logit(0.05), Uniform(3)),
        new("logit, no margin", () => new Logit(), Uniform(3)),
        new("logit, D = 1", () => new Logit(0.05), Uniform(1)),
        new("logit, no margin at the top", () => new Logit(0.05, symmetric: false), Uniform(3)),
        new("logit of an image", () => new Logit(0.01), Uniform(1, 3, 3)),
        new("inverted logit", () => new Logit(0.05).Inverted, Normal(3)) { Latents = Uniform(3) },
        new("smooth map", () => new SmoothMap(
            x => stack([2 * x.select(1, 0), x.select(1, 1) / 3 + x.select(1, 0).sin()], dim: 1),
            z => stack([z.select(1, 0) / 2, 3 * (z.select(1, 1) - (z.select(1, 0) / 2).sin())], dim: 1)), Normal(2)),
        new("Rosenblatt's transform of a vine", () => VineCopulaTests.MixedVine(VineStructureTests.General).Rosenblatt, Uniform(5)) { Latents = Uniform(5), Tolerance = 1e-7 },
        Dequantizing("dequantization", () => new UniformDequantization(17), 17, 6) with { Latents = Uniform(6) },
        Dequantizing("dequantization, D = 1", () => new UniformDequantization(5), 5, 1) with { Latents = Uniform(1) },
        Dequantizing("dequantization of an image", () => new UniformDequantization(256), 256, 1, 4, 4) with { Latents = Uniform(1, 4, 4) },
        Dequantizing("dequantization, logit, couplings", () => new Chain(
            new UniformDequantization(17), new Logit(0.02), Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8])), 17, 4),
    ];
}
