using FlowKit.Conditioners;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

/// <summary>Every transform there is. A new one is one line here, and all laws hold for it.</summary>
public static class TransformCatalogue
{
    private static readonly TransformCase[] Cases =
    [
        new("permutation", () => new Permutation(2, 0, 3, 1), Normal(4)),
        new("permutation, reverse", () => Permutation.Reverse(3), Normal(3)),
        new("permutation, random", () => Permutation.Random(6, seed: 3), Normal(6)),
        new("permutation, D = 1", () => new Permutation(0), Normal(1)),
        new("permutation of channels", () => new Permutation(1, 2, 0), Normal(3, 2, 2)),
        new("coupling, affine", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8, 8]), Normal(4)),
        new("coupling, affine, D = 2", () => Coupling.WithMlp(Masks.Alternating(2, odd: false), new AffineMap(), [8]), Normal(2)),
        new("coupling, affine, small bound", () => Coupling.WithMlp(Masks.Half(5, second: true), new AffineMap(MaxLogScale: 0.1), [8]), Normal(5)),
        new("coupling, affine, context", () => Coupling.WithMlp(Masks.Half(5, second: false), new AffineMap(), [8], contextFeatures: 3), Normal(5)),
        new("coupling, affine, SiLU", () => Coupling.WithMlp(Masks.Alternating(3, odd: true), new AffineMap(), [8], activation: Activation.SiLU), Normal(3)),
        new("coupling, affine, residual", () => new Coupling(Masks.Alternating(4, odd: false), new AffineMap(), (i, o) => new ResidualMlp(i, o, width: 8)), Normal(4)),
        new("coupling, affine, residual, context", () => new Coupling(Masks.Alternating(4, odd: true), new AffineMap(), (i, o) => new ResidualMlp(i, o, width: 8, contextFeatures: 2, activation: Activation.Tanh)), Normal(4)),
        new("coupling, additive", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AdditiveMap(), [8, 8]), Normal(4)),
        new("coupling, additive, linear conditioner", () => Coupling.WithMlp(Masks.Half(4, second: true), new AdditiveMap(), []), Normal(4)),
        new("coupling, irregular mask", () => Coupling.WithMlp([true, false, false, true, false], new AffineMap(), [8]), Normal(5)),
        new("chain", () => new Chain(
            Coupling.WithMlp(Masks.Alternating(3, odd: true), new AffineMap(), [8]), Permutation.Reverse(3),
            Coupling.WithMlp(Masks.Alternating(3, odd: false), new AffineMap(), [8])), Normal(3)),
        new("chain, context in one layer", () => new Chain(
            Permutation.Reverse(3), Coupling.WithMlp(Masks.Alternating(3, odd: false), new AffineMap(), [8], contextFeatures: 2)), Normal(3)),
        new("chain of one", () => new Chain(Permutation.Reverse(2)), Normal(2)),
        new("inverted coupling", () => Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8], contextFeatures: 2).Inverted, Normal(4)),
        new("inverted chain", () => new Chain(Permutation.Random(4, seed: 1), Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [8])).Inverted, Normal(4)),
        new("logit", () => new Logit(0.05), Uniform(3)),
        new("logit, no margin", () => new Logit(), Uniform(3)),
        new("logit of an image", () => new Logit(0.01), Uniform(1, 3, 3)),
        new("inverted logit", () => new Logit(0.05).Inverted, Normal(3)) { Latents = Uniform(3) },
        new("dequantization", () => new UniformDequantization(17), Integers(17, 6)) { Latents = Uniform(6) },
        new("dequantization of an image", () => new UniformDequantization(256), Integers(256, 1, 4, 4)) { Latents = Uniform(1, 4, 4) },
        new("dequantization, logit, couplings", () => new Chain(
            new UniformDequantization(17), new Logit(0.02), Coupling.WithMlp(Masks.Alternating(4, odd: true), new AffineMap(), [8])), Integers(17, 4)),
    ];

    private static readonly Dictionary<string, TransformCase> ByName = Cases.ToDictionary(one => one.Name);

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    /// <summary>The names of bijections: the laws of Jacobians are theirs.</summary>
    public static TheoryData<string> Bijections => [.. Cases.Where(one => one.Make().IsExact).Select(one => one.Name)];

    /// <summary>The names of conditional transforms.</summary>
    public static TheoryData<string> Conditional => [.. Cases.Where(one => one.Make().ContextFeatures > 0).Select(one => one.Name)];

    /// <summary>The case of that name.</summary>
    public static TransformCase Get(string name) => ByName[name];

    private static Func<long, Tensor> Normal(params long[] shape) => rows => randn([rows, .. shape], dtype: float64);

    private static Func<long, Tensor> Uniform(params long[] shape) => rows => rand([rows, .. shape], dtype: float64) * 0.98 + 0.01;

    private static Func<long, Tensor> Integers(int levels, params long[] shape) => rows => randint(0, levels, [rows, .. shape], dtype: float64);
}
