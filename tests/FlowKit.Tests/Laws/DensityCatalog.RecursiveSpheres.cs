using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class DensityCatalog
{
    // Splines and ReLU have kinks, and a recursive flow has no limit at the poles: the rule is of low order there.
    private static DensityCase[] RecursiveSpheres =>
    [
        new("uniform on the circle in the plane", () => new UniformSphere(1), Space.Sphere) { Entropy = Math.Log(2 * Math.PI), Resolution = 64 },
        new("uniform on the sphere", () => new UniformSphere(2), Space.Sphere) { Entropy = Math.Log(4 * Math.PI), Resolution = 64 },
        new("uniform on S³", () => new UniformSphere(3), Space.Sphere) { Entropy = Math.Log(2 * Math.PI * Math.PI), Resolution = 16 },
        new("recursive flow on S³", () => SphereFlow.Recursive(3, bins: 6, hidden: [8], activation: Activation.Tanh), Space.Sphere) { Resolution = 40, Tolerance = 1e-3 },
        new("recursive flow on the circle in the plane", () => SphereFlow.Recursive(1), Space.Sphere) { Resolution = 4000, Tolerance = 1e-4, Shake = 0.3 },
        new("recursive flow on the sphere", () => SphereFlow.Recursive(2, bins: 6, hidden: [8], activation: Activation.Tanh), Space.Sphere) { Resolution = 200, Tolerance = 1e-4, Shake = 0.3 },
        new("recursive flow on the sphere, two layers", () => SphereFlow.Recursive(2, layers: 2, bins: 6, hidden: [8], activation: Activation.Tanh, map: new CircularRationalQuadraticMap(5, Rotates: true), inverse: true), Space.Sphere) { Resolution = 200, Tolerance = 1e-3 },
        new("axes in space", () => new AntipodalDistribution(SphereFlow.Recursive(2, bins: 6, hidden: [8], activation: Activation.Tanh)), Space.Sphere) { Resolution = 200, Tolerance = 1e-4, Shake = 0.3 },
        new("axes of a von Mises-Fisher law", () => new AntipodalDistribution(new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), 5)), Space.Sphere) { Resolution = 64 },
    ];
}
