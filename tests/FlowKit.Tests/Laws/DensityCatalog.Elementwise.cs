using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class DensityCatalog
{
    // Flows through splines, mixtures and the transforms without parameters. A spline's density has kinks: the midpoint rule is second order there.
    private static DensityCase[] ElementwiseFlows =>
    [
        new("spline on the line", () => new Flow(new ElementwiseTransform(new RationalQuadraticMap(), [1]), new StandardNormal(1)), (-9, 9)) { Tolerance = 1e-5 },
        new("spline flow", () => SplineFlow.Create(2, layers: 2, bins: 6, tailBound: 4, hidden: [16], activation: Activation.Tanh), (-9, 9)) { Tolerance = 1e-3, Resolution = 200 },
        new("spline on the unit interval", () => new Flow(new Chain(new ElementwiseTransform(new IntervalRationalQuadraticMap(5), [1]), new Logit()), new StandardNormal(1)), (0, 1)) { Tolerance = 1e-4 },
        new("spline on a square", () => new Flow(
            new Chain(Coupling.WithMlp(Masks.Half(2, second: true), new IntervalRationalQuadraticMap(5, Low: -1, High: 1), [16], activation: Activation.Tanh), new Tanh().Inverted),
            new StandardNormal(2)), (-1, 1)) { Tolerance = 1e-3 },
        new("mixture of logistics on the line", () => new Flow(new ElementwiseTransform(new LogisticMixtureMap(4), [1]), new StandardLogistic(1)), (-60, 60)),
        new("mixture of logistics in a coupling", () => new Flow(
            Coupling.WithMlp(Masks.Half(2, second: false), new LogisticMixtureMap(3), [16], activation: Activation.Tanh), new StandardNormal(2)), (-12, 12)) { Resolution = 200 },
        new("spline on the circle", () => TorusFlow.Create(1, layers: 2, bins: 5), (0, 2 * Math.PI)) { Tolerance = 1e-5 },
        new("splines on the torus", () => TorusFlow.Create(2, layers: 2, bins: 5, hidden: [16], activation: Activation.Tanh), (0, 2 * Math.PI)) { Tolerance = 1e-3, Resolution = 200 },
        new("Moebius maps on the circle", () => TorusFlow.Create(1, layers: 2, map: new MoebiusMap(3, Rotates: true)), Space.Torus),
        new("non-compact projections on the circle", () => TorusFlow.Autoregressive(1, layers: 2, map: new NonCompactProjectionMap(2, Rotates: true)), Space.Torus),
        new("Moebius maps on the torus", () => TorusFlow.Create(2, layers: 1, map: new MoebiusMap(3, Rotates: true), hidden: [8], activation: Activation.Tanh), Space.Torus) { Resolution = 100 },
        new("splines on the torus, autoregressive", () => TorusFlow.Autoregressive(2, bins: 5, hidden: [16], activation: Activation.Tanh), Space.Torus) { Tolerance = 1e-3, Resolution = 200 },
        new("Moebius maps on the torus, inverse autoregressive", () => TorusFlow.Autoregressive(2, map: new MoebiusMap(2, Rotates: true), hidden: [8], activation: Activation.Tanh, inverse: true), Space.Torus) { Resolution = 100 },
        new("elementwise affine", () => new Flow(new ElementwiseTransform(new AffineMap(), [2]), new StandardNormal(2)), (-14, 14)),
        new("positive", () => new Flow(new Softplus().Inverted, new StandardNormal(1)), (0, 9)),
        new("inside (-1, 1)", () => new Flow(new Tanh().Inverted, new StandardNormal(1)), (-1, 1)) { Tolerance = 1e-5 },
        new("leaky", () => new Flow(new LeakyReLU(0.5), new StandardNormal(1)), (-20, 20)),
    ];
}
