using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>Where the events of a density live: how one integrates there, what one measures draws by, and which directions lead from a point to its neighbors.</summary>
/// <remarks>
/// A space serves events of every shape it makes sense for. Densities are with respect to its own volume: length and area in R^D and on tori, surface on spheres, counts for whole numbers.
/// </remarks>
/// <example><code>
/// using FlowKit.Laws;
/// var surface = Space.Sphere.Rule(3, resolution: 32);                     // S², points of three coordinates
/// Console.WriteLine(surface.Integrate(x => x.select(1, 2).square()).ToString("F6"));   // => 4.188790
/// </code></example>
public abstract class Space
{
    /// <summary>Angles in [0, 2 pi), any number of them.</summary>
    public static Space Torus { get; } = new TorusSpace();

    /// <summary>The unit sphere S^D: points of D + 1 coordinates. There is a rule for D = 1, the circle in the plane, to 4.</summary>
    public static Space Sphere { get; } = new SphereSpace();

    /// <summary>Whether densities are probabilities of single events.</summary>
    public virtual bool IsDiscrete => false;

    /// <summary>R^D, looked at inside [low, high]^D, which holds all but a negligible part of the mass.</summary>
    public static Space Real(double low, double high) => new RealSpace(low, high, isAll: true);

    /// <summary>The box [low, high]^D, outside of which there is nothing.</summary>
    public static Space Box(double low, double high) => new RealSpace(low, high, isAll: false);

    /// <summary>Whole numbers from low to high in every element.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">The largest.</param>
    /// <param name="isAll">Whether the support ends there; if not, what lies beyond has next to no mass.</param>
    public static Space WholeNumbers(long low, long high, bool isAll = true) => new WholeNumberSpace(low, high, isAll);

    /// <summary>Vectors whose first elements live in one space, the next in another.</summary>
    /// <param name="parts">The spaces, each with the number of elements that live in it.</param>
    public static Space Product(params IReadOnlyList<(Space Space, long Size)> parts) => new ProductSpace(parts);

    /// <summary>Points (N, D) and weights for integrals over events of that shape.</summary>
    /// <param name="shape">Of one event; its elements are the D coordinates, in order.</param>
    /// <param name="resolution">Points along each dimension, where the space does not count them itself.</param>
    public abstract QuadratureRule Rule(Shape shape, int resolution);

    /// <summary>What draws are judged by: functions of flat events, (B, D) to (B), whose integrals the rule finds.</summary>
    /// <param name="dimensions">D.</param>
    /// <param name="likely">The likeliest points of the rule, (N, D), for a space whose events can be counted one by one.</param>
    public abstract IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely);

    /// <summary>Points of R^D that are not in the space, (N, D); none for all of R^D.</summary>
    public virtual Tensor Elsewhere(long dimensions) => zeros([0, dimensions], dtype: float64, device: CPU);

    /// <summary>Extreme events of the space made of ordinary ones: x times the scale, moved back into the space where that leaves it.</summary>
    /// <param name="x">Events, (B, ...).</param>
    /// <param name="scale">Any number.</param>
    public virtual Tensor Stretch(Tensor x, double scale) => IsDiscrete ? (x * scale).round() : x * scale;

    /// <summary>An orthonormal basis of the directions that lead from x to its neighbors, (B, d, D) for flat x (B, D).</summary>
    /// <exception cref="NotSupportedException">The space is discrete.</exception>
    public virtual Tensor Tangent(Tensor x) => eye(x.size(1), dtype: x.dtype, device: x.device).expand(x.size(0), -1, -1);

    /// <summary>ln of the factor by which a map stretches the volume at x, (B), by autograd: the Jacobian between the tangent spaces.</summary>
    /// <param name="f">A map whose rows do not depend on each other.</param>
    /// <param name="at">Events of this space, (B, ...).</param>
    /// <param name="image">The space of the map's values.</param>
    public Tensor LogVolume(Func<Tensor, Tensor> f, Tensor at, Space image)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(image);
        var x = at.detach().clone().requires_grad_();
        var z = f(x).flatten(1);
        var rows = new List<Tensor>();
        for (long i = 0; i < z.size(1); i++)
        {
            var row = autograd.grad([z.select(1, i).sum()], [x], retain_graph: true, allow_unused: true)[0];
            rows.Add((row.IsInvalid ? zeros_like(x) : row).flatten(1));
        }
        var jacobian = stack(rows, dim: 1);                                   // (B, D', D)
        return linalg.slogdet(image.Tangent(z.detach()).matmul(jacobian).matmul(Tangent(at.flatten(1)).mT)).Item2;
    }
}
