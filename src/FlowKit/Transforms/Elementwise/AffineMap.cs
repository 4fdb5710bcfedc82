namespace FlowKit.Transforms;

/// <summary>y = x exp(s) + t with theta = (a, t), and s softly bounded: s = a / (1 + |a| / MaxLogScale), or another <see cref="ScaleBound"/>. ln|dy/dx| = s.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv:1605.08803, eq. 7-8. The paper bounds s by a learned scale times tanh;
/// the rational bound is as smooth where it matters, never saturates to a zero gradient, and keeps every density finite.
/// </remarks>
/// <param name="MaxLogScale">Bound of |s|, > 0, in nats.</param>
/// <param name="Bound">How s approaches it.</param>
/// <example><code>
/// var x = tensor(new[,] { { 1.0, 2 } });
/// var theta = tensor(new[,,] { { { 0.0, 1 }, { 3, 0 } } });            // a and t of both elements
/// var (y, logSlope) = new AffineMap(MaxLogScale: 3).Forward(x, theta);
/// Console.WriteLine(y.npstr());         // => [[4, 4.234]]
/// Console.WriteLine(logSlope.npstr());  // => [[0, 0.75]]
/// </code></example>
public sealed record AffineMap(double MaxLogScale = 3, ScaleBound Bound = ScaleBound.Rational) : ElementwiseMap
{
    /// <summary>Bound of |s|, > 0, in nats.</summary>
    public double MaxLogScale { get; init => field = Checked(value); } = Checked(MaxLogScale);

    /// <summary>How s approaches its bound.</summary>
    public ScaleBound Bound { get; init => field = Checked(value); } = Checked(Bound);

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    internal override ITileMap Tiles => new AffineTiles(this);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (s, t) = Parameters(theta);
        return (x * s.exp() + t, s);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        var (s, t) = Parameters(theta);
        var minus = s.neg();
        return ((y - t) * minus.exp(), minus);
    }

    private static double Checked(double bound) => bound > 0 && double.IsFinite(bound)
        ? bound
        : throw new ArgumentOutOfRangeException(nameof(MaxLogScale), bound, "Expected a finite bound > 0.");

    private static ScaleBound Checked(ScaleBound bound) => Enum.IsDefined(bound) ? bound : throw new ArgumentOutOfRangeException(nameof(Bound), bound, "Expected one of the bounds that have a name.");

    private (Tensor S, Tensor T) Parameters(Tensor theta)
    {
        var a = theta.select(1, 0);
        var s = Bound == ScaleBound.Rational ? a / (a.abs() / MaxLogScale).add_(1) : (a / MaxLogScale).atan() * (2 * MaxLogScale / Math.PI);
        return (s, theta.select(1, 1));
    }
}
