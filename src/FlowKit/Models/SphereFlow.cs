using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Normalizing flows on the unit sphere S^D (Rezende, Papamakarios et al. 2020, arXiv:2002.02428), over the uniform law.</summary>
/// <example><code>
/// manual_seed(0);
/// var x = new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), concentration: 10).Sample(1000);
/// var flow = SphereFlow.Recursive(dimension: 2, hidden: [16]);
/// Trainer.Fit(flow, x, options: new() { Steps = 100, LearningRate = 1e-2 });
/// using (var sphere = QuadratureRule.Sphere(resolution: 100))
///     Console.WriteLine($"{sphere.Integrate(x => flow.LogProb(x.to(float32)).exp()):F2}");  // => 1.00
/// Console.WriteLine(flow.LogProb(x).mean().ToDouble() > -1);                               // => True
/// </code></example>
public static partial class SphereFlow
{
    /// <summary>Recursive flows, for a circle map and splines of 32 bins the paper's MS: <see cref="RecursiveSphere"/> layers, with learned rotations between them if there are several.</summary>
    /// <remarks>
    /// Draws and log-densities both cost D small networks a layer. The flow starts uniform if the circle map starts at the identity.
    /// </remarks>
    /// <param name="dimension">D >= 1, of the sphere; its points have D + 1 coordinates.</param>
    /// <param name="layers">Layers, >= 1.</param>
    /// <param name="bins">Bins of the spline of each height, 2 to 500.</param>
    /// <param name="hidden">Hidden widths of each network; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the networks.</param>
    /// <param name="map">The map of an angle; by default a <see cref="MoebiusMap"/> of 12 centers that rotates, as in the paper. Another one should rotate, too: the angle 0 is a fixed point of what does not.</param>
    /// <param name="inverse">Whether the layers are read backwards: a draw with its log-prob then passes the circle map itself, which reverse KL needs, and the log-prob of another point its inverse.
    /// By default it is the other way round. It matters for maps whose inverse is found numerically, as that of several Moebius maps.</param>
    public static Flow Recursive(
        long dimension, int layers = 1, int bins = 32, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, Activation activation = Activation.ReLU, CircleMap? map = null,
        bool inverse = false)
    {
        Guard.Size(dimension, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        map ??= new MoebiusMap(Centers: 12, Rotates: true);

        var stack = new List<Transform>();
        for (int k = 0; k < layers; k++)
        {
            if (k > 0) stack.Add(new Orthogonal(dimension + 1));
            var layer = new RecursiveSphere(dimension, map, bins, hidden, contextShape, activation);
            stack.Add(inverse ? layer.Inverted : layer);
        }
        return new Flow(new Chain(stack), new UniformSphere(dimension));
    }
}
