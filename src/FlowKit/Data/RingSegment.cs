namespace FlowKit.Data;

/// <summary>A bent blob along a circle: radius r ~ N(R, s²), angle ~ N(m, w²) wrapped around the circle, independent of each other.</summary>
/// <remarks>p(x) = N(r; R, s²) Σ_k N(angle + 2 pi k; m, w²) / r. A radius below 0 would need eight standard deviations.</remarks>
/// <example><code>
/// manual_seed(0);
/// var segment = new RingSegment(radius: 2, sd: 0.2, angle: Math.PI / 2, width: 0.6);
/// Console.WriteLine($"{segment.Entropy:F3}");                                    // => 1.406
/// Console.WriteLine(segment.Sample(1000).select(1, 1).mean().ToDouble() > 1.5);   // => True
/// </code></example>
public sealed class RingSegment : ToyDensity
{
    private const int Turns = 2;

    /// <summary>A segment of a ring about the origin.</summary>
    /// <param name="radius">R >= 8 s.</param>
    /// <param name="sd">s > 0, the standard deviation of the radius.</param>
    /// <param name="angle">m, where its middle lies, in radians from the first axis; finite.</param>
    /// <param name="width">w, the standard deviation of the angle in radians, 0 &lt; w &lt;= 1.</param>
    public RingSegment(double radius = 2, double sd = 0.2, double angle = 0, double width = 0.6) : base(nameof(RingSegment))
    {
        Guard.Finite(radius);
        Guard.Finite(sd);
        Guard.Finite(angle);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sd);
        if (!(radius >= 8 * sd)) throw new ArgumentOutOfRangeException(nameof(radius), radius, $"Expected a radius of at least 8 sd = {8 * sd}.");
        if (!(width is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(width), width, "Expected a number in (0, 1].");
        (Radius, StandardDeviation, Angle, Width) = (radius, sd, angle, width);
    }

    /// <summary>R.</summary>
    public double Radius { get; }

    /// <summary>s.</summary>
    public double StandardDeviation { get; }

    /// <summary>m, radians.</summary>
    public double Angle { get; }

    /// <summary>w, radians.</summary>
    public double Width { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-Radius - 8 * StandardDeviation, Radius + 8 * StandardDeviation);

    /// <inheritdoc/>
    private protected override double FinestScale => Math.Min(StandardDeviation, Width * (Radius - 4 * StandardDeviation)) / 2;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var squares = x.square().sum(1).clamp_min(1e-30);
        var radius = squares.sqrt();
        var away = atan2(x.select(1, 1), x.select(1, 0)) - Math.IEEERemainder(Angle, Math.Tau);
        var turns = arange(-Turns, Turns + 1, dtype: x.dtype, device: x.device) * Math.Tau;
        var ofAngle = ((away.unsqueeze(1) + turns) / Width).square().mul(-0.5).logsumexp(1);
        return ofAngle - ((radius - Radius) / StandardDeviation).square() * 0.5 - squares.log() * 0.5 - Math.Log(Math.Tau * StandardDeviation * Width);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var e = randn([count, 2], dtype: Dtype, device: Device);
        var (radius, angle) = (e.select(1, 0) * StandardDeviation + Radius, e.select(1, 1) * Width + Angle);
        return stack([radius * angle.cos(), radius * angle.sin()], dim: 1);
    }
}
