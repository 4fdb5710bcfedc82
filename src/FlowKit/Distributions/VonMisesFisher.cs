namespace FlowKit.Distributions;

/// <summary>The von Mises-Fisher law on the unit sphere S^D of R^(D+1): p(x) proportional to exp(kappa mu·x), with respect to the surface. kappa = 0 is the uniform law.</summary>
/// <remarks>
/// <para>ln p(x) = kappa mu·x + nu ln kappa - (nu + 1) ln(2 pi) - ln I_nu(kappa) with nu = (D - 1) / 2, in a form in which no exponential grows; on S², kappa exp(kappa mu·x) / (4 pi sinh kappa)
/// (Fisher 1953, Proc. R. Soc. A 217, 295-305). D = 1 is the von Mises law as points of the plane, where <see cref="VonMises"/> takes angles.</para>
/// <para>x is (B, D + 1) of length 1: what is off by less than 1e-4 is projected, elsewhere log p is -inf. Draws are exact: on S², mu·x = 1 + ln(1 - (1 - u)(1 - e^(-2 kappa))) / kappa with u uniform
/// (Ulrich 1984, Applied Statistics 33, 158-163); on the circle by <see cref="VonMises"/>'s method; elsewhere by rejection from a beta law's image (Wood 1994, Communications in Statistics B 23, 157-164).</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var north = new VonMisesFisher(mean: tensor(new[] { 0.0, 0, 1 }), concentration: 10);
/// Console.WriteLine($"{north.Sample(1000).norm(1).mean().ToDouble():F4}");       // => 1.0000
/// using (var sphere = QuadratureRule.Sphere())
///     Console.WriteLine($"{sphere.Integrate(x => north.LogProb(x).exp()):F6}");  // => 1.000000
/// </code></example>
public sealed class VonMisesFisher : Distribution
{
    private const int MaxRounds = 1000;       // each accepts more than a third, in any dimension

    private readonly double kappa;

    /// <summary>A law around a direction.</summary>
    /// <param name="mean">mu, (D + 1) with D >= 1, of any length > 0: it is normalized.</param>
    /// <param name="concentration">kappa >= 0.</param>
    /// <exception cref="ArgumentException">The mean is no direction of the plane or of a space.</exception>
    public VonMisesFisher(Tensor mean, double concentration) : base(nameof(VonMisesFisher), Coordinates(mean))
    {
        Guard.Weight(concentration);
        using var scope = NewDisposeScope();
        double[] m = [.. mean.detach().to(float64).cpu().data<double>()];
        double largest = m.Max(Math.Abs);
        if (largest == 0 || !m.All(double.IsFinite)) throw new ArgumentException($"mean is ({string.Join(", ", m)}); expected a direction.", nameof(mean));
        kappa = concentration;
        SetConstant("frame", Frame(tensor(m, dtype: float64, device: CPU) / largest));
        RegisterComponents();
    }

    /// <summary>The uniform law on S²; <see cref="UniformSphere"/> is that of S^D.</summary>
    public static VonMisesFisher Uniform() => new(tensor(new[] { 0.0, 0, 1 }, dtype: float64, device: CPU), 0);

    /// <summary>Entropy with respect to the surface, nats; for the uniform law the logarithm of the surface, ln(4 pi) on S².</summary>
    public double Entropy => FisherIntegral.Log(D, kappa) + FisherIntegral.Shortfall(D, kappa);

    private int D => (int)Dimensions - 1;

    internal override bool IsOnSphere => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var mean = GetConstant("frame").select(0, D).to(x.dtype);
        return SpherePoints.LogProb(x, point => (point - mean).square().sum(1) * (-kappa / 2) - FisherIntegral.Log(D, kappa));      // |x - mu|² / 2 = 1 - mu·x, without cancellation
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var drop = D switch { 1 => CircleDrop(count), 2 => SphereDrop(count), _ => Drop(count) };       // 1 - mu·x
        var radius = (drop * (2 - drop)).sqrt();
        var across = randn([count, D], dtype: Dtype, device: Device);
        across = across / across.norm(1, keepdim: true);
        return cat([radius.unsqueeze(1) * across, (1 - drop).unsqueeze(1)], dim: 1).matmul(GetConstant("frame").to(Dtype));
    }

    private Tensor CircleDrop(long count)
    {
        var k = full([count], kappa, dtype: Dtype, device: Device);
        return kappa == 0 ? 1 - (rand_like(k) * Math.PI).cos() : (BestFisher.Sample(k) / 2).sin().square() * 2;
    }

    private Tensor SphereDrop(long count)
    {
        var v = rand([count], dtype: Dtype, device: Device);
        return (kappa == 0 ? v * 2 : ((v - 1) * FisherIntegral.Gap(kappa)).log1p() / -kappa).clamp(0, 2);
    }

    // Wood's algorithm in terms of 1 - w: b z is small where the law is concentrated, and w is near 1.
    private Tensor Drop(long count)
    {
        double b = D / (2 * kappa + Math.Sqrt(4 * kappa * kappa + (double)D * D)), rest = 2 * b / (1 + b);       // rest = 1 - x0
        var drop = zeros([count], dtype: Dtype, device: Device);
        var pending = ones([count], dtype: ScalarType.Bool, device: Device);
        for (int round = 0; round < MaxRounds && pending.any().ToBoolean(); round++)
        {
            using var scope = NewDisposeScope();
            var (one, other) = (ChiSquare(count), ChiSquare(count));
            var z = one / (one + other);                                                                  // Beta(D/2, D/2)
            var proposed = z * (2 * b) / (1 - z * (1 - b));
            var score = (rest - proposed) * kappa + ((rest + proposed * (1 - rest)) * ((1 + b) * (1 + b) / (4 * b))).log() * D;
            var accepted = score.ge(Noise.OpenUniform(z).log()).logical_and(pending);
            drop = where(accepted, proposed, drop);
            pending = pending.logical_and(accepted.logical_not());
            scope.MoveToOuter(drop, pending);
        }
        return drop;
    }

    private Tensor ChiSquare(long count) => randn([count, D], dtype: Dtype, device: Device).square().sum(1);

    private static long Coordinates(Tensor mean)
    {
        Guard.Number(mean);
        return mean.Dimensions == 1 && mean.size(0) >= 2 ? mean.size(0) : throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected (D + 1,) with D >= 1.", nameof(mean));
    }

    // Rows: directions across the mean, then the mean. The reflection that carries the last axis to the mean or its antipode, whichever is farther from it.
    private static Tensor Frame(Tensor m)
    {
        var mean = m / m.norm();
        var v = mean.clone();
        v[-1] += mean[-1].ToDouble() < 0 ? -1 : 1;
        var frame = eye(m.size(0), dtype: float64, device: CPU) - v.outer(v) * 2 / v.square().sum();
        frame[-1] = mean;
        return frame;
    }
}
