using FlowKit.Conditioners;
using FlowKit.Distributions;
using TorchSharp.Utils;

namespace FlowKit.Inference;

/// <summary>A variational autoencoder, p(x) = integral of p(x | z) p(z) dz, as a distribution whose log-prob is a bound: ln p(x) >= E_q[ln p(x | z) + ln p(z) - ln q(z | x)].</summary>
/// <remarks>
/// <para>Kingma, Welling 2014, arXiv:1312.6114; Rezende, Mohamed, Wierstra 2014, arXiv:1401.4082. Any reparameterized distribution of z given x is a posterior: factorized normal, full covariance, or a flow over one of
/// them (Rezende, Mohamed 2015, arXiv:1505.05770). A decoder is any distribution of x given z, as <c>new Bernoulli().Conditional(...)</c>, or with <see cref="Normal"/> or <see cref="DiscretizedLogistic"/>.</para>
/// <para>Shapes: x is (B, ...). <see cref="Distribution.LogProb"/> draws one z for each x, so that it trains by <c>Trainer.Fit</c>, and <c>Trainer.NegativeLogLikelihood</c> averages it over several.
/// What an encoder reads is x as the family of the likelihood encodes it, gray levels as numbers in [-1, 1].</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var x = (rand(200, 16) &lt; 0.3).to(float32);
/// var vae = new Vae(
///     prior: new StandardNormal(2),
///     posterior: new Normal().Conditional(16, (inputs, outputs) => new Mlp(inputs, outputs, [32]), 2),
///     likelihood: new Bernoulli().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, [32]), 16));
/// var warmUp = new Annealing(From: 0, Until: 0.5);
/// Trainer.Fit(vae, x, (batch, t) => vae.FreeEnergy(batch.X, klWeight: warmUp.At(t)), options: new() { Steps = 100, LearningRate = 1e-2 });
/// using (no_grad()) Console.WriteLine(vae.ImportanceWeighted(x, draws: 64).mean().ToDouble() > -10.5);  // => True
/// Console.WriteLine(vae.Sample(5));  // => [5x16], type = Float32, device = cpu
/// </code></example>
public sealed class Vae : Distribution
{
    private const long MostNumbers = 4_000_000;      // of one chunk of draws: what its largest tensor may hold

    private readonly nn.Module<Tensor, Tensor>? encoder;

