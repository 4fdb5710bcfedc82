using FlowKit.Distributions;

namespace FlowKit.Transforms;

/// <summary>z = W (x - m) with the mean and the covariance C of given data, so that z has mean 0 and covariance 1. Fixed; saved with the model.</summary>
/// <remarks>
/// <para>With C = U Λ Uᵀ: zero-phase components (ZCA) W = U (Λ + ε)^{-1/2} Uᵀ, which stays as near to x as a whitening can; principal components (PCA) W = (Λ + ε)^{-1/2} Uᵀ, largest
/// first. ε > 0 makes it approximate: directions with less variance than ε are not blown up. A rank k makes it approximate in another way: only the k largest λ_i are kept, and the others are
/// replaced by their mean, which is the most likely covariance of that form (probabilistic principal components: Tipping, Bishop 1999, J. R. Stat. Soc. B 61(3), 611-622). Either way W has an
/// inverse, and log|det dz/dx| = -1/2 sum of ln(λ_i + ε) is exact, so that log-likelihoods are those of the data in its own units.</para>
/// <para>Bell, Sejnowski 1997, Vision Research 37, 3327-3338; as preprocessing of flows Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 5.1.</para>
/// <para>Shapes: x is (B, D) or (B, D, ...); W acts on dimension 1.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var x = new MultivariateNormal(tensor(new[] { 5.0, 0 }), tensor(new[,] { { 4.0, 1.9 }, { 1.9, 1 } })).Sample(1000);
/// var z = Whiten.Zca(x).Forward(x).Z;
/// Console.WriteLine(cov(z.mT).allclose(eye(2), atol: 1e-2));     // => True
/// Console.WriteLine(z.mean([0]).abs().max().ToDouble() &lt; 1e-4);  // => True
/// </code></example>
public sealed class Whiten : LinearTransform
{
    private readonly Tensor weight;
    private readonly Tensor inverse;
    private readonly Tensor shift;
    private readonly Tensor logAbsDet;

    private Whiten(Tensor weight, Tensor inverse, Tensor shift, Tensor logAbsDet) : base(nameof(Whiten), weight.size(0))
    {
        (this.weight, this.inverse, this.shift, this.logAbsDet) = (weight, inverse, shift, logAbsDet);
        RegisterComponents();
        this.to(weight.dtype);                                                // the precision of the data is the module's
    }

    /// <summary>Zero-phase whitening of that data.</summary>
    /// <param name="data">(N, D), N > 1.</param>
    /// <param name="epsilon">ε >= 0, in squared units of the data.</param>
    /// <param name="rank">k, 1..D: how many directions keep a variance of their own; null for all D.</param>
    /// <exception cref="ArgumentException">The shape is another, a value is not finite, or the covariance is singular and ε is 0.</exception>
    public static Whiten Zca(Tensor data, double epsilon = 0, long? rank = null) => Fit(data, epsilon, rank, zeroPhase: true);

    /// <summary>Principal components of that data, scaled to variance 1, largest first.</summary>
    /// <inheritdoc cref="Zca"/>
    public static Whiten Pca(Tensor data, double epsilon = 0, long? rank = null) => Fit(data, epsilon, rank, zeroPhase: false);

    private protected override Tensor? Bias => shift;

    private protected override Tensor Weight() => weight;

    private protected override Tensor InverseWeight() => inverse;

    private protected override Tensor? LogAbsDet() => logAbsDet;

    private static Whiten Fit(Tensor data, double epsilon, long? rank, bool zeroPhase)
    {
        Guard.Number(data);
        if (data.Dimensions != 2 || data.size(0) < 2 || data.size(1) < 1)
            throw new ArgumentException($"data has shape {Guard.Describe(data)}; expected (N, D) with N > 1.", nameof(data));
        if (!(epsilon >= 0) || !double.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number >= 0.");

        if (rank is < 1 || rank > data.size(1)) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"Expected 1..{data.size(1)}.");

        using var none = no_grad();
        using var scope = NewDisposeScope();
        Guard.Finite(data);
        var (mean, covariance) = SecondMoments.Of(data);
        var (ascending, columns) = linalg.eigh(covariance);
        var variance = ascending.flip(0).clamp(min: 0);                       // largest first
        var u = columns.flip(1);
        if (rank is { } kept && kept < variance.size(0))
        {
            var rest = variance.narrow(0, kept, variance.size(0) - kept);
            rest.copy_(rest.mean().expand_as(rest));
        }
        double least = variance.min().ToDouble() + epsilon, most = variance.max().ToDouble() + epsilon;
        if (least <= most * 1e-14)
            throw new ArgumentException($"The covariance of {data.size(0)} examples of {data.size(1)} features is singular (its eigenvalues run from {least:G3} to {most:G3}); give an epsilon > 0 or more examples.", nameof(data));

        var scale = (variance + epsilon).sqrt();
        var there = u.t() / scale.unsqueeze(1);                               // PCA; ZCA turns back
        var back = u * scale;
        if (zeroPhase) (there, back) = (u.mm(there), back.mm(u.t()));
        return new(Keep(there), Keep(back), Keep(there.mv(mean).neg()), Keep(scale.log().sum().neg()));

        Tensor Keep(Tensor exactly) => exactly.to(data.is_floating_point() ? data.dtype : get_default_dtype()).contiguous().clone();
    }
}
