using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;

namespace FlowKit.Tests.Laws;

public static partial class DensityCatalog
{
    // Laws on spheres of several dimensions, and exponential-map flows.
    private static DensityCase[] ExponentialSpheres =>
    [
        .. from dimension in (int[])[1, 3] from kappa in (double[])[0, 0.3, 8] select new DensityCase($"S^{dimension}: von Mises-Fisher, kappa = {kappa}", () => Fisher(dimension, kappa), Space.Sphere)
        {
            Entropy = Fisher(dimension, kappa).Entropy,
            Resolution = dimension == 1 ? 200 : 20,
        },
        new("sphere: mixture of von Mises-Fisher laws", () => new Mixture([0.3, 0.7], Fisher(2, 5), new VonMisesFisher(tensor(new[] { -1.0, 1, 1 }), 20)), Space.Sphere) { Resolution = 40 },
        new("sphere: exponential maps", () => SphereFlow.Exponential(2, layers: 3, components: 4), Space.Sphere) { Resolution = 32 },
        new("S^3: exponential maps", () => SphereFlow.Exponential(3, layers: 1, components: 2), Space.Sphere) { Resolution = 12, Tolerance = 1e-5 },
    ];

    private static VonMisesFisher Fisher(int dimension, double kappa) => new(arange(1, dimension + 2, dtype: float64).sin(), kappa);
}
