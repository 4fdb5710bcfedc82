namespace FlowKit.Transforms;

/// <summary>A convex combination of K Moebius maps of the circle, each with a center w in the disc, f' = (1 - |w|²)/|z - w|² at the point z of the circle.
/// theta = (K logits of weights if K > 1, v in the plane for each center, the angle of the rotation if there is one), raw.</summary>
/// <remarks>
/// <para>h_w(z) = (1 - |w|²)/|z - w|² (z - w) - w, then the rotation that brings h_w(1) back to 1; w = 0.99 v/(1 + |v|), so that no center lies on the circle. Moebius maps and rotations are a group: a
/// Moebius map after another is one again, which is why they are combined and not composed. Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.1.1.</para>
/// <para>Computed as the map of half angles that it is, cot(y/2) = alpha cot(x/2) - beta, alpha = |1 - w|²/(1 - |w|²), beta = 2 w_2/(1 - |w|²): see <see cref="NonCompactProjectionMap"/>, which has the
/// same maps under other names. For K = 1 the inverse is in closed form.</para>
/// <para>theta = 0 is the identity for K = 1 and near it for more, whose centers lie evenly on a circle of radius 1/3.</para>
/// </remarks>
/// <param name="Centers">K, >= 1. The paper uses 12 on the sphere.</param>
/// <param name="Rotates">Whether a rotation by a learned angle follows, in radians.</param>
/// <example><code>
/// manual_seed(0);
/// var map = new MoebiusMap(Centers: 12, Rotates: true);
/// Console.WriteLine(map.ParameterCount);                     // => 37
/// var (x, theta) = (rand(5, 2, dtype: float64) * 2 * Math.PI, randn(5, map.ParameterCount, 2, dtype: float64));
/// var (y, logSlope) = map.Forward(x, theta);
/// Console.WriteLine(map.Inverse(y, theta).X.allclose(x));    // => True
/// </code></example>
public sealed record MoebiusMap(int Centers = 1, bool Rotates = false) : CircleMap(Rotates)
{
    private const double Most = 0.99;
    private const double Tiny = 1e-30;            // keeps |v| differentiable at 0

    /// <summary>K, >= 1.</summary>
    public int Centers { get; init; } = Centers >= 1 ? Centers : throw new ArgumentOutOfRangeException(nameof(Centers), Centers, "Expected at least one center.");

    /// <inheritdoc/>
    protected override int Terms => Centers;

    /// <inheritdoc/>
    protected override int TermParameters => 2;

    /// <summary>h_w(z) = (1 - |w|²)/|z - w|² (z - w) - w: carries the unit sphere to itself. On the circle it is (z - w)/(1 - conj(w) z) in complex numbers.</summary>
    /// <param name="z">Points of norm 1, (..., D); (..., 2) for the circle. One whose norm differs from 1 by at most 1e-4 stands for z / |z|.</param>
    /// <param name="w">The center inside the ball, |w| &lt; 1, of a shape that broadcasts with z's and ends in D.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a point is off the sphere, or a center does not lie inside the open ball.</exception>
    public static Tensor Apply(Tensor z, Tensor w)
    {
        Guard.Number(z);
        Guard.Number(w);
        bool fits = z.Dimensions > 0 && w.Dimensions > 0 && z.size(-1) == w.size(-1) && z.shape.Reverse().Zip(w.shape.Reverse()).All(size => size.First == size.Second || size.First == 1 || size.Second == 1);
        if (!fits) throw new ArgumentException($"w has shape {Guard.Describe(w)}; expected (..., D) that broadcasts with z, {Guard.Describe(z)}.", nameof(w));
        using var scope = NewDisposeScope();
        var inside = 1 - w.square().sum(-1, keepdim: true);
        if (!inside.gt(0).all().ToBoolean())
            throw new ArgumentException($"A center has the length {(1 - inside).max().sqrt().ToDouble():G6}; expected each inside the open unit ball, |w| < 1.", nameof(w));

        var apart = SpherePoints.Project(z.is_floating_point() ? z : z.to(w.is_floating_point() ? w.dtype : get_default_dtype()), nameof(z)) - w;
        return scope.MoveToOuter(inside / apart.square().sum(-1, keepdim: true) * apart - w);
    }

    /// <inheritdoc/>
    protected override double Start(int parameter, int term)
    {
        var (w1, w2) = ProjectiveCircle.Start(term, Centers);
        return (parameter == 0 ? w1 : w2) / (Most - ProjectiveCircle.StartRadius);
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor raw)
    {
        var (v1, v2) = (raw.select(1, 0), raw.select(1, 1));
        var length = (v1.square() + v2.square() + Tiny).sqrt();
        var whole = length + 1;
        var (w1, w2) = (v1 * Most / whole, v2 * Most / whole);
        var inside = (length * (1 - Most) + 1) * (length * (1 + Most) + 1) / whole.square();      // (1 - |w|) (1 + |w|): nothing cancels near the circle
        return stack([((1 - w1).square() + w2.square()) / inside, w2 * 2 / inside], dim: 1);
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters) => ProjectiveCircle.Bend(x, parameters);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters) => ProjectiveCircle.Unbend(y, parameters);
}
