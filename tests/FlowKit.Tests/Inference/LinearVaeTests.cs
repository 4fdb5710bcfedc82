using FlowKit.Conditioners;
using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Tests.Inference;

/// <summary>What a Gaussian-copula posterior adds, and what it cannot, where the truth is known: correlated latents, collapsed ones, skewed ones.</summary>
public class LinearVaeTests
{
    [Theory, InlineData(1.0, 0.5), InlineData(9.0, 0.9)]
    public void The_best_factorized_posterior_misses_what_the_correlation_costs_and_the_copula_nothing(double strength, double correlation)
    {
        // Both latents pull at one number: the precision is I + k 1 1ᵀ, of correlation k / (1 + k).
        manual_seed(1);
        var truth = new LinearGaussian(tensor(new[,] { { 1.0, 1 } }), noise: 1 / Math.Sqrt(strength));
        double gap = -Math.Log(1 - correlation * correlation) / 2;
        Assert.Equal(gap, truth.MeanFieldGap, 1e-12);

        var x = truth.Marginal.to(float64).Sample(200);
        var copula = new ConditionalGaussianCopula(new Normal(), 2, 1, (i, o) => new Mlp(i, o, []));
        Assert.Equal(gap, Fitted(new Normal().Conditional(1, (i, o) => new Mlp(i, o, []), 2)), 1e-3);
        Assert.Equal(0, Fitted(copula), 1e-3);
        Assert.Equal(-correlation, copula.Correlation(x)[0, 1, 0].ToDouble(), 2e-2);

        double Fitted(Distribution posterior)
        {
            posterior.to(float64);
            Trainer.Fit(posterior, () => truth.PosteriorGap(posterior, x).mean(), new() { Steps = 1000, LearningRate = 0.03, Threads = 1 });
            using var none = no_grad();
            return truth.PosteriorGap(posterior, x).mean().ToDouble();
        }
    }

