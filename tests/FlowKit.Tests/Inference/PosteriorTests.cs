using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Models;

namespace FlowKit.Tests.Inference;

public class PosteriorTests
{
    private static readonly Func<Tensor, Tensor> Noiseless = z => z.mm(tensor(new[,] { { 1.0, 1, 0 }, { 0, 0.5, 1 } }));

    [Fact]
    public void Shrinkage_and_z_scores_of_an_exact_posterior_are_those_of_its_covariance()
    {
        var (truth, draws, _) = CalibrationTests.Trials(trials: 3000, draws: 50);
        var (_, covariance) = new LinearGaussian(tensor(new[,] { { 1.0, 0 }, { 1, 0.5 }, { 0, 1 } }), noise: 0.5).Posterior(zeros(1, 3, float64));
        var all = PosteriorShrinkage.Of(truth, draws, ones(2, float64));
        for (int d = 0; d < 2; d++)
        {
            Assert.Equal(1 - covariance[d, d].ToDouble(), all[d].Shrinkage.Mean, 4.5 * all[d].Shrinkage.StandardError);
            Assert.Equal(0, all[d].ZScore.Mean, 4.5 * all[d].ZScore.StandardError);
            Assert.Equal(1, all[d].SquaredZScore.Mean, 4.5 * all[d].SquaredZScore.StandardError);
            Assert.InRange(all[d].SquaredZScore.StandardError, 0.01, 0.05);
        }

        var few = PosteriorShrinkage.Of(truth, draws.narrow(1, 0, 6));        // the adjustment of few draws is large
        Assert.All(few, one => Assert.Equal(1, one.SquaredZScore.Mean, 4.5 * one.SquaredZScore.StandardError));
        Assert.True(few[0].Shrinkage.Mean > 0.5);
    }

    [Fact]
    public void Narrow_and_shifted_posteriors_and_the_prior_are_told_apart()
    {
        var (truth, narrow, _) = CalibrationTests.Trials(scale: 0.7);
        Assert.All(PosteriorShrinkage.Of(truth, narrow), one => Assert.True(one.SquaredZScore.Mean - 4.5 * one.SquaredZScore.StandardError > 1.3));
        var (_, shifted, _) = CalibrationTests.Trials(shift: 0.5);
        Assert.All(PosteriorShrinkage.Of(truth, shifted), one => Assert.True(one.ZScore.Mean + 4.5 * one.ZScore.StandardError < -0.1));
        manual_seed(1);
        var prior = randn(500, 255, 2, float64);
        Assert.All(PosteriorShrinkage.Of(truth, prior, ones(2)), one => Assert.Equal(0, one.Shrinkage.Mean, 0.03));

        var (_, exact, _) = CalibrationTests.Trials(draws: 400);              // of the same observations
        Assert.Equal(0.001, Mmd.Test(exact[0], prior[0]).PValue, 1e-12);
        Assert.InRange(Mmd.Test(exact[0].narrow(0, 0, 200), exact[0].narrow(0, 200, 200)).PValue, 0.002, 1);
    }

    [Fact]
    public void Simulating_again_finds_the_prior_out_and_has_a_closed_form_for_the_exact_posterior()
    {
        var (truth, draws, observed) = CalibrationTests.Trials(trials: 2000, draws: 20);
        var (_, covariance) = new LinearGaussian(tensor(new[,] { { 1.0, 0 }, { 1, 0.5 }, { 0, 1 } }), noise: 0.5).Posterior(zeros(1, 3, float64));
        var w = tensor(new[,] { { 1.0, 0 }, { 1, 0.5 }, { 0, 1 } });
        // W z - x for a draw z of the posterior has the covariance of W z - x for the truth, which is the noise's.
        var exact = Resimulation.SquaredDistance(draws, observed, Noiseless);
        Assert.Equal(3 * 0.25, exact.Mean, 4.5 * exact.StandardError);
        Assert.Equal(2000, exact.Count);
        Assert.True(w.mm(covariance).mm(w.t()).trace().ToDouble() < 0.75);

        manual_seed(2);
        var prior = Resimulation.SquaredDistance(randn(2000, 20, 2, float64), observed, Noiseless);
        double ofPrior = 2 * w.square().sum().ToDouble() + 3 * 0.25;          // W z and W z' + noise, independent
        Assert.Equal(ofPrior, prior.Mean, 4.5 * prior.StandardError);

        var root = Resimulation.RootMeanSquare(draws, observed, Noiseless);
        Assert.Equal(Math.Sqrt(exact.Mean / 3), root.Mean, 1e-12);
        Assert.Equal(exact.StandardError / 3 / (2 * root.Mean), root.StandardError, 1e-12);
        Assert.Equal(0, Resimulation.RootMeanSquare(truth.unsqueeze(1), Noiseless(truth), Noiseless).Mean, 1e-15);
    }

