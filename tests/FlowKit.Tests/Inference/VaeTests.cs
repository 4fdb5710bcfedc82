using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Inference;

public class VaeTests
{
    private static readonly LinearGaussian Truth = new(tensor(new[,] { { 1.0, 0.9 }, { 0.5, -0.2 }, { 1.5, 1.2 } }), noise: 0.6, mean: tensor(new[] { 0.5, -1, 0 }));

    [Fact]
    public void The_marginal_and_the_posterior_of_a_linear_Gaussian_obey_Bayes()
    {
        manual_seed(1);
        var x = Draw(20);
        var (mean, covariance) = Truth.Posterior(x);
        var z = randn(20, 2, dtype: float64);
        var vae = Truth.WithPosterior(Conditional());
        var joint = vae.Likelihood.LogProb(x, z) + vae.Prior.LogProb(z);
        var posterior = new MultivariateNormal(zeros(2, dtype: float64), covariance).to(float64);
        InRange(Distance(joint - posterior.LogProb(z - mean), Truth.Marginal.LogProb(x)), 1e-10);
    }

    [Fact]
    public void Bounds_are_ordered_and_end_at_the_evidence()
    {
        manual_seed(2);
        var vae = Truth.WithPosterior(Conditional());
        var x = Draw(2000);
        Trainer.Fit(vae, x, options: new() { Steps = 300, LearningRate = 0.03, Threads = 1 });
        using var none = no_grad();
        var exact = Truth.Marginal.LogProb(x);

        // Each bound below the next one, and the last below the evidence: means of differences, in standard errors.
        Tensor[] bounds = [vae.Elbo(x, 4), vae.ImportanceWeighted(x, 4), vae.ImportanceWeighted(x, 8), vae.ImportanceWeighted(x, 64), exact];
        foreach (var (lower, higher) in bounds.Zip(bounds.Skip(1)))
        {
            var gain = Estimate.Of(higher - lower);
            Assert.True(gain.Mean > -4 * gain.StandardError, gain.ToString());
        }
        var (first, last) = (Estimate.Of(exact - bounds[0]), Estimate.Of(exact - bounds[3]));
        Assert.Equal(Truth.MeanFieldGap, first.Mean, 4 * first.StandardError + 0.02);
        Assert.InRange(last.Mean, -4 * last.StandardError, first.Mean / 3);
    }

    [Fact]
    public void The_best_factorized_posterior_misses_the_known_gap_and_one_of_full_covariance_nothing()
    {
        Assert.Equal(Truth.MeanFieldGap, Gap(Conditional()), 0.01);
        Assert.Equal(0, Gap(MultivariateNormal.Conditional(2, 3, (inputs, outputs) => new Mlp(inputs, outputs, []))), 2e-3);
        Assert.Equal(0, Gap(Iaf.Create(2, steps: 1, hidden: [], contextShape: 3)), 5e-3);
        Assert.True(Truth.MeanFieldGap > 0.1);

        static double Gap(Distribution posterior)
        {
            manual_seed(3);
            posterior.to(float64);
            var vae = Truth.WithPosterior(posterior);
            Trainer.Fit(vae, Truth.Marginal.to(float64), new() { Steps = 1500, LearningRate = 0.03, Threads = 1 });
            using var none = no_grad();
            var x = Truth.Marginal.Sample(4000);
            return (Truth.Marginal.LogProb(x) - vae.Elbo(x, 20)).mean().ToDouble();
        }
    }

    [Fact]
    public void The_free_energy_is_minus_the_ELBO_and_its_weights_count_where_they_say()
    {
        var vae = Truth.WithPosterior(Shaken(Conditional(), 0.5));
        var x = randn(50, 3, dtype: float64);
        Assert.Equal(-Same(() => vae.Elbo(x).mean()), Same(() => vae.FreeEnergy(x)), 1e-12);

        manual_seed(5);
        var terms = vae.Terms(x);
        double likelihood = terms.LogLikelihood.mean().ToDouble(), prior = terms.LogPrior.mean().ToDouble(), posterior = terms.LogPosterior.mean().ToDouble();
        Assert.Equal((posterior - prior) * 0.3 - likelihood, Same(() => vae.FreeEnergy(x, klWeight: 0.3)), 1e-12);
        Assert.Equal(posterior - (prior + likelihood) * 0.3, Same(() => vae.FreeEnergy(x, jointWeight: 0.3)), 1e-12);
        Assert.Equal(100 - likelihood, Same(() => vae.FreeEnergy(x, freeBits: 100)), 1e-12);
        Assert.True(posterior - prior > 1e-3);
        Assert.Equal(posterior - prior - likelihood, Same(() => vae.FreeEnergy(x, freeBits: 1e-3)), 1e-12);

        static double Same(Func<Tensor> f)
        {
            manual_seed(5);
            return f().ToDouble();
        }
    }

    [Fact]
    public void Chunks_of_draws_are_draws()
    {
        manual_seed(4);
        var vae = Truth.WithPosterior(Conditional());
        using var none = no_grad();
        var x = randn(3000, 3, dtype: float64);
        var bound = vae.ImportanceWeighted(x, 50);                            // more than one chunk
        Assert.Equal([3000], bound.shape);
        var difference = Estimate.Of(vae.Terms(x, 50).LogWeights.logsumexp(0) - Math.Log(50) - bound);
        Assert.InRange(difference.Mean, -4.5 * difference.StandardError, 4.5 * difference.StandardError);
    }

