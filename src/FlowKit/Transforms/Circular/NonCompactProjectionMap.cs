namespace FlowKit.Transforms;

/// <summary>A convex combination of K non-compact projections, f(x) = 2 atan(alpha tan(x/2 - pi/2) + beta) + pi: the circle is opened onto the line, mapped affinely, and closed again.
/// theta = (K logits of weights if K > 1, ln alpha and beta of each, the angle of the rotation if there is one), raw.</summary>
/// <remarks>
/// <para>f'(x) = 1/[(1 + beta²)/alpha sin²(x/2) + alpha cos²(x/2) - beta sin x]; f'(0) = f'(2 pi) = 1/alpha. They are closed under composition, as affine maps are.
/// Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.1.3.</para>
/// <para>Departures: computed as f(x) = 2 atan2(sin(x/2), alpha cos(x/2) - beta sin(x/2)), which is exact at the ends too, where the paper has a series; |ln alpha| is softly bounded by 4 and |beta| by 50.
/// Without the bounds these are the maps of <see cref="MoebiusMap"/>, with alpha and beta in place of a center in the disc. For K = 1 the inverse is in closed form.</para>
/// <para>theta = 0 is the identity for K = 1 and near it for more.</para>
/// </remarks>
/// <param name="Components">K, >= 1.</param>
/// <param name="Rotates">Whether a rotation by a learned angle follows, in radians.</param>
/// <example><code>
/// var map = new NonCompactProjectionMap();
/// var x = tensor(new[,] { { 0, 1, 2 * Math.PI } });
/// var (y, logSlope) = map.Forward(x, zeros(1, map.ParameterCount, 3, dtype: float64));
/// Console.WriteLine(y.npstr());  // => [[0, 1, 0]]
/// </code></example>
public sealed record NonCompactProjectionMap(int Components = 1, bool Rotates = false) : CircleMap(Rotates)
{
    /// <summary>Bounds of |ln alpha| and |beta|.</summary>
    internal const double MostLogAlpha = 4, MostBeta = 50;

    /// <summary>K, >= 1.</summary>
    public int Components { get; init; } = Components >= 1 ? Components : throw new ArgumentOutOfRangeException(nameof(Components), Components, "Expected at least one component.");

    /// <inheritdoc/>
    protected override int Terms => Components;

    /// <inheritdoc/>
    protected override int TermParameters => 2;

    /// <inheritdoc/>
    protected override double Start(int parameter, int term)
    {
        var w = ProjectiveCircle.Start(term, Components);
        const double inside = 1 - ProjectiveCircle.StartRadius * ProjectiveCircle.StartRadius;
        return parameter == 0
            ? Raw(Math.Log(((1 - w.X) * (1 - w.X) + w.Y * w.Y) / inside), MostLogAlpha)
            : Raw(2 * w.Y / inside, MostBeta);

        static double Raw(double bounded, double most) => bounded / (1 - Math.Abs(bounded) / most);
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor raw) => stack([Bounded(raw.select(1, 0), MostLogAlpha).exp(), Bounded(raw.select(1, 1), MostBeta)], dim: 1);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters) => ProjectiveCircle.Bend(x, parameters);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters) => ProjectiveCircle.Unbend(y, parameters);

    private static Tensor Bounded(Tensor raw, double most) => raw / (raw.abs() / most + 1);
}
