namespace FlowKit.Transforms;

/// <summary>A diffeomorphism of the circle, [0, 2 pi) with its ends glued: a monotone rational-quadratic spline whose two end slopes are one, and a rotation after it if wanted.
/// theta = (K widths, K heights, K slopes, the angle of the rotation), raw.</summary>
/// <remarks>
/// <para>Rezende, Papamakarios et al. 2020, Normalizing flows on tori and spheres, arXiv:2002.02428, section 2.1.2 (circular splines). Without the rotation the angle 0 stays where it is.
/// theta = 0 is the identity.</para>
/// <para>An angle may be any number and is taken modulo 2 pi; what comes back lies in [0, 2 pi).</para>
/// </remarks>
/// <param name="Bins">K, 2 to 500.</param>
/// <param name="Rotates">Whether a rotation by a learned angle follows, in radians.</param>
/// <example><code>
/// manual_seed(0);
/// var map = new CircularRationalQuadraticMap(Bins: 8, Rotates: true);
/// var theta = randn(1, map.ParameterCount, 2, dtype: float64);
/// var (y, _) = map.Forward(tensor(new[,] { { 0, 2 * Math.PI } }), theta.narrow(2, 0, 1).expand(-1, -1, 2));
/// Console.WriteLine(y.select(1, 0).allclose(y.select(1, 1)));  // => True
/// </code></example>
public sealed record CircularRationalQuadraticMap(int Bins = 8, bool Rotates = false) : CircleMap(Rotates)
{
    /// <summary>K, 2 to 500.</summary>
    public int Bins { get; init; } = RationalQuadraticSpline.CheckBins(Bins);

    /// <inheritdoc/>
    protected override int TermParameters => Spline.ParameterCount;

    private RationalQuadraticSpline Spline => new(Bins, 0, Math.Tau, SplineEnds.Glued);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters) => Spline.Forward(x, parameters);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters) => Spline.Inverse(y, parameters);
}
