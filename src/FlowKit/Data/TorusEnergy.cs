using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Transforms;

namespace FlowKit.Data;

/// <summary>Unnormalized densities of D angles whose normalizer, entropy and draws are exact: means of products of von Mises bumps, and a bump of the angles' sum.</summary>
/// <remarks>
/// <para>log p~(x) = ln (1/K) sum_k exp(kappa sum_j cos(x_j - m_kj)), with log Z = D ln(2 pi I0(kappa)); or kappa cos(x_1 + ... + x_D - m), with log Z = D ln 2 pi + ln I0(kappa), since the sum of
/// uniform angles is uniform. The three of Rezende, Papamakarios et al. 2020, arXiv:2002.02428, are here by name.</para>
/// <para>Shapes: x is (B, D), angles in radians, of any turn; log-densities are (B), in nats.</para>
/// </remarks>
/// <example><code>
/// foreach (var target in TorusEnergy.All) Console.WriteLine($"{target.Name}: log Z {target.LogNormalizer:F6}, entropy {target.Entropy:F6}");
/// // => unimodal: log Z 4.147583, entropy 3.254803
/// // => multimodal: log Z 4.147583, entropy 3.602380
/// // => correlated: log Z 3.911668, entropy 3.465279
/// manual_seed(0);
/// Console.WriteLine(TorusEnergy.Multimodal.Sample(100));        // => [100x2], type = Float64, device = cpu
/// </code></example>
public sealed class TorusEnergy : UnnormalizedDensity
{
    private const double Turn = 2 * Math.PI;

    private readonly Tensor means;                    // (K, D), float64; (1, 1), the mean of the sum, if isOfSum
    private readonly bool isOfSum;
    private readonly Lazy<double> entropy;

    /// <summary>The mean of K products of bumps.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="means">m, (K, D), finite angles, one bump a row.</param>
    /// <param name="concentration">kappa > 0, of every angle.</param>
    /// <exception cref="ArgumentException">The means are not such.</exception>
    public TorusEnergy(string name, Tensor means, double concentration = 1) : this(name, Kept(means, nameof(means)), means.size(1), concentration, isOfSum: false)
    {
    }

    private TorusEnergy(string name, Tensor means, long angles, double concentration, bool isOfSum) : base(name, angles)
    {
        if (!(concentration > 0) || !double.IsFinite(concentration)) throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "Expected a finite number > 0.");
        (this.means, Concentration, this.isOfSum) = (means, concentration, isOfSum);
        entropy = new(ComputeEntropy);
    }

    /// <summary>One mode on the torus T².</summary>
    public static TorusEnergy Unimodal { get; } = Paper("unimodal", new[,] { { 4.18, 5.96 } });

    /// <summary>Three modes on T².</summary>
    public static TorusEnergy Multimodal { get; } = Paper("multimodal", new[,] { { 0.21, 2.85 }, { 1.89, 6.18 }, { 3.77, 1.56 } });

    /// <summary>A ridge around T²: only the sum of both angles matters.</summary>
    public static TorusEnergy Correlated { get; } = OfSum("correlated", mean: 1.94);

    /// <summary>The paper's three.</summary>
    public static IReadOnlyList<TorusEnergy> All { get; } = [Unimodal, Multimodal, Correlated];

    /// <summary>A bump of the sum of the angles.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="mean">m, finite.</param>
    /// <param name="concentration">kappa > 0.</param>
    /// <param name="angles">D >= 1.</param>
    public static TorusEnergy OfSum(string name, double mean, double concentration = 1, long angles = 2)
    {
        Guard.Finite(mean);
        Guard.Size(angles, least: 1);
        using var scope = NewDisposeScope();
        return new(name, Kept(full([1, 1], mean, dtype: float64, device: CPU), nameof(mean)), angles, concentration, isOfSum: true);
    }

    /// <summary>kappa.</summary>
    public double Concentration { get; }

    /// <summary>The centers of the bumps, (K, D), float64, as for <see cref="Inference.ModeMasses"/>; none, (0, D), for a bump of the sum, which has no modes that mass could be shared among: <see cref="Inference.ModeMasses"/> refuses these. They belong to the caller's dispose scope.</summary>
    public Tensor Means => isOfSum ? zeros([0, EventShape[0]], dtype: float64, device: CPU) : means.clone();

    /// <inheritdoc/>
    public override double LogNormalizer => EventShape[0] * Math.Log(Turn) + means.size(1) * (Concentration + OfConcentration(SpecialFunctions.LogI0e));

    /// <summary>Differential entropy of p = p~ / Z, nats: in closed form for a single bump, else by the trapezoidal rule to nine digits.</summary>
    /// <exception cref="NotSupportedException">There is more than one bump and more than three angles: too many for quadrature.</exception>
    public override double Entropy => entropy.Value;

    /// <summary>Independent draws of p, (count, D), angles in [0, 2 pi), float64 on the CPU.</summary>
    /// <param name="count">How many, >= 0.</param>
    public Tensor Sample(long count)
    {
        Guard.Size(count);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var bump = randint(0, means.size(0), [count], dtype: int64, device: CPU);
        var x = means.index_select(0, bump) + BestFisher.Sample(full([count, means.size(1)], Concentration, dtype: float64, device: CPU));
        if (isOfSum)
        {
            var others = rand([count, EventShape[0] - 1], dtype: float64, device: CPU) * Turn;
            x = cat([others, x - others.sum(1, keepdim: true)], dim: 1);
        }
        return scope.MoveToOuter(CircleMap.Wrap(x));
    }

    /// <inheritdoc/>
    protected override Tensor LogDensityCore(Tensor x)
    {
        var centers = Like(means, x);
        return isOfSum
            ? (x.sum(1) - centers.select(0, 0)).cos() * Concentration
            : ((x.unsqueeze(1) - centers).cos().sum(2) * Concentration).logsumexp(1) - Math.Log(centers.size(0));        // (B, K, D) to (B)
    }

    private double ComputeEntropy()
    {
        if (means.size(0) == 1) return LogNormalizer - means.size(1) * Concentration * (1 - OfConcentration(SpecialFunctions.OneMinusResultant));

        long angles = EventShape[0];
        double resolution = Math.Ceiling(60 + 20 * Math.Sqrt(Concentration));
        if (angles > 3 || Math.Pow(resolution, angles) > 2e7)
            throw new NotSupportedException($"The entropy of {means.size(0)} bumps is found by quadrature, for at most three angles and concentrations that a grid of 2e7 points resolves; there are {angles} angles of concentration {Concentration}.");
        using var circle = QuadratureRule.Circle((int)resolution);
        using var square = angles > 1 ? circle.Times(circle) : null;
        using var cube = angles > 2 ? square!.Times(circle) : null;
        return -(cube ?? square ?? circle).Integrate(x =>
        {
            var logP = LogProb(x);
            return (logP.exp() * logP).nan_to_num(nan: 0);                    // p ln p = 0 where p = 0
        });
    }

    private double OfConcentration(Func<Tensor, Tensor> f)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return f(full([1], Concentration, dtype: float64, device: CPU)).ToDouble();
    }

    private static TorusEnergy Paper(string name, double[,] means)
    {
        using var scope = NewDisposeScope();
        return new(name, tensor(means, dtype: float64, device: CPU));
    }
}
