using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Spheres in cylindrical coordinates; the laws bring the points near the poles.
    private static TransformCase[] RecursiveSpheres =>
    [
        Recursive("D = 1", 1, () => Cylinders(1)),
        Recursive("D = 2", 2, () => Cylinders(2)),
        Recursive("D = 3", 3, () => Cylinders(3)),
        Recursive("D = 4, inverted", 4, () => Cylinders(4).Inverted),
        Recursive("D = 1, context", 1, () => Cylinders(1, contextShape: 2)),
        Recursive("D = 3, context", 3, () => Cylinders(3, contextShape: 2)),
        Recursive("D = 2, Moebius maps", 2, () => new RecursiveSphere(2, new MoebiusMap(3, Rotates: true), bins: 6, hidden: [8], activation: Activation.Tanh)),
        Recursive("D = 2, three layers and rotations", 2, () => SphereFlow.Recursive(2, layers: 3, bins: 5, hidden: [8], activation: Activation.Tanh).Transform),
    ];

    private static RecursiveSphere Cylinders(long dimension, Shape? contextShape = null) =>
        new(dimension, new CircularRationalQuadraticMap(5, Rotates: true), bins: 6, hidden: [8], contextShape, Activation.Tanh);

    private static TransformCase Recursive(string name, long dimension, Func<Transform> make)
    {
        Func<long, Tensor> points = rows => nn.functional.normalize(randn([rows, dimension + 1], dtype: float64));
        return new($"recursive sphere, {name}", make, points) { Latents = points, DataSpace = Space.Sphere, LatentSpace = Space.Sphere, Tolerance = 1e-7 };
    }
}