    [Fact]
    public void An_encoder_is_what_the_posterior_reads()
    {
        manual_seed(6);
        var encoder = nn.Sequential(nn.Linear(3, 4), nn.Tanh());
        var likelihood = new Normal().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, [8]), 3);
        var vae = new Vae(new StandardNormal(2), Iaf.Create(2, steps: 2, hidden: [8], contextShape: 4), likelihood, encoder);
        vae.FreeEnergy(randn(10, 3)).backward();
        Assert.All(encoder.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().ToBoolean()));
        Assert.Contains(vae.state_dict().Keys, key => key.StartsWith("encoder.", StringComparison.Ordinal));
        Assert.Equal([7, 3], vae.Sample(7).shape);
    }

    [Fact]
    public void Gray_levels_and_binary_images_are_taken_as_they_are()
    {
        manual_seed(7);
        var levels = randint(0, 16, [10, 1, 8, 8], dtype: uint8);
        var vae = new Vae(
            new StandardNormal(3),
            new Normal().Conditional([1, 8, 8], (inputs, outputs) => new DownsamplingNet([inputs, 8, 8], outputs, width: 4), 3),
            new DiscretizedLogistic(16).Conditional(3, (inputs, outputs) => new UpsamplingNet(inputs, outputs, 8, 8, channels: 4), 1, 8, 8));
        Assert.Equal([10], vae.LogProb(levels).shape);
        Assert.True(vae.LogProb(levels).isfinite().all().ToBoolean());

        var binary = new Vae(
            new StandardNormal(2), new Normal().Conditional(6, (inputs, outputs) => new Mlp(inputs, outputs, [8]), 2),
            new Bernoulli().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, [8]), 6));
        Assert.True(binary.LogProb(ones(4, 6)).isfinite().all().ToBoolean());
        Assert.True(binary.LogProb(full(4, 6, 0.5)).eq(double.NegativeInfinity).all().ToBoolean());
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_by_name()
    {
        var (prior, posterior, likelihood) = (new StandardNormal(2), Conditional(), new Normal().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, []), 3));
        Assert.Contains("(2)", Assert.Throws<ArgumentException>("posterior", () => new Vae(new StandardNormal(3), posterior, likelihood)).Message);
        Assert.Contains("(3)", Assert.Throws<ArgumentException>("posterior", () => new Vae(prior, posterior, new Normal().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, []), 4))).Message);
        Assert.Contains("no context", Assert.Throws<ArgumentException>("likelihood", () => new Vae(prior, posterior, new StandardNormal(3))).Message);
        Assert.Throws<ArgumentException>("prior", () => new Vae(Conditional(), posterior, likelihood));
        Assert.Throws<ArgumentException>("posterior", () => new Vae(prior, new StandardNormal(2), likelihood, nn.Linear(3, 2)));
        var vae = new Vae(prior, posterior, likelihood);
        Assert.Throws<ArgumentException>("x", () => vae.Terms(zeros(5, 4)));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => vae.Elbo(zeros(5, 3), 0));
        Assert.Throws<ArgumentOutOfRangeException>("freeBits", () => vae.FreeEnergy(zeros(5, 3), freeBits: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("klWeight", () => vae.FreeEnergy(zeros(5, 3), klWeight: -1));

        var stuck = new Vae(new VonMises().Fixed(zeros(2), ones(2)), new VonMises().Conditional(3, (inputs, outputs) => new Mlp(inputs, outputs, []), 2), likelihood);
        Assert.Contains("reparameterized", Assert.Throws<NotSupportedException>(() => stuck.Elbo(zeros(5, 3))).Message);
        using (no_grad()) Assert.Equal([5], stuck.Elbo(zeros(5, 3)).shape);
    }

    [Fact]
    public void There_is_nothing_at_infinity_and_NaN_stays()
    {
        manual_seed(8);
        var vae = Truth.WithPosterior(Conditional());
        var x = randn(4, 3, dtype: float64);
        using var none = no_grad();
        x[1, 0].fill_(double.PositiveInfinity);
        x[2, 2].fill_(double.NaN);
        foreach (var bound in (Tensor[])[vae.LogProb(x), vae.Elbo(x, 3), vae.ImportanceWeighted(x, 5)])
        {
            Assert.True(bound[0].isfinite().ToBoolean() && bound[3].isfinite().ToBoolean());
            Assert.Equal(double.NegativeInfinity, bound[1].ToDouble());
            Assert.True(bound[2].isnan().ToBoolean());
        }
    }

    [Fact]
    public void No_examples_have_no_bounds()
    {
        var vae = Truth.WithPosterior(Conditional());
        var x = zeros(0, 3, dtype: float64);
        Assert.Equal([0], vae.LogProb(x).shape);
        Assert.Equal([0], vae.ImportanceWeighted(x, 3).shape);
        Assert.Equal([3, 0], vae.Terms(x, 3).LogWeights.shape);
        Assert.Throws<ArgumentException>("x", () => vae.FreeEnergy(x));
    }

    private static Conditional Conditional()
    {
        var posterior = new Normal().Conditional(3, (inputs, outputs) => new Mlp(inputs, outputs, []), 2);
        posterior.to(float64);
        return posterior;
    }

    private static Tensor Draw(long count) => Truth.Marginal.to(float64).Sample(count);

    private static void InRange(double distance, double most) => Assert.InRange(distance, 0, most);
}
