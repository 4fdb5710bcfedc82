using FlowKit.Integration;
using Bessel = MathNet.Numerics.SpecialFunctions;

namespace FlowKit.Data;

/// <summary>Joint angles of an arm of n unit links in the plane whose end should be near a point: log p~(x) = -|f(x) - y|² / (2 sigma²) on the torus T^n, with exact normalizer, moments and draws.</summary>
/// <remarks>
/// <para>f(x) is the sum of (cos a_i, sin a_i) over the links' directions a, which are the running sums of the angles x, each counted from the link before it, or the angles themselves. The change from one to the other is a
/// shear of the torus by whole numbers: it preserves volume, so that Z and the entropy are the same for both. For uniform directions E[exp(ik·f)] = J0(|k|)^n (Kluyver 1906), thus
/// Z = (2 pi)^n sigma² ∫ k exp(-sigma² k² / 2) J0(k)^n J0(|y| k) dk over k > 0, and the moments are its derivatives.</para>
/// <para>After the six-link arm of Rezende, Papamakarios et al. 2020, arXiv:2002.02428; unit links, the target at distance 3 and sigma = 0.2 are our choice.</para>
/// <para>Shapes: x is (B, n), radians of any turn; log-densities are (B), in nats.</para>
/// </remarks>
/// <example><code>
/// var arm = new PlanarArm();
/// Console.WriteLine($"{arm.LogNormalizer:F4}, entropy {arm.Entropy:F4}");           // => 5.2850, entropy 6.2886
/// manual_seed(0);
/// var x = arm.Sample(1000);
/// Console.WriteLine(arm.Joints(x));                                                 // => [1000x7x2], type = Float64, device = cpu
/// Console.WriteLine((arm.End(x) - tensor(new[] { 3.0, 0 })).abs().max().ToDouble() &lt; 1);  // => True
/// </code></example>
public sealed class PlanarArm : UnnormalizedDensity
{
    private const int Batch = 200_000;
    private const double MostProposals = 2e9;

    private readonly double x, y;
    private readonly Lazy<(double Share, double Energy, double Along)> truth;

    /// <summary>An arm that begins at (0, 0).</summary>
    /// <param name="links">n, 1 to 50.</param>
    /// <param name="x">The first coordinate of the point y that its end should be near; y is within reach, |y| &lt;= n.</param>
    /// <param name="y">The second.</param>
    /// <param name="sigma">How near, in [0.01, 100].</param>
    /// <param name="relative">Whether each angle is counted from the link before it; if not, all are counted from the first axis.</param>
    public PlanarArm(int links = 6, double x = 3, double y = 0, double sigma = 0.2, bool relative = true) : base("arm", links is >= 1 and <= 50
        ? links
        : throw new ArgumentOutOfRangeException(nameof(links), links, "Expected a number from 1 to 50."))
    {
        Guard.Finite(x);
        Guard.Finite(y);
        if (double.Hypot(x, y) > links) throw new ArgumentOutOfRangeException(nameof(x), x, $"({x}, {y}) is out of reach of {links} links of length 1; expected a distance of at most {links}.");
        if (!(sigma is >= 0.01 and <= 100)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Expected a number in [0.01, 100].");
        (this.x, this.y, Sigma, IsRelative, Links) = (x, y, sigma, relative, links);
        truth = new(Integrate);
    }

    /// <summary>n.</summary>
    public int Links { get; }

    /// <summary>y, where the end should be.</summary>
    public (double X, double Y) Target => (x, y);

    /// <summary>sigma.</summary>
    public double Sigma { get; }

    /// <summary>Whether each angle is counted from the link before it.</summary>
    public bool IsRelative { get; }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Z is so small beside what cancels in its integral that too few digits would be left: the point is at the edge of the reach of many links.</exception>
    public override double LogNormalizer => Links * Math.Log(2 * Math.PI) + Math.Log(truth.Value.Share);

    /// <summary>Differential entropy of p = p~ / Z, nats: log Z + E[|f - y|²] / (2 sigma²).</summary>
    /// <exception cref="NotSupportedException">As for <see cref="LogNormalizer"/>.</exception>
    public override double Entropy => LogNormalizer + truth.Value.Energy;

    /// <summary>E[cos x_i] under p, one for each angle: exact, where a sampler or a flow can be tested.</summary>
    /// <remarks>All directions have one law: E[f·y/|y|] = n E[cos(a_i - arg y)], and E[|f|²] = n + n (n - 1) E[cos(a_i - a_j)].</remarks>
    /// <exception cref="NotSupportedException">As for <see cref="LogNormalizer"/>.</exception>
    public IReadOnlyList<double> MeanCosines
    {
        get
        {
            double distance = double.Hypot(x, y), along = truth.Value.Along;
            double square = 2 * Sigma * Sigma * truth.Value.Energy + 2 * distance * along - distance * distance;          // E[|f|²]
            double first = distance > 0 ? along / Links * x / distance : 0;
            double others = Links > 1 ? (square - Links) / (Links * (Links - 1.0)) : 0;
            return [.. Enumerable.Range(0, Links).Select(i => i == 0 || !IsRelative ? first : others)];
        }
    }

    /// <summary>Where the base, the joints and the end are: (B, n) to (B, n + 1, 2), with gradients.</summary>
    /// <param name="angles">x, (B, n).</param>
    public Tensor Joints(Tensor angles)
    {
        Guard.Batch(angles, EventShape);
        Guard.Floating(angles, nameof(PlanarArm), float32);
        using var scope = NewDisposeScope();
        var steps = Steps(angles).cumsum(1);
        return scope.MoveToOuter(cat([zeros_like(steps.narrow(1, 0, 1)), steps], dim: 1));
    }

    /// <summary>f(x), where the end is: (B, n) to (B, 2), with gradients.</summary>
    /// <param name="angles">x, (B, n).</param>
    public Tensor End(Tensor angles)
    {
        Guard.Batch(angles, EventShape);
        Guard.Floating(angles, nameof(PlanarArm), float32);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Steps(angles).sum(1));
    }

