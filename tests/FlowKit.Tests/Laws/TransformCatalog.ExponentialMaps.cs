using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Along gradients on spheres; the way to the latents is found numerically.
    private static TransformCase[] ExponentialMaps =>
    [
        OnSphere("exponential map", 2, () => new ExponentialMap(new RadialPotential(2, 5))),
        OnSphere("exponential map, one bump", 2, () => new ExponentialMap(new RadialPotential(2, 1))),
        OnSphere("exponential map on the circle", 1, () => new ExponentialMap(new RadialPotential(1, 3))),
        OnSphere("exponential map on S^3", 3, () => new ExponentialMap(new RadialPotential(3, 3))),
        OnSphere("exponential map, inverted", 2, () => new ExponentialMap(new RadialPotential(2, 2)).Inverted),
        OnSphere("exponential maps in turn", 2, () => new Chain(new ExponentialMap(new RadialPotential(2, 1)), new ExponentialMap(new RadialPotential(2, 2)))),
    ];

    private static TransformCase OnSphere(string name, long dimension, Func<Transform> make)
    {
        return new(name, make, Points) { Latents = Points, DataSpace = Space.Sphere, LatentSpace = Space.Sphere, Tolerance = 1e-7 };

        Tensor Points(long rows)
        {
            var x = randn(rows, dimension + 1, dtype: float64);
            return x / x.norm(1, keepdim: true);
        }
    }
}
