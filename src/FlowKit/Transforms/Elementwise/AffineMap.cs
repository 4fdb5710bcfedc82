namespace FlowKit.Transforms;

/// <summary>y = x exp(s) + t with theta = (s, t), and s softly bounded: s = a / (1 + |a| / MaxLogScale). ln|dy/dx| = s.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv:1605.08803, eq. 7-8. The paper bounds s by a learned scale times tanh;
/// the rational bound is as smooth where it matters, never saturates to a zero gradient, and keeps every density finite.
/// </remarks>
/// <param name="MaxLogScale">Bound of |s|, > 0, in nats.</param>
public sealed record AffineMap(double MaxLogScale = 3) : ElementwiseMap
{
    /// <summary>Bound of |s|, > 0, in nats.</summary>
    public double MaxLogScale { get; init => field = Checked(value); } = Checked(MaxLogScale);

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor theta)
    {
        var (s, t) = Parameters(theta);
        return (x * s.exp() + t, s);
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor theta)
    {
        var (s, t) = Parameters(theta);
        var minus = s.neg();
        return ((y - t) * minus.exp(), minus);
    }

    private static double Checked(double bound) => bound > 0 && double.IsFinite(bound)
        ? bound
        : throw new ArgumentOutOfRangeException(nameof(MaxLogScale), bound, "Expected a finite bound > 0.");

    private (Tensor S, Tensor T) Parameters(Tensor theta)
    {
        var a = theta.select(1, 0);
        return (a / (a.abs() / MaxLogScale).add_(1), theta.select(1, 1));
    }
}
