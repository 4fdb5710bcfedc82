using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // x plus something small: planar, radial and Sylvester layers.
    private static TransformCase[] Residual =>
    [
        new("planar", () => new Planar(3), Normal(3)),
        new("planar, D = 1", () => new Planar(1), Normal(1)),
        new("planar, context", () => new Planar(3, contextShape: 2), Normal(3)),
        new("planar, context through a network", () => new Planar(2, contextShape: 3, hidden: [8]), Normal(2)),
        new("planar, inverted", () => new Planar(2, contextShape: 2).Inverted, Normal(2)),
        new("planar, four in turn", () => new Chain(Enumerable.Range(0, 4).Select(_ => new Planar(2))), Normal(2)),
        new("radial", () => new Radial(3), Normal(3)),
        new("radial, D = 1", () => new Radial(1), Normal(1)),
        new("radial, context", () => new Radial(3, contextShape: 2), Normal(3)),
        new("radial, context through a network, inverted", () => new Radial(2, contextShape: 3, hidden: [8]).Inverted, Normal(2)),
        new("Sylvester", () => new Sylvester(4, columns: 2), Normal(4)),
        new("Sylvester, one column", () => new Sylvester(3, columns: 1), Normal(3)),
        new("Sylvester, full, inverted", () => new Sylvester(3, columns: 3).Inverted, Normal(3)),
        new("Sylvester, context", () => new Sylvester(3, columns: 2, contextShape: 2, hidden: [8]), Normal(3)),
    ];
}