    /// <summary>Independent draws of p, (count, n), angles in [0, 2 pi), float64 on the CPU: by rejection from the uniform law, of which the share Z / (2 pi)^n is accepted, 0.3 % for the arm by default.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <exception cref="NotSupportedException">Some 2e9 proposals or more would be needed; or as for <see cref="LogNormalizer"/>.</exception>
    public Tensor Sample(long count)
    {
        Guard.Size(count);
        if (count / truth.Value.Share > MostProposals)
            throw new NotSupportedException($"{count} draws need some {count / truth.Value.Share:G2} proposals, as {truth.Value.Share:G2} of them are accepted; at most {MostProposals:G1} are made. Use {nameof(Inference.HamiltonianMonteCarlo)}.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var kept = new List<Tensor> { zeros([0, Links], dtype: float64, device: CPU) };
        for (long found = 0; found < count; found += kept[^1].size(0))
        {
            using var part = NewDisposeScope();
            var proposal = rand([Batch, Links], dtype: float64, device: CPU) * (2 * Math.PI);
            var accepted = rand([Batch], dtype: float64, device: CPU).log().lt(LogDensityCore(proposal)).nonzero().flatten();
            kept.Add(part.MoveToOuter(proposal.index_select(0, accepted)));
        }
        return scope.MoveToOuter(cat(kept).narrow(0, 0, count).clone());
    }

    /// <inheritdoc/>
    protected override Tensor LogDensityCore(Tensor x)
    {
        var end = Steps(x).sum(1);
        return ((end.select(1, 0) - this.x).square() + (end.select(1, 1) - y).square()) / (-2 * Sigma * Sigma);
    }

    // (B, n, 2): each link as a vector.
    private Tensor Steps(Tensor angles)
    {
        var directions = IsRelative ? angles.cumsum(1) : angles;
        return stack([directions.cos(), directions.sin()], dim: 2);
    }

    // E[exp(log p~)] under the uniform law, E[-log p~] under p, and E[f·y/|y|] under p.
    private (double Share, double Energy, double Along) Integrate()
    {
        double distance = double.Hypot(x, y), end = 9 / Sigma, variance = Sigma * Sigma;      // e^(-81/2) is 3e-18
        double[] breaks = [.. Enumerable.Range(1, (int)Math.Min(end, 1000)).Select(k => k * Math.Max(1, end / 1000))];
        double share = variance * Over((k, j) => k * j * Bessel.BesselJ(0, distance * k));
        double size = variance * Over((k, j) => k * Math.Abs(j) * Math.Min(1, 1 / Math.Sqrt(distance * k)));
        if (!(share > 1e-7 * size))
            throw new NotSupportedException($"The normalizer of {Links} links that end at distance {distance:G4} with sigma = {Sigma} is {share:G3} of the torus, too small for its integral, whose terms of size {size:G3} cancel.");
        double bySigma = variance * variance * Over((k, j) => k * k * k * j * Bessel.BesselJ(0, distance * k));
        double byDistance = variance * Over((k, j) => -k * k * j * Bessel.BesselJ(1, distance * k));
        return (share, 1 - bySigma / share / 2, distance + variance * byDistance / share);

        double Over(Func<double, double, double> f) => AdaptiveQuadrature.Integrate(k => Math.Exp(-variance * k * k / 2) * f(k, Math.Pow(Bessel.BesselJ(0, k), Links)), 0, end, breaks);
    }
}
