using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Flows in continuous time. The inverse and the log-determinant of a differential equation are those of its solution, which 40 Runge-Kutta steps meet to 1e-7.
    private static TransformCase[] Continuous =>
    [
        new("differential equation", () => Ode(2), Normal(2)) { Tolerance = 1e-6 },
        new("differential equation, D = 1", () => Ode(1), Normal(1)) { Tolerance = 1e-6 },
        new("differential equation, context, inverted", () => Ode(3, contextShape: 2).Inverted, Normal(3)) { Tolerance = 1e-6 },
        new("differential equation of a given field", () => OdeFlow.Along(2, (z, t) => (z.sum(1, keepdim: true).sin() - z * 0.5) * (1 + t), time: 0.5, steps: 40), Normal(2)) { Tolerance = 1e-6 },
        new("leapfrog", () => new Leapfrog(2, Bowl, step: 0.1, steps: 7), Normal(4)),
        new("leapfrog, one step, D = 1", () => new Leapfrog(1, Bowl, step: -0.3, steps: 1), Normal(2)),
    ];

    private static OdeFlow Ode(long features, Shape? contextShape = null) =>
        new(features, (inputs, outputs) => new Mlp(inputs, outputs, [8], contextShape, Activation.Tanh), steps: 40);

    private static Tensor Bowl(Tensor z) => (z.square() + 1).sqrt().sum(1) + z.sum(1).cos();
}
