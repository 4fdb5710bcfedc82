using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>phi(x) = sum over k of alpha_k / beta_k exp(beta_k (x·mu_k - 1)): K bumps around unit vectors mu_k, of the exponential-map sum-of-radial flow, EMSRE.</summary>
/// <remarks>
/// <para>Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.3.3; the potentials are those of Sei 2013, J. Korean Statist. Soc. 42, 524-537. alpha_k >= 0, sum of alpha_k &lt;= 1 and beta_k > 0
/// make the map a diffeomorphism.</para>
/// <para>alpha = 0.99 softmax(logits) without the last of K + 1 entries, so that the volume's factor stays above 1e-4; beta = exp(s/(1 + |s|/8)) of raw s, between e^-8 and e^8. At the start half of the sum is left and beta = 1, with mu uniform on the sphere.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var phi = new RadialPotential(dimension: 2, components: 5);
/// Console.WriteLine(phi.ParameterCount);                                                                   // => 26
/// Console.WriteLine(phi.Derivatives(new UniformSphere(2).Sample(1000)).Gradient.norm(1).le(1).all().ToBoolean());  // => True
/// </code></example>
public sealed class RadialPotential : SpherePotential
{
    private const double Most = 0.99;         // of the sum of alpha
    private const double MostLogBeta = 8;     // bound of |ln beta|

    private readonly Parameter logits;        // (K + 1)
    private readonly Parameter centers;       // (K, D + 1), of any length
    private readonly Parameter logBeta;       // (K), raw

    /// <summary>K bumps at random places.</summary>
    /// <param name="dimension">D >= 1, of the sphere.</param>
    /// <param name="components">K >= 1.</param>
    public RadialPotential(long dimension, int components) : base(nameof(RadialPotential), dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        var dtype = get_default_dtype();
        var start = zeros(components + 1, dtype: dtype, device: CPU);
        start[-1] = Math.Log(components);
        (logits, logBeta) = (new Parameter(start), new Parameter(zeros(components, dtype: dtype, device: CPU)));
        centers = new Parameter(randn(components, dimension + 1, dtype: dtype, device: CPU));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsInvertible => true;

    internal override bool IsGentle => true;

    internal override string Detail => $"{logBeta.size(0)} bumps";

    private Tensor LogBeta => logBeta / (logBeta.abs() / MostLogBeta + 1);

    /// <inheritdoc/>
    protected override Tensor ValueCore(Tensor x)
    {
        var (bumps, beta, _) = Bumps(x);
        return (bumps / beta).sum(1);
    }

    /// <inheritdoc/>
    protected override (Tensor Gradient, Tensor Hessian) DerivativesCore(Tensor x)
    {
        var (bumps, beta, mu) = Bumps(x);
        var outer = (mu.unsqueeze(2) * mu.unsqueeze(1)).flatten(1);           // (K, (D + 1)²)
        return (bumps.mm(mu), (bumps * beta).mm(outer).view(-1, mu.size(1), mu.size(1)));
    }

    // alpha_k exp(beta_k (x·mu_k - 1)), (B, K), beta, (K), and mu, (K, D + 1). On the sphere x·mu - 1 is -|x - mu|² / 2, which keeps its digits next to mu, where a large beta needs them; x·mu gives the gradients.
    private (Tensor Bumps, Tensor Beta, Tensor Mu) Bumps(Tensor x)
    {
        var (mu, beta) = (centers / linalg.vector_norm(centers, 2, [1], keepdim: true).clamp_min(1e-18), LogBeta.exp());
        var logAlpha = logits.log_softmax(0).narrow(0, 0, beta.size(0)) + Math.Log(Most);
        var product = x.mm(mu.t());
        Tensor height;                                                        // x·mu - 1 without gradients
        using (no_grad()) height = (x.unsqueeze(1) - mu).square().sum(2).div_(-2);
        return (logAlpha.addcmul(product - product.detach() + height, beta, 1).exp(), beta, mu);
    }
}
