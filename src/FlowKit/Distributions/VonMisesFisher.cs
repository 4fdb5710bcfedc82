namespace FlowKit.Distributions;

/// <summary>The von Mises-Fisher law on the unit sphere S²: p(x) = kappa / (4 pi sinh kappa) exp(kappa mu·x), with respect to the surface. kappa = 0 is the uniform law, 1 / (4 pi).</summary>
/// <remarks>
/// <para>Fisher 1953, Proc. R. Soc. A 217, 295-305. ln p(x) = kappa (mu·x - 1) + ln kappa - ln(1 - e^(-2 kappa)) - ln(2 pi): no exponential grows.</para>
/// <para>x is (B, 3) of length 1, to the square root of the precision; elsewhere log p is -inf. Draws are exact: mu·x = 1 + ln(1 - (1 - u)(1 - e^(-2 kappa))) / kappa with u uniform,
/// and an even angle around mu (Ulrich 1984, Applied Statistics 33, 158-163).</para>
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
    private readonly double kappa;

    /// <summary>A law around a direction.</summary>
    /// <param name="mean">mu, (3), of any length > 0: it is normalized.</param>
    /// <param name="concentration">kappa >= 0.</param>
    /// <exception cref="ArgumentException">The mean is no direction in space.</exception>
    public VonMisesFisher(Tensor mean, double concentration) : base(nameof(VonMisesFisher), 3)
    {
        Guard.Number(mean);
        if (mean.Dimensions != 1 || mean.size(0) != 3) throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected (3,).", nameof(mean));
        if (!(concentration >= 0) || !double.IsFinite(concentration)) throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "Expected a finite concentration >= 0.");

        using var scope = NewDisposeScope();
        double[] m = [.. mean.detach().to(float64).cpu().data<double>()];
        double length = Math.Sqrt(m.Sum(one => one * one));
        if (!(length > 0) || !double.IsFinite(length)) throw new ArgumentException($"mean is ({string.Join(", ", m)}); expected a direction.", nameof(mean));
        kappa = concentration;
        SetConstant("frame", tensor(Frame([.. m.Select(one => one / length)]), dtype: float64, device: CPU));
        RegisterComponents();
    }

    /// <summary>The uniform law on the sphere.</summary>
    public static VonMisesFisher Uniform() => new(tensor(new[] { 0.0, 0, 1 }, dtype: float64, device: CPU), 0);

    /// <summary>Entropy with respect to the surface, nats; ln(4 pi) for the uniform law.</summary>
    public double Entropy => -LogPeak + kappa * (1 - MeanLength);

    // ln p at the mean.
    private double LogPeak => kappa == 0 ? -Math.Log(4 * Math.PI) : Math.Log(kappa) - Math.Log(Gap) - Math.Log(2 * Math.PI);

    // E[mu·x] = coth kappa - 1 / kappa, which cancels near 0.
    private double MeanLength => kappa < 0.01 ? kappa / 3 - Math.Pow(kappa, 3) / 45 : 1 / Math.Tanh(kappa) - 1 / kappa;

    // 1 - e^(-2 kappa), which cancels near 0.
    private double Gap => kappa < 1 ? 2 * Math.Exp(-kappa) * Math.Sinh(kappa) : 1 - Math.Exp(-2 * kappa);

    private Tensor Mean => GetConstant("frame").select(0, 2).to(Dtype);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        double near = x.dtype == float64 ? 1e-8 : 3e-4;
        var outside = (x.square().sum(1) - 1).abs().gt(2 * near);
        var inside = x.masked_fill(outside.unsqueeze(1), 0);
        return (((inside * Mean).sum(1) - 1) * kappa + LogPeak).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var u = rand([count, 2], dtype: Dtype, device: Device);
        var (v, angle) = (u.select(1, 0), u.select(1, 1) * (2 * Math.PI));
        var drop = (kappa == 0 ? v * 2 : ((v - 1) * Gap).log1p() / -kappa).clamp(0, 2);              // 1 - mu·x
        var radius = (drop * (2 - drop)).sqrt();
        return stack([radius * angle.cos(), radius * angle.sin(), 1 - drop], dim: 1).matmul(GetConstant("frame").to(Dtype));
    }

    // Rows: two directions across the mean, then the mean.
    private static double[,] Frame(double[] m)
    {
        double[] away = Math.Abs(m[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0];
        double[] across = Cross(m, away);
        double length = Math.Sqrt(across.Sum(one => one * one));
        double[] a = [.. across.Select(one => one / length)], b = Cross(m, a);
        return new[,] { { a[0], a[1], a[2] }, { b[0], b[1], b[2] }, { m[0], m[1], m[2] } };
    }

    private static double[] Cross(double[] a, double[] b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
