using FlowKit.Distributions;
using TorchSharp.Modules;

namespace FlowKit.Inference;

/// <summary>The linear autoencoder: x = W z + s e and q(z | x) = N(V x, S), with W, V and S learned and s fixed, for data of mean 0 and a known covariance. Its expected bound is exact, and so is what the best one does with every latent.</summary>
/// <remarks>
/// <para>E[ELBO] = -(D ln(2 pi s²) + (tr((I - W V) Sigma (I - W V)ᵀ) + tr(W S Wᵀ)) / s²) / 2 - (tr S + tr(V Sigma Vᵀ) - K - ln det S) / 2. The best W are the K leading eigenvectors of Sigma with eigenvalues lambda_k, each times
/// √(lambda_k - s²), and 0 where lambda_k &lt;= s² (Tipping, Bishop 1999, Probabilistic principal component analysis, eq. 14): latent k then tells ln(lambda_k / s²) / 2 nats of x, or nothing. Such a collapse is the optimum,
/// whatever the posterior can be.</para>
/// <para>S is diagonal, or D R D with the correlations R of a Gaussian copula (<see cref="Copulas.ConditionalGaussianCopula"/>). The module starts at small random weights; train it on minus <see cref="Bound"/>.</para>
/// </remarks>
/// <example><code>
/// // Data of variances 4 and 0.5, noise of variance 1: the second latent collapses.
/// manual_seed(0);
/// var vae = new LinearVae(covariance: tensor(new[] { 4.0, 0.5 }).diag(), noise: 1, latents: 2);
/// vae.to(float64);
/// Trainer.Fit(vae, () => -vae.Bound(), new() { Steps = 1000, LearningRate = 0.02, Threads = 1 });
/// Console.WriteLine(string.Join(" ", vae.LatentDivergences().Select(nats => $"{nats:F2}")));       // => 0.69 0.00
/// Console.WriteLine(string.Join(" ", vae.BestDivergences.Select(nats => $"{nats:F2}")));           // => 0.69 0.00
/// </code></example>
public sealed class LinearVae : FlowModule
{
    private readonly Parameter decoder;       // W, (D, K)
    private readonly Parameter encoder;       // V, (K, D)
    private readonly Parameter logScale;      // (K)
    private readonly Parameter? correlation;  // (K (K - 1) / 2)
    private readonly double noise;
    private readonly long features, latents;

    /// <summary>An autoencoder of data with that covariance.</summary>
    /// <param name="covariance">Sigma, (D, D), symmetric and positive definite.</param>
    /// <param name="noise">s > 0, the standard deviation of the decoder's noise.</param>
    /// <param name="latents">K, 1 to D.</param>
    /// <param name="correlated">Whether the posterior has correlations; without, S is diagonal.</param>
    /// <exception cref="ArgumentException">The covariance is not one, or a number is out of its range.</exception>
    public LinearVae(Tensor covariance, double noise, long latents, bool correlated = false) : base(nameof(LinearVae))
    {
        Guard.Number(covariance);
        if (covariance.Dimensions != 2 || covariance.size(0) != covariance.size(1) || covariance.size(0) == 0)
            throw new ArgumentException($"covariance has shape {Guard.Describe(covariance)}; expected (D, D).", nameof(covariance));
        if (!(noise > 0 && double.IsFinite(noise))) throw new ArgumentOutOfRangeException(nameof(noise), noise, "Expected a finite standard deviation > 0.");
        Guard.Size(latents, least: 1);
        (features, this.latents, this.noise) = (covariance.size(0), latents, noise);
        if (latents > features) throw new ArgumentOutOfRangeException(nameof(latents), latents, $"Expected at most {features}, as many as the data have features.");

        using var scope = NewDisposeScope();
        _ = CovarianceCholesky.Of(covariance);
        var sigma = covariance.detach().to(float64).cpu().clone();
        double[] eigenvalues = [.. linalg.eigvalsh(sigma).flip(0).data<double>()];
        BestDivergences = [.. eigenvalues.Take((int)latents).Select(lambda => Math.Max(0, Math.Log(lambda / (noise * noise)) / 2))];
        BestBound = -eigenvalues.Select((lambda, k) => k < latents ? Math.Max(lambda, noise * noise) : noise * noise).Zip(eigenvalues, (model, lambda) => Math.Log(2 * Math.PI * model) + lambda / model).Sum() / 2;
        SetConstant("sigma", sigma);
        if (latents > 1) SetConstant("places", CorrelationCholesky.Places(latents));
        decoder = Small(features, latents);
        encoder = Small(latents, features);
        logScale = new Parameter(zeros(latents, dtype: get_default_dtype(), device: CPU));
        if (correlated && latents > 1) correlation = new Parameter(zeros(CorrelationCholesky.Count(latents), dtype: get_default_dtype(), device: CPU));
        RegisterComponents();

        static Parameter Small(long rows, long columns) => new(randn(rows, columns, dtype: get_default_dtype(), device: CPU) * 0.1);
    }

    /// <summary>E[KL] of each latent at the best bound, ln(lambda_k / s²) / 2 or 0, largest first, nats.</summary>
    public IReadOnlyList<double> BestDivergences { get; }

    /// <summary>The largest E[ELBO], nats an example: the mean of ln p(x) of the best W, since its posterior is within reach.</summary>
    public double BestBound { get; }

    /// <summary>E[ELBO], exact, a scalar, nats an example.</summary>
    public Tensor Bound()
    {
        using var scope = NewDisposeScope();
        var (sigma, factor) = (GetConstant("sigma").to(Dtype), Factor());
        var rest = eye(features, dtype: Dtype, device: Device) - decoder.mm(encoder);
        var error = rest.mm(sigma).mul(rest).sum() + decoder.mm(factor.Scale).square().sum();              // E|x - W z|²
        var likelihood = (error / (noise * noise) + features * Math.Log(2 * Math.PI * noise * noise)) / -2;
        var divergence = (factor.Scale.square().sum() + encoder.mm(sigma).mul(encoder).sum() - latents) / 2 - factor.LogDet;
        return scope.MoveToOuter(likelihood - divergence);
    }

    /// <summary>E[KL(q(z_k | x) || N(0, 1))] of the latents in the principal directions of W, strongest first, nats: the bound does not change where z is turned.</summary>
    public IReadOnlyList<double> LatentDivergences()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var turn = linalg.svd(decoder.to(float64), fullMatrices: false).Vh;                                  // (K, K)
        var v = turn.mm(encoder.to(float64));
        var variance = turn.mm(Factor().Scale.to(float64)).square().sum(dim: 1);
        var all = (variance + v.mm(GetConstant("sigma").to(float64)).mul(v).sum(dim: 1) - 1 - variance.log()) / 2;
        return [.. all.cpu().data<double>()];
    }

    /// <summary>The correlations of the posterior, (K, K).</summary>
    public Tensor Correlation()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var scale = Copula().Scale[0];
        return scope.MoveToOuter(scale.mm(scale.mT));
    }

    // S = L Lᵀ: L and ln det L.
    private (Tensor Scale, Tensor LogDet) Factor()
    {
        var copula = Copula();
        var log = logScale.clamp(-80, 80);
        return (log.exp().unsqueeze(1) * copula.Scale[0], log.sum() + copula.LogDet[0]);
    }

    private CorrelationCholesky Copula() => correlation is null
        ? new(eye(latents, dtype: Dtype, device: Device).unsqueeze(0), zeros(1, dtype: Dtype, device: Device))
        : CorrelationCholesky.Of(correlation.unsqueeze(0), GetConstant("places"), latents);
}
