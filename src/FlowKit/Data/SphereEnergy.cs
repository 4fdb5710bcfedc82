using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Data;

/// <summary>Unnormalized densities of the unit sphere S^D that are sums of bumps, with exact normalizer and draws: p~(x) = sum over k of exp(kappa x·m_k), with respect to the surface.</summary>
/// <remarks>
/// <para>Each bump is a von Mises-Fisher law, so that Z = K (2 pi)^h I_{h-1}(kappa) / kappa^(h-1) with h = (D + 1) / 2. The targets on S² and on S³, the group SU(2), of Rezende, Papamakarios et al. 2020, arXiv:2002.02428,
/// are here by name: four bumps each, kappa = 10.</para>
/// <para>Shapes: x is (B, D + 1), of norm 1 within 1e-4 and divided by it, and log p = -inf elsewhere; log-densities are (B), in nats.</para>
/// </remarks>
/// <example><code>
/// Console.WriteLine($"{SphereEnergy.S2.LogNormalizer:F6}, {Math.Log(4 * 4 * Math.PI * Math.Sinh(10) / 10):F6}");  // => 10.921586, 10.921586
/// Console.WriteLine($"{SphereEnergy.S2.Entropy:F6}");                                                             // => 1.758875
/// Console.WriteLine($"{SphereEnergy.S3.LogNormalizer:F6}");                                                       // => 10.649667
/// using (var sphere = QuadratureRule.Sphere())
///     Console.WriteLine($"{sphere.Integrate(x => SphereEnergy.S2.LogProb(x).exp()):F6}");                         // => 1.000000
/// </code></example>
public sealed class SphereEnergy : UnnormalizedDensity
{
    private readonly Tensor means;                    // (K, D + 1), float64, of unit length
    private readonly Lazy<double> entropy;

    /// <summary>A sum of bumps.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="means">m, (K, D + 1) with D >= 1, one direction a row, of any length > 0: they are normalized.</param>
    /// <param name="concentration">kappa > 0, of every bump.</param>
    /// <exception cref="ArgumentException">The means are not such.</exception>
    public SphereEnergy(string name, Tensor means, double concentration) : this(Unit(means), name, concentration)
    {
    }

    private SphereEnergy(Tensor means, string name, double concentration) : base(name, means.size(1))
    {
        if (!(concentration > 0) || !double.IsFinite(concentration)) throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "Expected a finite number > 0.");
        (this.means, Concentration) = (means, concentration);
        entropy = new(ComputeEntropy);
    }

    /// <summary>Four modes on S², at azimuths 0.7, -1, 0.6, -0.7 and polar angles 1.5, 1, 0.5, 4.</summary>
    public static SphereEnergy S2 { get; } = Paper("S²", [.. new[] { (0.7, 1.5), (-1, 1), (0.6, 0.5), (-0.7, 4) }.SelectMany(at => OnS2(at.Item1, at.Item2))], 3);

    /// <summary>Four modes on S³, two of them 42 degrees apart, at angles (a, b, c) in x = (cos a, sin a cos b, sin a sin b cos c, sin a sin b sin c).</summary>
    public static SphereEnergy S3 { get; } = Paper("S³", [.. new[] { (1.7, -1.5, 2.3), (-3, 1, 3), (0.6, -2.6, 4.5), (-2.5, 3, 5) }.SelectMany(at => OnS3(at.Item1, at.Item2, at.Item3))], 4);

    /// <summary>kappa.</summary>
    public double Concentration { get; }

    /// <summary>The bumps' centers, (K, D + 1), float64, of unit length, as for <see cref="Inference.ModeMasses"/>. They belong to the caller's dispose scope.</summary>
    public Tensor Means => means.clone();

    /// <inheritdoc/>
    public override double LogNormalizer => Math.Log(means.size(0)) + FisherIntegral.Log(D, Concentration) + Concentration;

    /// <summary>Differential entropy of p = p~ / Z with respect to the surface, nats: in closed form for a single bump, else by quadrature to eight digits.</summary>
    /// <exception cref="NotSupportedException">There is more than one bump, and too many dimensions or too narrow bumps for a grid of 1e7 points: it serves up to S³, there up to concentration 100.</exception>
    public override double Entropy => entropy.Value;

    /// <summary>Independent draws of p, (count, D + 1), float64 on the CPU.</summary>
    /// <param name="count">How many, >= 0.</param>
    public Tensor Sample(long count)
    {
        Guard.Size(count);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        long[] bumps = [.. randint(0, means.size(0), [count], dtype: int64, device: CPU).bincount(null, means.size(0)).data<long>()];
        var draws = new List<Tensor> { zeros([0, means.size(1)], dtype: float64, device: CPU) };
        for (int k = 0; k < bumps.Length; k++)
        {
            if (bumps[k] == 0) continue;
            using var bump = new VonMisesFisher(means[k], Concentration);
            draws.Add(bump.to(float64).Sample(bumps[k]));
        }
        return scope.MoveToOuter(cat(draws).index_select(0, randperm(count, dtype: int64, device: CPU)));
    }

    /// <inheritdoc/>
    protected override Tensor LogDensityCore(Tensor x) => SpherePoints.LogProb(x, point => (point.mm(Like(means, x).t()) * Concentration).logsumexp(1));

    private protected override bool Holds(Tensor x) => SpherePoints.HoldAll(x);

    private int D => (int)means.size(1) - 1;

    private double ComputeEntropy()
    {
        if (means.size(0) == 1) return FisherIntegral.Log(D, Concentration) + FisherIntegral.Shortfall(D, Concentration);

        double resolution = Math.Ceiling(40 + 12 * Math.Sqrt(Concentration));
        if (2 * Math.Pow(resolution, D) > 1e7)
            throw new NotSupportedException($"The entropy of {means.size(0)} bumps is found by quadrature; on S^{D} with concentration {Concentration} a grid would have more than 1e7 points.");
        using var rule = QuadratureRule.Sphere((int)resolution, D);
        return -rule.Integrate(x =>
        {
            var logP = LogProb(x);
            return (logP.exp() * logP).nan_to_num(nan: 0);                    // p ln p = 0 where p = 0
        });
    }

    private static double[] OnS2(double azimuth, double polar) => [Math.Sin(polar) * Math.Cos(azimuth), Math.Sin(polar) * Math.Sin(azimuth), Math.Cos(polar)];

    private static double[] OnS3(double a, double b, double c) => [Math.Cos(a), Math.Sin(a) * Math.Cos(b), Math.Sin(a) * Math.Sin(b) * Math.Cos(c), Math.Sin(a) * Math.Sin(b) * Math.Sin(c)];

    private static SphereEnergy Paper(string name, double[] means, long coordinates)
    {
        using var scope = NewDisposeScope();
        return new(name, tensor(means, [4, coordinates], dtype: float64, device: CPU), 10);
    }

    private static Tensor Unit(Tensor means)
    {
        using var scope = NewDisposeScope();
        var kept = Kept(means, nameof(means));
        var length = kept.norm(1, keepdim: true);
        if (kept.size(1) < 2 || length.eq(0).any().ToBoolean())
            throw new ArgumentException($"means has shape {Guard.Describe(means)}{(kept.size(1) < 2 ? "" : " and a row of zeros")}; expected (K, D + 1) with D >= 1, a direction in each row.", nameof(means));
        return (kept / length).DetachFromDisposeScope();
    }
}
