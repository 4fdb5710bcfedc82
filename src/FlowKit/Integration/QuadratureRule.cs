using System.Runtime.CompilerServices;
using MathNet.Numerics.Integration;

namespace FlowKit.Integration;

/// <summary>Points and weights whose weighted sum of values is an integral: over a box, a circle, a torus or a sphere.</summary>
/// <remarks>It holds its points until it is disposed. On smooth functions the equispaced rule of a circle and a torus, and the spheres', converge faster than any power of their number of points.</remarks>
/// <example><code>
/// using (var circle = QuadratureRule.Circle())
///     Console.WriteLine($"{circle.LogNormalizer(x => 2 * x.select(1, 0).cos()):F6}");  // => 2.661871
/// using (var sphere = QuadratureRule.Sphere())
///     Console.WriteLine($"{sphere.Integrate(x => x.select(1, 2).square()):F6}, {4 * Math.PI / 3:F6}");  // => 4.188790, 4.188790
/// </code></example>
public sealed class QuadratureRule : IDisposable
{
    private const int Batch = 16384;
    private const double MostPoints = 1e8;    // of a sphere

    private readonly Tensor points;           // (N, Dimensions), float64
    private readonly Tensor weights;          // (N)

    private QuadratureRule(Tensor points, Tensor weights) =>
        (this.points, this.weights) = (points.DetachFromDisposeScope(), weights.DetachFromDisposeScope());

    /// <summary>Coordinates of a point: 1 on the line and the circle, 2 in the plane and on the torus, D + 1 on the sphere S^D.</summary>
    public int Dimensions => (int)points.size(1);

    /// <summary>How many points, N.</summary>
    public int Count => (int)weights.size(0);

    /// <summary>The midpoint rule on an interval, points (N, 1).</summary>
    /// <exception cref="ArgumentException">The interval is empty or not finite.</exception>
    public static QuadratureRule Interval((double Low, double High) x, int resolution = 400) => Product(Cells(x, resolution));

