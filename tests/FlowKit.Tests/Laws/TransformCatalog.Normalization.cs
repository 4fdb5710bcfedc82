using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Layers that shift and scale each feature or channel, after they have seen data.
    private static TransformCase[] Normalization =>
    [
        new("ActNorm", () => Trained(new ActNorm(3), 3), Normal(3)),
        new("ActNorm, D = 1", () => Trained(new ActNorm(1), 1), Normal(1)),
        new("ActNorm of channels", () => Trained(new ActNorm(2), 2, 3, 2), Normal(2, 3, 2)),
        new("ActNorm of elements", () => Trained(ActNorm.PerElement(2, 3, 2), 2, 3, 2), Normal(2, 3, 2)),
        new("ActNorm, before its first batch", () => new ActNorm(3), Normal(3)),
        new("batch normalization", () => Trained(new BatchNormTransform(3), 3), Normal(3)),
        new("batch normalization, D = 1", () => Trained(new BatchNormTransform(1, momentum: 1), 1), Normal(1)),
        new("batch normalization of channels", () => Trained(new BatchNormTransform(2, momentum: 0.5, epsilon: 1e-3), 2, 3, 2), Normal(2, 3, 2)),
        new("batch normalization by moving averages", () => Trained(new BatchNormTransform(3, movingAverages: true), 3), Normal(3)),
        new("standardization", () => Standardize.Fit(randn(20, 3) * 3 - 5), Normal(3)),
        new("standardization, D = 1", () => Standardize.Fit(randn(20, 1) * 3 - 5), Normal(1)),
        new("standardization of channels", () => Standardize.Fit(randn(20, 2, 2, 2) * 0.1 + 1), Normal(2, 2, 2)),
    ];

    private static Transform Trained(Transform layer, params long[] shape)
    {
        layer.Forward(randn([30, .. shape]) * 3 + 2);
        return layer;
    }
}
