using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Inference;

public class ObjectivesTests
{
    [Fact]
    public void Forward_KL_is_the_mean_negative_log_likelihood()
    {
        var x = randn(50, 2);
        var p = new StandardNormal(2);
        Assert.Equal(-p.LogProb(x).mean().ToDouble(), Objectives.ForwardKl(p, x).ToDouble(), 1e-6);
    }

    [Fact]
    public void Reverse_KL_estimates_the_closed_form_and_its_gradient()
    {
        const int batches = 100, draws = 400;
        manual_seed(1);
        var (q, p) = (new Normal().Learned(2), new MultivariateNormal(tensor([1.0, 0.0]), tensor([1.0, 0.6, 0.6, 1.0], [2, 2])));
        q.to(float64);
        p.to(float64);
        Kl.Divergence(q, p).backward();
        var theta = q.parameters().Single();
        var exact = theta.grad!.clone();

        var (values, gradients) = (new List<double>(), new List<Tensor>());
        for (int i = 0; i < batches; i++)
        {
            q.zero_grad();
            var loss = Objectives.ReverseKl(q, x => p.LogProb(x) + 3, draws, logNormalizer: 3);
            loss.backward();
            values.Add(loss.ToDouble());
            gradients.Add(theta.grad!.clone());
        }
        var all = tensor(values.ToArray());
        Assert.InRange(all.mean().ToDouble() - Kl.Divergence(q, p).ToDouble(), -0.45 * all.std().ToDouble(), 0.45 * all.std().ToDouble());
        var g = stack(gradients, dim: 0);
        Assert.True(((g.mean([0]) - exact).abs() - g.std(0) * 0.45).max().ToDouble() < 0);
    }

    [Fact]
    public void Training_on_reverse_KL_reaches_the_target()
    {
        manual_seed(1);
        var (q, p) = (MultivariateNormal.Learned(2), new MultivariateNormal(tensor([1.0, -0.5]), tensor([1.0, 0.8, 0.8, 1.0], [2, 2])));
        Trainer.Fit(q, () => Objectives.ReverseKl(q, x => p.LogProb(x), draws: 128), new FitOptions { Steps = 400, LearningRate = 0.03, Threads = 1 });
        Assert.InRange(Kl.Divergence(q, p).ToDouble(), 0, 5e-3);
    }

