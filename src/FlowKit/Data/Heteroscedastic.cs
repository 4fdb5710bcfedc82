using FlowKit.Integration;

namespace FlowKit.Data;

/// <summary>x1 ~ N(0, 1), x2 | x1 ~ N(0, e^{a x1}): a normal whose spread depends on a neighbor. Its entropy is ln(2 pi e) = 2.837877 nats for every a.</summary>
/// <remarks>
/// One affine coupling that reads x1 represents it exactly; a volume-preserving flow over a scaled Gaussian cannot come below <see cref="VolumePreservingFloor"/>. The truth
/// that separates NICE (Dinh et al. 2015, arXiv:1410.8516) from RealNVP (Dinh et al. 2017, arXiv:1605.08803).
/// </remarks>
/// <example><code>
/// var data = new Heteroscedastic(strength: 2);
/// Console.WriteLine($"{data.Entropy:F4}");                // => 2.8379
/// Console.WriteLine($"{data.VolumePreservingFloor:F4}");  // => 2.9429
/// </code></example>
public sealed class Heteroscedastic : ToyDensity
{
    /// <summary>The density of that strength.</summary>
    /// <param name="strength">a, 0 &lt; a &lt;= 3.</param>
    public Heteroscedastic(double strength = 2) : base(nameof(Heteroscedastic))
    {
        if (!(strength is > 0 and <= 3)) throw new ArgumentOutOfRangeException(nameof(strength), strength, "Expected a number in (0, 3].");
        Strength = strength;
    }

    /// <summary>a.</summary>
    public double Strength { get; }

    /// <summary>The least -E[log q] of any volume-preserving flow over N(0, s² I), for any s: 1 + ln E[V], V(x) the area where the density exceeds p(x). Nats.</summary>
    /// <remarks>
    /// Such a flow's density is a rearrangement of the Gaussian's, and the best of them orders the plane by p, so that r² / 2 s² = V / (2 pi s²) with s² = E[V] / 2 pi. Here the set
    /// where p is larger is, in (x1, e = x2 e^{-a x1 / 2}), a disc of radius R about (-a/2, 0); its area in x is (4 pi R / a) e^{-a²/4} I1(a R / 2), and R has a Rice law. The
    /// expectation is one integral over R.
    /// </remarks>
    public double VolumePreservingFloor
    {
        get
        {
            double a = Strength;
            using var radius = QuadratureRule.Interval((0, 14 + 2 * a), resolution: 20_000);
            double logMeanArea = radius.LogNormalizer(r => LogArea(r.select(1, 0)) + LogRice(r.select(1, 0)));
            return 1 + logMeanArea;

            // I0 and I1 grow like e^x; the scaled ones do not.
            Tensor LogArea(Tensor r) => (r * special.i1e(r * (a / 2))).log() + r * (a / 2) + (Math.Log(4 * Math.PI / a) - a * a / 4);
            Tensor LogRice(Tensor r) => r.log() + special.i0e(r * (a / 2)).log() - (r - a / 2).square() / 2;
        }
    }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-8 * Math.Exp(4 * Strength), 8 * Math.Exp(4 * Strength));

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => Math.Log(2 * Math.PI * Math.E);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var x1 = x.select(1, 0);
        double largest = x.dtype == float64 ? 300 : 80;                       // an overflow would make gradients NaN; further out the density is 0 in any case
        var e = x.select(1, 1) * (x1 * (-Strength / 2)).clamp_max(largest).exp();
        return (x1.square() + e.square() + x1 * Strength) * -0.5 - Math.Log(2 * Math.PI);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var e = randn([count, 2], dtype: Dtype, device: Device);
        var x1 = e.select(1, 0);
        return stack([x1, e.select(1, 1) * (x1 * (Strength / 2)).exp()], dim: 1);
    }
}