    [Fact]
    public void The_most_probable_parameters_of_a_normal_posterior_are_its_mean()
    {
        manual_seed(3);
        var law = MultivariateNormal.Conditional(3, 2, (inputs, outputs) => new Mlp(inputs, outputs, [8]));
        law.to(float64);
        using (no_grad()) foreach (var parameter in law.parameters()) parameter.copy_(randn_like(parameter) * 0.5);
        var y = randn(6, 2, float64);
        var (x, logProb) = MaximumPosterior.Of(law, y, seed: 5);
        Assert.InRange((x - law.Center(6, y)).abs().max().ToDouble(), 0, 1e-6);
        Assert.InRange((logProb + law.Entropy(y) - 1.5).abs().max().ToDouble(), 0, 1e-10);
        Assert.True(logProb.allclose(law.LogProb(x, y)));
        Assert.True(is_grad_enabled());
        Assert.False(x.requires_grad);
        Assert.All(law.parameters(), parameter => Assert.True(parameter.grad is null));
    }

    [Fact]
    public void A_climb_never_goes_below_the_best_draw_and_stays_finite_at_an_edge()
    {
        manual_seed(4);
        var flow = RealNvp.Create(2, layers: 4, hidden: [16], contextShape: 1);
        using (no_grad()) foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.2);
        var y = randn(5, 1);
        var (_, start) = MaximumPosterior.Of(flow, y, draws: 50, steps: 0);
        var (x, end) = MaximumPosterior.Of(flow, y, draws: 50, steps: 50);
        Assert.True(end.ge(start).all().ToBoolean());
        Assert.True(end.gt(start).any().ToBoolean());
        Assert.True(x.isfinite().all().ToBoolean());

        var edge = new Beta().Conditional(1, (inputs, outputs) => new Mlp(inputs, outputs, []), 2);       // theta = 0 is a law on (0, 1)
        var (inside, logProb) = MaximumPosterior.Of(edge, y);
        Assert.True(inside.gt(0).logical_and(inside.lt(1)).all().ToBoolean());
        Assert.True(logProb.isfinite().all().ToBoolean());
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var (truth, draws) = (randn(5, 2), randn(5, 9, 2));
        Func<Tensor, Tensor> first = x => x.narrow(1, 0, 1);
        Assert.Contains("at least 4", Assert.Throws<ArgumentException>("draws", () => PosteriorShrinkage.Of(truth, draws.narrow(1, 0, 3))).Message);
        Assert.Contains("trial 0", Assert.Throws<ArgumentException>("draws", () => PosteriorShrinkage.Of(truth, draws * 0)).Message);
        Assert.Throws<ArgumentException>("truth", () => PosteriorShrinkage.Of(truth * 0, draws));
        Assert.Throws<ArgumentException>("priorDeviation", () => PosteriorShrinkage.Of(truth, draws, ones(3)));
        Assert.Throws<ArgumentException>("priorDeviation", () => PosteriorShrinkage.Of(truth, draws, zeros(2)));
        Assert.Throws<ArgumentException>("draws", () => PosteriorShrinkage.Of(truth, draws * double.NaN));
        Assert.Contains("(5, ...)", Assert.Throws<ArgumentException>("observations", () => Resimulation.SquaredDistance(draws, randn(4, 1), first)).Message);
        Assert.Contains("(45, 1)", Assert.Throws<ArgumentException>("simulate", () => Resimulation.SquaredDistance(draws, randn(5, 2), first)).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>("simulate", () => Resimulation.SquaredDistance(draws, randn(5, 1), x => first(x) / 0)).Message);
        Assert.Throws<ArgumentException>("draws", () => Resimulation.RootMeanSquare(truth, randn(5, 1), first));
        Assert.Throws<ArgumentException>("draws", () => Resimulation.RootMeanSquare(draws * double.NaN, randn(5, 1), first));
        Assert.Throws<ArgumentException>("posterior", () => MaximumPosterior.Of(new StandardNormal(2), truth));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => MaximumPosterior.Of(MultivariateNormal.Conditional(2, 2, (i, o) => new Mlp(i, o, [])), truth, draws: 1));
        Assert.Throws<ArgumentException>("observations", () => MaximumPosterior.Of(MultivariateNormal.Conditional(2, 3, (i, o) => new Mlp(i, o, [])), truth));
    }
}
