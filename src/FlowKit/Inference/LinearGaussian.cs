using FlowKit.Conditioners;
using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>z ~ N(0, I), x = W z + mu + s e with e ~ N(0, I): the one autoencoder whose evidence, posterior and mean-field gap are known exactly. Probabilistic PCA.</summary>
/// <remarks>
/// Tipping, Bishop 1999, Probabilistic principal component analysis, eq. 1-8. p(x) = N(mu, W Wᵀ + s² I); p(z | x) = N(Lambda⁻¹ Wᵀ (x - mu) / s², Lambda⁻¹) with the precision Lambda = I + WᵀW / s², the same for all x.
/// The best factorized normal posterior has the variances 1 / Lambda_ii, and its bound falls short of ln p(x) by (sum of ln Lambda_ii - ln det Lambda) / 2.
/// </remarks>
/// <example><code>
/// // Two latents that pull at the same data are correlated in the posterior, which a factorized law cannot be.
/// manual_seed(0);
/// var truth = new LinearGaussian(weights: tensor(new[,] { { 1f, 1 }, { 1, 0.5f } }), noise: 0.5);
/// Console.WriteLine($"{truth.MeanFieldGap:F4}");       // => 0.5493
/// var x = truth.Marginal.Sample(1000);
/// var vae = truth.WithPosterior(MultivariateNormal.Conditional(2, 2, (inputs, outputs) => new Mlp(inputs, outputs, [])));
/// Trainer.Fit(vae, x, options: new() { Steps = 600, LearningRate = 0.03, Threads = 1 });
/// using (no_grad()) Console.WriteLine(Math.Abs((vae.Elbo(x, draws: 10) - truth.Marginal.LogProb(x)).mean().ToDouble()) &lt; 0.02);  // => True
/// </code></example>
public sealed class LinearGaussian
{
    private readonly Tensor weights;          // W, (D, K), float64
    private readonly Tensor mean;             // mu, (D)
    private readonly double noise;

    /// <summary>The model of these parameters.</summary>
    /// <param name="weights">W, (D, K), finite.</param>
    /// <param name="noise">s > 0, the standard deviation of the noise.</param>
    /// <param name="mean">mu, (D); null for zero.</param>
    /// <exception cref="ArgumentException">W is no matrix, or the mean does not fit it.</exception>
    public LinearGaussian(Tensor weights, double noise, Tensor? mean = null)
    {
        Guard.Number(weights);
        if (weights.Dimensions != 2 || weights.size(0) == 0 || weights.size(1) == 0)
            throw new ArgumentException($"weights has shape {Guard.Describe(weights)}; expected (D, K).", nameof(weights));
        Guard.Finite(weights);
        if (!(noise > 0 && double.IsFinite(noise))) throw new ArgumentOutOfRangeException(nameof(noise), noise, "Expected a finite standard deviation > 0.");
        if (mean is not null)
        {
            Guard.Number(mean);
            Guard.Finite(mean);
            if (mean.Dimensions != 1 || mean.size(0) != weights.size(0))
                throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected ({weights.size(0)},), as weights has that many rows.", nameof(mean));
        }
        using var scope = NewDisposeScope();
        this.noise = noise;
        this.weights = Kept(weights);
        this.mean = mean is null ? zeros(weights.size(0), dtype: float64, device: CPU).DetachFromDisposeScope() : Kept(mean);
        Marginal = new MultivariateNormal(this.mean, this.weights.mm(this.weights.mT) + eye(Features, dtype: float64, device: CPU) * (noise * noise));

        static Tensor Kept(Tensor given) => given.detach().to(float64).cpu().clone().DetachFromDisposeScope();
    }

    /// <summary>Numbers in x, D.</summary>
    public long Features => weights.size(0);

    /// <summary>Numbers in z, K.</summary>
    public long Latents => weights.size(1);

    /// <summary>p(x), exact.</summary>
    public MultivariateNormal Marginal { get; }

    /// <summary>What the best factorized posterior's bound falls short of ln p(x), nats, the same for all x.</summary>
    public double MeanFieldGap
    {
        get
        {
            using var scope = NewDisposeScope();
            var precision = Precision();
            return (precision.diagonal(0, 0, 1).log().sum() - linalg.slogdet(precision).Item2).ToDouble() / 2;
        }
    }

    /// <summary>The mean of p(z | x), (B, K), and its covariance Lambda⁻¹, (K, K), in the precision of x.</summary>
    /// <param name="x">(B, D).</param>
    public (Tensor Mean, Tensor Covariance) Posterior(Tensor x)
    {
        Guard.Batch(x, Features);
        Guard.Real(x);
        using var scope = NewDisposeScope();
        var covariance = linalg.inv(Precision());
        var means = (x.to(float64).cpu() - mean).mm(weights).mm(covariance) / (noise * noise);
        var dtype = x.is_floating_point() ? x.dtype : get_default_dtype();
        return scope.MoveToOuter(means.to(dtype).to(x.device), covariance.to(dtype).to(x.device));
    }

    /// <summary>KL(q(z | x) || p(z | x)), (B), nats: what the bound of a normal posterior falls short of ln p(x), without noise. Gradients flow to the posterior.</summary>
    /// <param name="posterior">q(z | x), normal: factorized, multivariate, or a Gaussian copula with normal margins; of events (K), with a context (D), in the precision of x.</param>
    /// <param name="x">(B, D).</param>
    /// <exception cref="ArgumentException">The posterior's event or context is another.</exception>
    /// <exception cref="NotSupportedException">It is no normal law.</exception>
    public Tensor PosteriorGap(Distribution posterior, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        if (!posterior.EventShape.Equals(Latents)) throw new ArgumentException($"The posterior is of events {posterior.EventShape}; expected ({Latents}).", nameof(posterior));
        Guard.Batch(x, Features);
        Guard.Real(x);
        Guard.Context(x, posterior.ContextShape, x.size(0), posterior.GetName());
        using var scope = NewDisposeScope();
        var q = MeanAndCholesky.Of(posterior, x.size(0), x)
            ?? throw new NotSupportedException($"{posterior.GetName()} is no normal law: the gap is the mean of Marginal.LogProb(x) less the autoencoder's bound.");
        var (mean, covariance) = Posterior(x);
        return scope.MoveToOuter(q.Divergence(new(mean, linalg.cholesky(covariance).unsqueeze(0))).expand(x.size(0)).clone());
    }

    /// <summary>The autoencoder with the model's own prior and likelihood, which are not trained, and that posterior, whose precision and device it takes.</summary>
    /// <param name="posterior">q(z | x), of events (K), with a context (D).</param>
    /// <exception cref="ArgumentException">The posterior's event or context is another.</exception>
    public Vae WithPosterior(Distribution posterior)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var (dtype, device) = posterior.parameters().FirstOrDefault() is { } own ? (own.dtype, own.device) : (get_default_dtype(), CPU);
        var likelihood = new Normal().Conditional(Latents, (inputs, outputs) => new Mlp(inputs, outputs, []), Features);
        var vae = new Vae(new StandardNormal(Latents), posterior, likelihood);
        vae.to(dtype);
        vae.to(device);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] theta = [cat([weights, zeros_like(weights)]), cat([mean, full_like(mean, Math.Log(noise))])];        // (W z + mu, ln s)
        foreach (var (parameter, value) in likelihood.parameters().Zip(theta))
        {
            parameter.copy_(value);
            parameter.requires_grad = false;
        }
        return vae;
    }

    private Tensor Precision() => eye(Latents, dtype: float64, device: CPU) + weights.mT.mm(weights) / (noise * noise);
}