    /// <summary>The Gauss-Legendre rule on an interval, points (N, 1): exact for polynomials up to degree 2N - 1. Of a box by <see cref="Times"/>.</summary>
    /// <param name="x">The interval.</param>
    /// <param name="nodes">N, 1 to 1024, none of them at an end.</param>
    /// <exception cref="ArgumentException">The interval is empty or not finite.</exception>
    public static QuadratureRule Gauss((double Low, double High) x, int nodes = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, 1024);
        Quadrature.Check(x, nameof(x));
        using var scope = NewDisposeScope();
        var rule = new GaussLegendreRule(x.Low, x.High, nodes);
        return new(Column(rule.Abscissas).unsqueeze(1), Column(rule.Weights));
    }

    /// <summary>The midpoint rule on a rectangle, points (N, 2), row by row: the first coordinate runs fastest.</summary>
    /// <exception cref="ArgumentException">An interval is empty or not finite.</exception>
    public static QuadratureRule Rectangle((double Low, double High) x, (double Low, double High) y, int resolution = 400) =>
        Product(Cells(x, resolution), Cells(y, resolution));

    /// <summary>Equally spaced angles in [0, 2 pi), points (N, 1).</summary>
    public static QuadratureRule Circle(int resolution = 200) => Product(Angles(resolution));

    /// <summary>Pairs of equally spaced angles in [0, 2 pi)², points (N, 2).</summary>
    public static QuadratureRule Torus(int resolution = 200) => Product(Angles(resolution), Angles(resolution));

    /// <summary>The unit sphere S^D by its surface, points (N, D + 1) of unit length: a Gauss rule in each of D - 1 heights times equally spaced angles. S² has the surface 4 pi, S³ 2 pi².</summary>
    /// <remarks>x = (sqrt(1 - h²) z, h) with z on S^(D-1) and the surface element (1 - h²)^(D/2 - 1) dh dz, a weight that the rule of h takes in: Gauss-Legendre for D = 2, Gauss-Gegenbauer above
    /// (its points are eigenvalues: Golub, Welsch 1969, Mathematics of Computation 23, 221-230).</remarks>
    /// <param name="resolution">n heights and 2n angles, >= 1: exact for polynomials up to degree 2n - 1.</param>
    /// <param name="dimension">D >= 1: there are 2 n^D points.</param>
    /// <exception cref="ArgumentException">There would be more than 1e8 points.</exception>
    public static QuadratureRule Sphere(int resolution = 64, int dimension = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (2 * Math.Pow(resolution, dimension) is var count and > MostPoints)
        {
            double possible = Math.Floor(Math.Pow(MostPoints / 2, 1.0 / dimension) + 1e-9);
            throw new ArgumentException(FormattableString.Invariant(
                $"The resolution {resolution} in dimension {dimension} makes 2 * {resolution}^{dimension} = {count:G3} points; at most {MostPoints:G1} are possible, a resolution of up to {possible} there."), nameof(resolution));
        }
        using var scope = NewDisposeScope();
        var (angles, step) = Angles(2 * resolution);
        var angle = Column(angles);
        var (points, weights) = (stack([angle.cos(), angle.sin()], dim: 1), full_like(angle, step));
        for (int d = 2; d <= dimension; d++)
        {
            var (heights, masses) = Heights(d, resolution);
            var radius = ((1 - heights) * (1 + heights)).sqrt().repeat_interleave(points.size(0)).unsqueeze(1);
            points = cat([radius * points.repeat(resolution, 1), heights.repeat_interleave(points.size(0)).unsqueeze(1)], dim: 1);
            weights = masses.repeat_interleave(weights.size(0)) * weights.repeat(resolution);
        }
        return new(points, weights);
    }

    /// <summary>A rule of one's own.</summary>
    /// <param name="points">(N, Dimensions), float64; they are copied.</param>
    /// <param name="weights">(N), float64; they are copied.</param>
    /// <exception cref="ArgumentException">The two do not hold one weight for each point.</exception>
    public static QuadratureRule Of(Tensor points, Tensor weights)
    {
        Guard.Number(points);
        Guard.Number(weights);
        if (points.Dimensions != 2 || weights.Dimensions != 1 || points.size(0) != weights.size(0))
            throw new ArgumentException($"points has shape {Guard.Describe(points)} and weights {Guard.Describe(weights)}; expected (N, Dimensions) and (N).", nameof(weights));
        return new(points.detach().to(float64).cpu().clone(), weights.detach().to(float64).cpu().clone());
    }

    /// <summary>The rule of the product of two spaces: every point of this one beside every point of the other, (N M, Dimensions + its Dimensions). This one's points run fastest.</summary>
    public QuadratureRule Times(QuadratureRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        return new(
            cat([points.repeat(other.Count, 1), other.points.repeat_interleave(Count, dim: 0)], dim: 1),
            weights.repeat(other.Count) * other.weights.repeat_interleave(Count, dim: 0));
    }

    /// <summary>The same weights at other points.</summary>
    /// <param name="map">(N, Dimensions) to (N, ...): where each point goes. Its volume is not accounted for.</param>
    public QuadratureRule Map(Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var scope = NewDisposeScope();
        return Of(map(points.clone()), weights);
    }

    /// <summary>The points, (N, Dimensions), float64. They belong to the caller's dispose scope.</summary>
    public Tensor Points() => points.clone();

    /// <summary>The weights, (N), float64. They belong to the caller's dispose scope.</summary>
    public Tensor Weights() => weights.clone();

    /// <summary>The integral of f.</summary>
    /// <param name="f">(N, Dimensions) points, float64, to (N) values. It is called in batches, without gradients.</param>
    /// <exception cref="ArgumentException">f gives another shape than (N).</exception>
    public double Integrate(Func<Tensor, Tensor> f) => Batches(f, (values, weight) => (values * weight).sum().ToDouble()).Sum();

    /// <summary>ln of the integral of exp f, also where exp f overflows or vanishes: the logarithm of the normalizer of an unnormalized log-density.</summary>
    /// <inheritdoc cref="Integrate"/>
    public double LogNormalizer(Func<Tensor, Tensor> f)
    {
        double[] parts = [.. Batches(f, (values, weight) => (values + weight.log()).logsumexp(0).ToDouble())];
        double largest = parts.Max();
        return double.IsFinite(largest) ? largest + Math.Log(parts.Sum(part => Math.Exp(part - largest))) : largest;
    }

    /// <summary>f at every point, (N).</summary>
    /// <inheritdoc cref="Integrate"/>
    public double[] Evaluate(Func<Tensor, Tensor> f) => [.. Batches(f, (values, _) => values.cpu().data<double>().ToArray()).SelectMany(part => part)];

    /// <summary>Frees the points.</summary>
    public void Dispose()
    {
        points.Dispose();
        weights.Dispose();
    }

    private IEnumerable<T> Batches<T>(Func<Tensor, Tensor> f, Func<Tensor, Tensor, T> read)
    {
        ArgumentNullException.ThrowIfNull(f);
        for (int start = 0; start < Count; start += Batch)
        {
            int count = Math.Min(Batch, Count - start);
            T result;
            using (no_grad())
            using (NewDisposeScope())
            {
                var values = Guard.Made(f(points.narrow(0, start, count).clone()), nameof(f));
                if (values.Dimensions != 1 || values.size(0) != count)
                    throw new ArgumentException($"f gave shape {Guard.Describe(values)} for {count} points; expected ({count},).", nameof(f));
                result = read(values.to(float64).cpu(), weights.narrow(0, start, count));
            }
            yield return result;
        }
    }

    // The first axis runs fastest.
    private static QuadratureRule Product(params (double[] Points, double Weight)[] axes)
    {
        using var scope = NewDisposeScope();
        var points = zeros([1, 0], dtype: float64, device: CPU);
        foreach (var (along, _) in axes)
            points = cat([points.repeat(along.Length, 1), Column(along).repeat_interleave(points.size(0)).unsqueeze(1)], dim: 1);
        return new(points, full([points.size(0)], axes.Aggregate(1.0, (product, axis) => product * axis.Weight), dtype: float64, device: CPU));
    }

    private static Tensor Column(double[] values) => tensor(values, dtype: float64, device: CPU);

    private static (double[] Points, double Weight) Cells((double Low, double High) interval, int resolution, [CallerArgumentExpression(nameof(interval))] string name = "")
    {
        Quadrature.Check(interval, name);
        return (Quadrature.Midpoints(interval, resolution), (interval.High - interval.Low) / resolution);
    }

    private static (double[] Points, double Weight) Angles(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        return ([.. Enumerable.Range(0, resolution).Select(i => 2 * Math.PI * i / resolution)], 2 * Math.PI / resolution);
    }

    // Points in [-1, 1] and their weights for the weight function (1 - h²)^(D/2 - 1).
    private static (Tensor Points, Tensor Weights) Heights(int dimension, int count)
    {
        if (dimension == 2)
        {
            var rule = new GaussLegendreRule(-1, 1, count);
            return (Column(rule.Abscissas), Column(rule.Weights));
        }
        double lambda = (dimension - 1) / 2.0;
        double[] beside = [.. Enumerable.Range(1, count - 1).Select(k => Math.Sqrt(k * (k + 2 * lambda - 1) / (4 * (k + lambda) * (k + lambda - 1))))];
        var (points, vectors) = linalg.eigh(count == 1 ? zeros(1, 1, dtype: float64, device: CPU) : Column(beside).diag(1) + Column(beside).diag(-1));
        return (points, vectors[0].square() * MathNet.Numerics.SpecialFunctions.Beta(0.5, dimension / 2.0));
    }
}
