using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

public static partial class SphereFlow
{
    /// <summary>Exponential-map flows of radial potentials, the paper's EMSRE: N_T layers of K bumps each.</summary>
    /// <remarks>
    /// Draws and their log-densities are in closed form, as reverse KL wants them; the log-density of given points is found by Newton's method, to rounding. The paper's EMP is
    /// <c>new Flow(new ExponentialMap(new PolynomialPotential(dimension)), new UniformSphere(dimension))</c>.
    /// </remarks>
    /// <param name="dimension">D >= 1, of the sphere; its points have D + 1 coordinates.</param>
    /// <param name="layers">N_T >= 1.</param>
    /// <param name="components">K >= 1: bumps of each layer.</param>
    public static Flow Exponential(long dimension, int layers = 6, int components = 5)
    {
        Guard.Size(dimension, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        return new Flow(new Chain(Enumerable.Range(0, layers).Select(_ => new ExponentialMap(new RadialPotential(dimension, components)))), new UniformSphere(dimension));
    }
}