    /// <summary>The autoencoder of these parts.</summary>
    /// <param name="prior">p(z), without a context.</param>
    /// <param name="posterior">q(z | x). Its context is x, or h = encoder(x) where there is an encoder.</param>
    /// <param name="likelihood">p(x | z): its context has the shape of z.</param>
    /// <param name="encoder">A network (B, EventShape...) to (B, posterior.ContextShape...), run once for all draws of a z; null where the posterior reads x itself.</param>
    /// <exception cref="ArgumentException">The posterior's events are not the prior's, or a context is not what the part is given.</exception>
    public Vae(Distribution prior, Distribution posterior, Distribution likelihood, nn.Module<Tensor, Tensor>? encoder = null)
        : base(nameof(Vae), likelihood?.EventShape ?? throw new ArgumentNullException(nameof(likelihood)))
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(posterior);
        if (prior.ContextShape is not null) throw new ArgumentException($"The prior takes a context of shape {prior.ContextShape}; expected none.", nameof(prior));
        if (!posterior.EventShape.Equals(prior.EventShape))
            throw new ArgumentException($"The posterior is of events {posterior.EventShape}; the prior's latents are {prior.EventShape}.", nameof(posterior));
        if (encoder is null && posterior.ContextShape is { } read && read.Meet(EventShape) is null)
            throw new ArgumentException($"The posterior takes a context of shape {read}; without an encoder it is given x, of shape {EventShape}.", nameof(posterior));
        if (encoder is not null && posterior.ContextShape is null)
            throw new ArgumentException($"{posterior.GetName()} takes no context that an encoder could give.", nameof(posterior));
        if (likelihood.ContextShape?.Meet(prior.EventShape) is null)
            throw new ArgumentException($"The likelihood takes {(likelihood.ContextShape is { } taken ? $"a context of shape {taken}" : "no context")}; it is given z, of shape {prior.EventShape}.", nameof(likelihood));
        (Prior, Posterior, Likelihood, this.encoder) = (prior, posterior, likelihood, encoder);
        RegisterComponents();
    }

    /// <summary>p(z).</summary>
    [field: ComponentName(Name = "prior")]
    public Distribution Prior { get; }

    /// <summary>q(z | x), given x or what the encoder makes of it.</summary>
    [field: ComponentName(Name = "posterior")]
    public Distribution Posterior { get; }

    /// <summary>p(x | z).</summary>
    [field: ComponentName(Name = "likelihood")]
    public Distribution Likelihood { get; }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <summary>S draws z_s ~ q(z | x) for each x, and the log-probs of which every bound is made. Gradients flow through the draws.</summary>
    /// <param name="x">Examples, (B, EventShape...).</param>
    /// <param name="draws">S >= 1.</param>
    /// <exception cref="NotSupportedException">Gradients are wanted and do not flow through draws of the posterior: a bound would have the wrong ones.</exception>
    public BoundTerms Terms(Tensor x, int draws = 1)
    {
        Check(x, draws);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var terms = Terms(x, Condition(x), draws);
        scope.MoveToOuter(terms.Z, terms.LogLikelihood, terms.LogPrior);
        scope.MoveToOuter(terms.LogPosterior);
        return terms;
    }

    /// <summary>The evidence lower bound of ln p(x) by the mean over S draws, (B), nats.</summary>
    /// <inheritdoc cref="Terms(Tensor, int)"/>
    public Tensor Elbo(Tensor x, int draws = 1) => Bound(x, draws, weights => weights.mean([0]));

    /// <summary>The importance-weighted bound of ln p(x) by S draws, (B), nats: in expectation the ELBO for S = 1, it grows with S and tends to ln p(x).</summary>
    /// <remarks>Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519, eq. 8. Without gradients the draws are taken in chunks, so that thousands need little memory.</remarks>
    /// <inheritdoc cref="Terms(Tensor, int)"/>
    public Tensor ImportanceWeighted(Tensor x, int draws) => Bound(x, draws, ImportanceWeights.LogMean);

    /// <summary>What a training minimizes: the mean over examples of -a ln p(x | z) + b max(lambda, KL) with KL the batch's mean of ln q(z | x) - a ln p(z). A scalar, nats; minus the ELBO where a = b = 1, lambda = 0.</summary>
    /// <param name="x">Examples, (B, EventShape...), at least one.</param>
    /// <param name="klWeight">b >= 0, as by an <see cref="Training.Annealing"/> that warms the KL term up (Bowman et al. 2016, arXiv:1511.06349; Sønderby et al. 2016, arXiv:1602.02282).</param>
    /// <param name="jointWeight">a >= 0, the annealing of ln p(x, z) of Rezende, Mohamed 2015, arXiv:1505.05770, section 6.</param>
    /// <param name="freeBits">lambda >= 0, nats that z may tell of x for free: it keeps a strong decoder from ignoring z (Kingma et al. 2016, arXiv:1606.04934, appendix C.8; all of z is one group).</param>
    public Tensor FreeEnergy(Tensor x, double klWeight = 1, double jointWeight = 1, double freeBits = 0)
    {
        Guard.Weight(klWeight);
        Guard.Weight(jointWeight);
        Guard.Weight(freeBits);
        Check(x, 1);
        if (x.size(0) == 0) throw new ArgumentException("x holds no examples: their mean is no number.", nameof(x));
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var terms = Terms(x, Condition(x), 1);
        var kl = (terms.LogPosterior - terms.LogPrior * jointWeight).mean();
        if (freeBits > 0) kl = kl.clamp_min(freeBits);
        return scope.MoveToOuter(kl * klWeight - terms.LogLikelihood.mean() * jointWeight);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => Elbo(x);

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Likelihood.Sample(count, Prior.Sample(count));

    private void Check(Tensor x, int draws)
    {
        Guard.Batch(x, EventShape);
        Guard.Real(x);
        Guard.Place(x, Place, GetName());
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (is_grad_enabled() && !Posterior.IsReparameterized)
            throw new NotSupportedException($"Gradients do not flow through draws of the posterior, {Posterior.GetName()}, so that a bound would have the wrong ones. Use a reparameterized posterior, or no_grad() for the value alone.");
    }

    /// <summary>The context of the posterior, a row for each x; null if it takes none.</summary>
    private Tensor? Condition(Tensor x)
    {
        if (Posterior.ContextShape is null) return null;
        var read = (Likelihood is FamilyDistribution { Family: var family } ? family.Encode(x) : x).to(Dtype);
        return encoder is null ? read : ContextEmbedding.Embed(encoder, read, Dtype, GetName());
    }

    private BoundTerms Terms(Tensor x, Tensor? condition, int draws)
    {
        long rows = x.size(0);
        var (z, logQ) = Posterior.SampleWithLogProb(draws * rows, Repeat(condition, draws));
        var (logLikelihood, logPrior) = (Likelihood.LogProb(Repeat(x, draws)!, z), Prior.LogProb(z));
        return new(z.view([draws, rows, .. Prior.EventShape]), PerDraw(logLikelihood), PerDraw(logPrior), PerDraw(logQ));

        Tensor PerDraw(Tensor logProb) => logProb.view(draws, rows);
    }

    private Tensor Bound(Tensor x, int draws, Func<Tensor, Tensor> reduce)
    {
        Check(x, draws);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(NothingAtInfinity(x, x => reduce(LogWeights(x, draws))));
    }

    private Tensor LogWeights(Tensor x, int draws)
    {
        var condition = Condition(x);
        if (is_grad_enabled()) return Terms(x, condition, draws).LogWeights;

        int chunk = (int)Math.Clamp(MostNumbers / Math.Max(1, x.size(0) * Math.Max(Dimensions, 256)), 1, draws);
        var parts = new List<Tensor>();
        for (int done = 0; done < draws; done += chunk)
        {
            using var part = NewDisposeScope();
            parts.Add(part.MoveToOuter(Terms(x, condition, Math.Min(chunk, draws - done)).LogWeights));
        }
        return cat(parts);
    }

    // Row b of copy s stands at s B + b.
    private static Tensor? Repeat(Tensor? rows, int draws) => draws == 1 || rows is null ? rows : rows.unsqueeze(0).expand([draws, .. rows.shape]).flatten(0, 1);
}