    [Fact]
    public void The_gap_in_closed_form_is_what_the_bound_misses_on_average()
    {
        manual_seed(2);
        var truth = new LinearGaussian(tensor(new[,] { { 1.0, 0.9 }, { 0.5, -0.2 }, { 1.5, 1.2 } }), noise: 0.6, mean: tensor(new[] { 0.5, -1, 0 }));
        foreach (var posterior in new Distribution[] { new Normal().Conditional(3, (i, o) => new Mlp(i, o, []), 2), new ConditionalGaussianCopula(new Normal(), 2, 3, (i, o) => new Mlp(i, o, [])) })
        {
            FlowKit.Laws.Expect.Shaken(posterior, 0.3);
            using var none = no_grad();
            var x = truth.Marginal.to(float64).Sample(20_000);
            var vae = truth.WithPosterior(posterior);
            var missed = Estimate.Of(truth.Marginal.LogProb(x) - vae.Elbo(x, 4) - truth.PosteriorGap(posterior, x));
            Assert.InRange(missed.Mean, -4 * missed.StandardError, 4 * missed.StandardError);
            Assert.True(truth.PosteriorGap(posterior, x).min().ToDouble() > 0.01);
        }
        Assert.Throws<NotSupportedException>(() => truth.PosteriorGap(new Logistic().Conditional(3, (i, o) => new Mlp(i, o, []), 2), zeros(4, 3)));
        Assert.Throws<ArgumentException>("posterior", () => truth.PosteriorGap(new StandardNormal(3), zeros(4, 3)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Latents_below_the_noise_collapse_with_either_posterior(bool correlated)
    {
        manual_seed(3);
        var turn = linalg.qr(randn(5, 5, dtype: float64)).Q;
        var covariance = turn.mm(tensor(new[] { 4.0, 2, 1.3, 0.8, 0.3 }).diag()).mm(turn.t());
        var vae = new LinearVae((covariance + covariance.t()) / 2, noise: 1, latents: 4, correlated);
        vae.to(float64);
        double untrained = vae.Bound().ToDouble();
        Trainer.Fit(vae, () => -vae.Bound(), new() { Steps = 2000, LearningRate = 0.02, Threads = 1 });

        Assert.Equal([Math.Log(4) / 2, Math.Log(2) / 2, Math.Log(1.3) / 2, 0], vae.BestDivergences.Select(nats => Math.Round(nats, 12)), (a, b) => Math.Abs(a - b) < 1e-9);
        foreach (var (found, best) in vae.LatentDivergences().Zip(vae.BestDivergences)) Assert.Equal(best, found, best == 0 ? 1e-3 : 0.01);
        Assert.Equal(vae.BestBound, vae.Bound().ToDouble(), 1e-4);
        Assert.True(untrained < vae.BestBound - 0.5);
        Assert.Equal(4, vae.Correlation().trace().ToDouble(), 1e-9);
    }

    [Fact]
    public void The_exact_bound_is_that_of_an_autoencoder_with_draws()
    {
        manual_seed(4);
        var covariance = tensor(new[,] { { 2.0, 0.5, 0 }, { 0.5, 1, 0.2 }, { 0, 0.2, 0.7 } });
        var vae = FlowKit.Laws.Expect.Shaken(new LinearVae(covariance, noise: 0.8, latents: 2, correlated: true), 0.3);
        var state = vae.state_dict();
        var (w, v, scale, a) = (state["decoder"], state["encoder"], state["logScale"].exp(), state["correlation"].ToDouble());
        using var none = no_grad();
        var data = new MultivariateNormal(zeros(3, dtype: float64), covariance);
        data.to(float64);
        var x = data.Sample(40_000);
        var norm = Math.Sqrt(1 + a * a);
        var factor = tensor(new[,] { { 1, 0 }, { a / norm, 1 / norm } });
        var e = randn(40_000, 2, dtype: float64);
        var z = x.mm(v.t()) + e.mm(factor.t()) * scale;
        var logQ = e.square().sum(dim: 1) / -2 - scale.log().sum() + Math.Log(norm) - Math.Log(2 * Math.PI);
        var logJoint = z.square().sum(dim: 1) / -2 - Math.Log(2 * Math.PI) + ((x - z.mm(w.t())) / 0.8).square().sum(dim: 1) / -2 - 1.5 * Math.Log(2 * Math.PI * 0.64);
        var drawn = Estimate.Of(logJoint - logQ);
        Assert.InRange(drawn.Mean - vae.Bound().ToDouble(), -4 * drawn.StandardError, 4 * drawn.StandardError);
        Assert.Equal(a / norm, vae.Correlation()[1, 0].ToDouble(), 1e-12);
    }

    [Fact]
    public void Margins_that_can_be_skewed_fit_a_skewed_posterior_better_than_normal_ones()
    {
        // Two latents from Gumbel's law of maxima, seen through their difference: 0 = z_1 - z_2 + noise.
        const double Noise = 0.7;
        static Tensor LogJoint(Tensor z) => (z.neg() - z.neg().exp()).sum(dim: 1) - ((z.select(1, 0) - z.select(1, 1)) / Noise).square() / 2;

        var axis = linspace(-6, 16, 441, dtype: float64);
        var grid = cartesian_prod(axis, axis);
        double logCell = 2 * Math.Log(axis[1].ToDouble() - axis[0].ToDouble());
        double logEvidence = LogJoint(grid).logsumexp(0).ToDouble() + logCell;

        double normal = Fitted(new Normal()), bent = Fitted(new SinhArcsinh()), alone = Fitted(new SinhArcsinh(), correlated: false);
        Assert.InRange(bent, 0, normal / 2);
        Assert.InRange(alone, normal, 1);                                      // each needs the other: correlation and skewness

        double Fitted(Family margins, bool correlated = true)
        {
            manual_seed(5);
            var q = correlated
                ? new ConditionalGaussianCopula(margins, 2, 1, (i, o) => new Mlp(i, o, []))
                : (Distribution)margins.Conditional(1, (i, o) => new Mlp(i, o, []), 2);
            q.to(float64);
            var c = zeros(1, 1, dtype: float64);
            Trainer.Fit(q, () => Objectives.ReverseKl(q, LogJoint, draws: 256, logEvidence, c), new() { Steps = 800, LearningRate = 0.03, Threads = 1 });
            using var none = no_grad();
            var logQ = q.LogProb(grid, c);
            var mass = (logQ + logCell).exp();
            Assert.Equal(1, mass.sum().ToDouble(), 1e-4);
            return (mass * (logQ - LogJoint(grid) + logEvidence)).sum().ToDouble();
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("covariance", () => new LinearVae(zeros(2, 3), 1, 1));
        Assert.Throws<ArgumentException>("covariance", () => new LinearVae(zeros(2, 2), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => new LinearVae(eye(2), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("latents", () => new LinearVae(eye(2), 1, 3));
    }
}
