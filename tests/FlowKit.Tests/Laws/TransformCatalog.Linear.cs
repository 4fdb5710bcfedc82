using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Matrices of features, and of channels at every position.
    private static TransformCase[] Linear =>
    [
        new("LU linear", () => new LuLinear(4), Normal(4)),
        new("LU linear, permuted", () => new LuLinear(4, order: [2, 0, 3, 1]), Normal(4)),
        new("LU linear, D = 1", () => new LuLinear(1), Normal(1)),
        new("LU linear over channels", () => new LuLinear(3), Normal(3, 2, 2)),
        new("1x1 convolution", () => new InvertibleConv1x1(3), Normal(3, 2, 3)),
        new("1x1 convolution, plain", () => new InvertibleConv1x1(3, factored: false), Normal(3, 2, 3)),
        new("1x1 convolution of vectors", () => new InvertibleConv1x1(5), Normal(5)),
        new("1x1 convolution, one channel", () => new InvertibleConv1x1(1), Normal(1, 2, 2)),
        new("1x1 convolution, plain, D = 1", () => new InvertibleConv1x1(1, factored: false), Normal(1)),
        new("1x1 convolution, plain, of vectors", () => new InvertibleConv1x1(2, factored: false), Normal(2)),
        new("1x1 convolution near the identity", () => InvertibleConv1x1.NearIdentity(3), Normal(3)),
        new("1x1 convolution near the identity, two groups", () => InvertibleConv1x1.NearIdentity(4, groups: 2), Normal(4, 2, 3)),
        new("orthogonal", () => new Orthogonal(4), Normal(4)),
        new("orthogonal, two reflections", () => new Orthogonal(5, reflections: 2), Normal(5)),
        new("orthogonal over channels", () => new Orthogonal(3), Normal(3, 2, 2)),
        new("orthogonal, fixed", () => Orthogonal.Random(4, seed: 1), Normal(4)),
        new("orthogonal, fixed, D = 1", () => Orthogonal.Random(1, seed: 1), Normal(1)),
        new("diagonal scaling", () => new DiagonalScaling(3), Normal(3)),
        new("diagonal scaling, D = 1", () => new DiagonalScaling(1), Normal(1)),
        new("diagonal scaling of channels", () => new DiagonalScaling(2), Normal(2, 3, 2)),
        new("zero-phase whitening", () => Whiten.Zca(randn(50, 3, dtype: float64) * 3 + randn(50, 1, dtype: float64)), Normal(3)),
        new("zero-phase whitening, D = 1", () => Whiten.Zca(randn(50, 1, dtype: float64) * 3), Normal(1)),
        new("principal components", () => Whiten.Pca(randn(50, 4, dtype: float64) * 2 + randn(50, 1, dtype: float64), epsilon: 0.1), Normal(4)),
        new("zero-phase whitening of rank 2", () => Whiten.Zca(randn(50, 4, dtype: float64) * 2 + randn(50, 1, dtype: float64), rank: 2), Normal(4)),
        new("principal components, rank 1", () => Whiten.Pca(randn(50, 3, dtype: float64) * 2, rank: 1), Normal(3)),
        new("orthogonal, fixed, over channels", () => Orthogonal.Random(4, seed: 2), Normal(4, 2, 2)),
    ];
}
