namespace FlowKit.Data;

/// <summary>Equal Gaussians N(m_k, sd² I) with centers on a circle. Eight of them with radius 2 and sd 0.2 have an entropy of 1.69806 nats.</summary>
/// <example><code>
/// var ring = new GaussianRing(modes: 8, radius: 2, sd: 0.2);
/// Console.WriteLine($"{ring.Entropy:F5}");          // => 1.69806
/// Console.WriteLine($"{ring.BestGaussianNll:F5}");  // => 3.55083
/// Console.WriteLine($"{Quadrature.Integrate(x => ring.LogProb(x).exp(), ring.Bounds, ring.Bounds, resolution: 100):F6}");  // => 1.000000
/// </code></example>
public sealed class GaussianRing : ToyDensity
{
    /// <summary>A ring of Gaussians.</summary>
    /// <param name="modes">How many, >= 1; the first lies at angle 0.</param>
    /// <param name="radius">Distance of the centers from the origin, >= 0.</param>
    /// <param name="sd">Standard deviation of each coordinate within a mode, > 0.</param>
    public GaussianRing(int modes = 8, double radius = 2, double sd = 0.2) : base(nameof(GaussianRing))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 1);
        Guard.Finite(radius);
        Guard.Finite(sd);
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sd);
        (Modes, Radius, StandardDeviation) = (modes, radius, sd);
        double[] angles = [.. Enumerable.Range(0, modes).Select(k => 2 * Math.PI * k / modes)];
        SetConstant("centers", tensor([.. angles.SelectMany(angle => new[] { radius * Math.Cos(angle), radius * Math.Sin(angle) })], [modes, 2], dtype: float64, device: CPU));
    }

    /// <summary>Number of Gaussians.</summary>
    public int Modes { get; }

    /// <summary>Distance of the centers from the origin.</summary>
    public double Radius { get; }

    /// <summary>Standard deviation of each coordinate within a mode.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-Radius - 8 * StandardDeviation, Radius + 8 * StandardDeviation);

    /// <summary>Negative log-likelihood of the best single Gaussian in nats: the entropy of a normal with the same covariance, (radius²/2 + sd²) I for three modes or more.</summary>
    public double BestGaussianNll => Modes >= 3
        ? Math.Log(2 * Math.PI * Math.E * (Radius * Radius / 2 + StandardDeviation * StandardDeviation))
        : throw new NotSupportedException("The covariance of one or two modes is not round.");

    /// <inheritdoc/>
    private protected override double FinestScale => StandardDeviation;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        double variance = StandardDeviation * StandardDeviation;
        var squares = (x.unsqueeze(1) - GetConstant("centers").to(x.dtype)).square().sum(2);    // (B, modes)
        return (squares * (-0.5 / variance)).logsumexp(1) - Math.Log(2 * Math.PI * variance * Modes);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var mode = randint(0, Modes, [count], dtype: int64, device: Device);
        return GetConstant("centers").to(Dtype).index_select(0, mode) + randn([count, 2], dtype: Dtype, device: Device) * StandardDeviation;
    }
}