    [Fact]
    public void Reverse_KL_through_draws_without_gradients_is_refused()
    {
        var q = new VonMises().Learned(1);
        Assert.Contains("VonMises", Assert.Throws<ArgumentException>("q", () => Objectives.ReverseKl(q, x => x.sum(1), 5)).Message.Replace("Factorized", "VonMises"));
        using (no_grad()) Assert.True(double.IsFinite(Objectives.ReverseKl(q, x => x.sum(1), 5).ToDouble()));
        Assert.Contains("(5, 1)", Assert.Throws<ArgumentException>("logTarget", () => Objectives.ReverseKl(new StandardNormal(1), x => x, 5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => Objectives.ReverseKl(new StandardNormal(1), x => x.sum(1), 0));
    }

    [Fact]
    public void A_target_that_is_no_log_density_is_refused_with_the_point()
    {
        manual_seed(3);
        var q = MultivariateNormal.Learned(2);
        foreach (var (target, value) in ((Func<Tensor, Tensor>, string)[])[(x => x.select(1, 0).log(), "NaN"), (x => 1 / x.select(1, 1).clamp_min(0), "Infinity")])
        {
            string message = Assert.Throws<ArgumentException>("logTarget", () => Objectives.ReverseKl(q, target, 50)).Message;
            Assert.Contains(value, message);
            Assert.Contains("at (", message);
        }
        Assert.Equal(double.PositiveInfinity, Objectives.ReverseKl(q, x => full_like(x.select(1, 0), double.NegativeInfinity), 50).ToDouble());

        // A model that is not finite is not the target's fault.
        using (no_grad())
            foreach (var parameter in q.parameters()) parameter.fill_(double.NaN);
        Assert.True(double.IsNaN(Objectives.ReverseKl(q, x => x.sum(1), 50).ToDouble()));
    }

    [Fact]
    public void A_target_that_fails_in_a_training_loses_nothing()
    {
        manual_seed(3);
        var q = MultivariateNormal.Learned(2);
        Assert.Throws<ArgumentException>("logTarget", () => Trainer.Fit(
            q, t => Objectives.ReverseKl(q, x => x.square().sum(1) * -0.5 + (t < 0.34 ? 0 : double.NaN), 50), new FitOptions { Steps = 20, Threads = 1 }));
        Assert.Equal(7, Trainer.LastHistory!.Train[^1].Step);
        Assert.All(q.parameters(), parameter => Assert.True(parameter.isfinite().all().ToBoolean()));
        Assert.False(q.training);
    }

    [Fact]
    public void A_weight_flattens_the_target()
    {
        manual_seed(4);
        var q = new StandardNormal(1);
        foreach (double beta in (double[])[0, 0.25, 1])
        {
            manual_seed(5);
            var (x, logQ) = q.SampleWithLogProb(100);
            manual_seed(5);
            Assert.Equal((logQ - beta * x.square().sum(1)).mean().ToDouble() + 0.5, Objectives.ReverseKl(q, x => x.square().sum(1), 100, logNormalizer: 0.5, targetWeight: beta).ToDouble(), 1e-5);
        }
        // Without weight a target counts nowhere, also where it has no mass.
        Assert.True(double.IsFinite(Objectives.ReverseKl(q, x => full_like(x.select(1, 0), double.NegativeInfinity), 5, targetWeight: 0).ToDouble()));
        foreach (double wrong in (double[])[-0.1, double.NaN, double.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>("targetWeight", () => Objectives.ReverseKl(q, x => x.sum(1), 5, targetWeight: wrong));
    }

    [Fact]
    public void A_flow_through_reverse_KL_gets_gradients()
    {
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        Objectives.ReverseKl(flow, x => x.square().sum(1) * -2, 16).backward();
        Assert.Contains(flow.parameters(), parameter => parameter.grad is { IsInvalid: false } && parameter.grad.abs().sum().ToDouble() > 0);
    }

    // z ~ N(0, 1), x | z ~ N(z, 1): p(x) = N(0, 2), the posterior is N(x/2, 1/2).
    [Fact]
    public void Bounds_grow_with_the_draws_towards_the_evidence()
    {
        manual_seed(1);
        const int repeats = 4000;
        double truth = LogNormal(1.5, 0, Math.Sqrt(2));
        var (logJoint, logQ) = Draws(256, repeats, mean: 0.2, sd: 1);

        double last = double.NegativeInfinity;
        foreach (int s in (int[])[1, 4, 16, 64, 256])
        {
            var bound = Objectives.ImportanceWeighted(logJoint.narrow(0, 0, s), logQ.narrow(0, 0, s));
            Assert.Equal([repeats], bound.shape);
            double mean = bound.mean().ToDouble(), error = bound.std().ToDouble() / Math.Sqrt(repeats);
            Assert.True(mean > last && mean < truth + 4.5 * error, $"{s}: {mean} after {last}, truth {truth}");
            last = mean;

            var evidence = bound.exp();                                       // unbiased for every S
            double evidenceError = evidence.std().ToDouble() / Math.Sqrt(repeats);
            Assert.InRange(evidence.mean().ToDouble() - Math.Exp(truth), -4.5 * evidenceError, 4.5 * evidenceError);
        }
        Assert.Equal(truth, last, 0.01);
    }

    [Fact]
    public void The_bound_of_a_model_with_noise_is_the_log_mean_of_its_draws_with_gradients()
    {
        manual_seed(1);
        var flow = new Flow(new Chain(new UniformDequantization(4), new Logit(), new LuLinear(2)), new StandardNormal(2));
        var x = randint(0, 4, [5, 2]);
        manual_seed(2);
        var log = cat([.. Enumerable.Repeat(x, 6)]);
        var draws = flow.LogProb(log).reshape(6, 5);
        manual_seed(2);
        var bound = Objectives.ImportanceWeighted(flow, x, draws: 6);
        Assert.InRange(Distance(bound, draws.logsumexp(0) - Math.Log(6)), 0, 1e-6);
        bound.mean().backward();
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
        Assert.Equal([0], Objectives.ImportanceWeighted(flow, x.narrow(0, 0, 0), draws: 3).shape);

        var exact = RealNvp.Create(2, layers: 2, hidden: [8], contextShape: 3);                // every draw is the same
        using (no_grad())
            foreach (var parameter in exact.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var (y, c) = (randn(5, 2), randn(5, 3));
        Assert.InRange(Distance(Objectives.ImportanceWeighted(exact, y, 3, c), exact.LogProb(y, c)), 0, 1e-5);
        Assert.InRange(Distance(Objectives.ImportanceWeighted(exact, y, 3, c.narrow(0, 1, 1)), exact.LogProb(y, c.narrow(0, 1, 1))), 0, 1e-5);

        Assert.Throws<ArgumentOutOfRangeException>("draws", () => Objectives.ImportanceWeighted(flow, x, draws: 0));
        Assert.Throws<ArgumentException>("x", () => Objectives.ImportanceWeighted(flow, zeros(5, 3), draws: 2));
        Assert.Throws<ArgumentException>("context", () => Objectives.ImportanceWeighted(exact, y, 2));
    }

    [Fact]
    public void One_draw_makes_both_bounds_the_same_and_the_ELBO_is_the_closed_form()
    {
        manual_seed(2);
        var (logJoint, logQ) = Draws(1, 50, mean: 0.2, sd: 1);
        Assert.InRange(Distance(Objectives.ImportanceWeighted(logJoint, logQ), Objectives.Elbo(logJoint, logQ)), 0, 1e-14);

        (logJoint, logQ) = Draws(40_000, 1, mean: 0.2, sd: 0.8);
        double kl = Math.Log(Math.Sqrt(0.5) / 0.8) + (0.64 + Math.Pow(0.2 - 0.75, 2)) - 0.5;
        double error = (logJoint - logQ).std().ToDouble() / 200;
        Assert.Equal(LogNormal(1.5, 0, Math.Sqrt(2)) - kl, Objectives.Elbo(logJoint, logQ).ToDouble(), 4.5 * error);
    }

    [Fact]
    public void The_exact_posterior_gives_the_evidence_from_any_draw()
    {
        var (logJoint, logQ) = Draws(5, 3, mean: 0.75, sd: Math.Sqrt(0.5));
        double truth = LogNormal(1.5, 0, Math.Sqrt(2));
        foreach (double bound in Objectives.ImportanceWeighted(logJoint, logQ).data<double>().ToArray()) Assert.Equal(truth, bound, 1e-12);
        foreach (double bound in Objectives.Elbo(logJoint, logQ).data<double>().ToArray()) Assert.Equal(truth, bound, 1e-12);
        foreach (double ess in ImportanceWeights.EffectiveSampleSize(logJoint - logQ).data<double>().ToArray()) Assert.Equal(1, ess, 1e-12);
    }

    [Fact]
    public void The_effective_sample_size_is_a_fraction()
    {
        Assert.Equal(1, ImportanceWeights.EffectiveSampleSize(full([10], -1000.0, dtype: float64)).ToDouble(), 1e-12);
        Assert.Equal(0.1, ImportanceWeights.EffectiveSampleSize(cat([zeros(1, dtype: float64), full([9], -1e9, dtype: float64)])).ToDouble(), 1e-12);
        Assert.Equal(0.5, ImportanceWeights.EffectiveSampleSize(cat([zeros(2, dtype: float64), full([2], double.NegativeInfinity, dtype: float64)])).ToDouble(), 1e-12);
        Assert.Equal(0, ImportanceWeights.EffectiveSampleSize(full([4], double.NegativeInfinity, dtype: float64)).ToDouble());
        Assert.Equal(36.0 / (3 * 14), ImportanceWeights.EffectiveSampleSize(tensor([1.0, 2, 3]).log() + 700).ToDouble(), 1e-12);
        Assert.True(double.IsNaN(ImportanceWeights.EffectiveSampleSize(tensor([0, double.NaN])).ToDouble()));
    }

    [Fact]
    public void The_mean_weight_estimates_the_normalizer_in_logarithms()
    {
        Assert.Equal(Math.Log(2) + 900, ImportanceWeights.LogMean(tensor([1.0, 2, 3]).log() + 900).ToDouble(), 1e-12);
        Assert.Equal(double.NegativeInfinity, ImportanceWeights.LogMean(full([3], double.NegativeInfinity, dtype: float64)).ToDouble());
    }

    [Fact]
    public void No_examples_and_no_values_are_refused()
    {
        Assert.Throws<ArgumentException>("x", () => Objectives.ForwardKl(new StandardNormal(2), zeros(0, 2)));
        Assert.Throws<ArgumentException>("logTarget", () => Objectives.ReverseKl(new StandardNormal(2), _ => null!, 3));
    }

    [Fact]
    public void Draws_that_do_not_fit_are_refused()
    {
        Assert.Contains("(2,)", Assert.Throws<ArgumentException>("logQ", () => Objectives.Elbo(zeros(3), zeros(2))).Message);
        Assert.Throws<ArgumentException>("logJoint", () => Objectives.ImportanceWeighted(zeros(0, 2), zeros(0, 2)));
        Assert.Throws<ArgumentException>("logWeights", () => ImportanceWeights.EffectiveSampleSize(tensor(1.0)));
    }

    private static (Tensor LogJoint, Tensor LogQ) Draws(int s, int repeats, double mean, double sd)
    {
        const double x = 1.5;
        var z = randn(s, repeats, dtype: float64) * sd + mean;
        return (LogNormal(z, 0, 1) + LogNormal(z, x, 1), LogNormal(z, mean, sd));
    }

    private static Tensor LogNormal(Tensor x, double mean, double sd) => ((x - mean) / sd).square() / -2 - Math.Log(sd) - Math.Log(2 * Math.PI) / 2;

    private static double LogNormal(double x, double mean, double sd) => -Math.Pow((x - mean) / sd, 2) / 2 - Math.Log(sd) - Math.Log(2 * Math.PI) / 2;
}
