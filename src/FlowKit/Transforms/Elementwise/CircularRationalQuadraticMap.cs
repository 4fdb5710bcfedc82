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
public sealed record CircularRationalQuadraticMap(int Bins = 8, bool Rotates = false) : ElementwiseMap
{
    /// <summary>K, 2 to 500.</summary>
    public int Bins { get; init; } = RationalQuadraticSpline.CheckBins(Bins);

    /// <inheritdoc/>
    public override int ParameterCount => Spline.ParameterCount + (Rotates ? 1 : 0);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (bent, angle) = Split(theta);
        var (y, logSlope) = Spline.Forward(Wrap(x), bent);
        return (Wrap(angle is null ? y : y + angle), logSlope);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        var (bent, angle) = Split(theta);
        var (x, logSlope) = Spline.Inverse(Wrap(angle is null ? y : y - angle), bent);
        return (Wrap(x), logSlope);
    }

    private RationalQuadraticSpline Spline => new(Bins, 0, Math.Tau, SplineEnds.Glued);

    private (Tensor Bent, Tensor? Angle) Split(Tensor theta) =>
        Rotates ? (theta.narrow(1, 0, 3 * Bins), theta.select(1, 3 * Bins)) : (theta, null);

    // The remainder of a small negative number rounds up to 2 pi itself.
    private static Tensor Wrap(Tensor angle)
    {
        var rest = angle.remainder(Math.Tau);
        return where(rest.ge(Math.Tau), rest - Math.Tau, rest);
    }
}
