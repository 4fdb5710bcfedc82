using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Models;

public class InnTests
{
    [Theory]
    [InlineData(4, 2, null, null)]
    [InlineData(3, 2, 2, null)]       // y and z have more numbers than x
    [InlineData(5, 1, 2, null)]       // and fewer
    [InlineData(2, 1, 1, 6L)]
    public void Both_processes_undo_each_other_where_nothing_is_padded_and_sizes_are_those_asked_for(long features, long observed, int? latents, long? width)
    {
        var inn = Random(new Inn(features, observed, latents, blocks: 3, hidden: [12], width: width));
        var x = randn(7, features, dtype: float64);
        var (y, z) = inn.Split(x);
        Assert.Equal([7, observed], y.shape);
        Assert.Equal([7, latents ?? features - observed], z.shape);
        Assert.Equal([7, features], inn.Join(y, z).shape);
        Assert.Equal(width ?? Math.Max(features, observed + (latents ?? features - observed)), inn.Width);
        if (inn.Width == features && inn.Observed + inn.Latents == features) Assert.True(inn.Join(y, z).allclose(x, atol: 1e-9));
        Assert.Equal([5, features], inn.Sample(5, ones(1, observed, dtype: float64)).shape);
    }

    [Fact]
    public void The_gradient_of_the_latent_loss_passes_through_z_and_not_through_y()
    {
        manual_seed(0);
        var predicted = randn(20, 2, dtype: float64).requires_grad_();
        var latent = randn(20, 3, dtype: float64).requires_grad_();
        new InnLosses().OfZ(predicted, latent, randn(20, 2, dtype: float64)).backward();
        Assert.True(predicted.grad is null || predicted.grad.abs().max().ToDouble() == 0);
        Assert.True(latent.grad!.abs().max().ToDouble() > 1e-6);
    }

    [Fact]
    public void The_whole_loss_reaches_every_parameter_and_each_part_is_left_out_by_its_weight()
    {
        manual_seed(1);
        foreach (var inn in new[] { Random(new Inn(3, 1, blocks: 2, hidden: [8])), Random(new Inn(3, 1, blocks: 2, hidden: [8], width: 5)) })
        {
            var data = new Dataset(randn(30, 3, dtype: float64), randn(30, 1, dtype: float64));
            var loss = new InnLosses().Of(inn)(data, 1);
            loss.backward();
            Assert.All(inn.named_parameters(), parameter => Assert.True(parameter.parameter.grad!.abs().max().ToDouble() > 0, parameter.name));
        }

        var plain = Random(new Inn(3, 1, blocks: 2, hidden: [8]));
        var (x, y) = (randn(30, 3, dtype: float64), randn(30, 1, dtype: float64));
        double Of(InnLosses losses, double progress) => (losses with { Reconstruction = 0 }).Of(plain)(new Dataset(x, y), progress).ToDouble();
        Assert.Equal((plain.Join(y, plain.Split(x).Z) - x).square().sum(1).mean().ToDouble(), (new InnLosses(0, 0, 0) { Reconstruction = 1 }).Of(plain)(new Dataset(x, y), 1).ToDouble(), tolerance: 1e-10);
        Assert.Equal(InnLosses.OfY(plain.Split(x).Y, y).ToDouble(), Of(new(1, 0, 0), 1), tolerance: 1e-12);
        Assert.Equal(2.5 * Of(new(1, 0, 0), 1), Of(new(2.5, 0, 0), 1), tolerance: 1e-10);
        Assert.Equal(Of(new(1, 0, 0), 0), Of(new(1, 0, 7), 0), tolerance: 1e-12);                                 // the ramp begins at 0
        manual_seed(5);
        double full = Of(new(0, 0, 1), 0.5);
        manual_seed(5);
        Assert.Equal(full / 2, Of(new(0, 0, 1) { Ramp = 0.6 }, 0.3), tolerance: 1e-12);
    }

    // x ~ N(0, I) in two dimensions, y = x1: at the truth, f(x) = x, every loss is 0 on average.
    [Fact]
    public void At_the_truth_the_losses_are_0_within_four_standard_errors_and_elsewhere_not()
    {
        manual_seed(2);
        double[] ofZ = new double[60], wrong = new double[60];
        for (int k = 0; k < ofZ.Length; k++)
        {
            using var scope = NewDisposeScope();
            var x = randn(100, 2, dtype: float64);
            ofZ[k] = new InnLosses().OfZ(x.narrow(1, 0, 1), x.narrow(1, 1, 1), x.narrow(1, 0, 1)).ToDouble();
            wrong[k] = new InnLosses().OfZ(x.narrow(1, 0, 1), x.sum(1, keepdim: true) / Math.Sqrt(2), x.narrow(1, 0, 1)).ToDouble();       // standard normal, but not independent of y
        }
        var (right, dependent) = (Estimate.Of(tensor(ofZ)), Estimate.Of(tensor(wrong)));
        Assert.InRange(right.Mean, -4 * right.StandardError, 4 * right.StandardError);
        Assert.True(dependent.Mean > 4 * dependent.StandardError);
    }

    // The exact density against the change of variables by autograd, and the mass on a grid.
    [Fact]
    public void With_noise_it_is_a_density_that_integrates_to_1_for_each_observation()
    {
        var inn = Random(new Inn(2, 1, blocks: 2, hidden: [8], noise: 0.4), 0.3);
        foreach (double y in new[] { -0.5, 1.0 })
        {
            const int points = 500;
            const double half = 8;
            var axis = (arange(points, dtype: float64) + 0.5) * (2 * half / points) - half;
            var grid = cartesian_prod([axis, axis]);
            double mass = inn.LogProb(grid, full([1, 1], y, dtype: float64)).exp().sum().ToDouble() * Math.Pow(2 * half / points, 2);
            Assert.Equal(1, mass, tolerance: 1e-4);
        }
    }

    [Fact]
    public void Without_noise_or_with_padding_there_is_no_density()
    {
        var (x, y) = (randn(3, 3), randn(3, 1));
        Assert.Contains("noise", Assert.Throws<NotSupportedException>(() => new Inn(3, 1, blocks: 1, hidden: [4]).LogProb(x, y)).Message, StringComparison.Ordinal);
        Assert.Contains("pads", Assert.Throws<NotSupportedException>(() => new Inn(3, 1, blocks: 1, hidden: [4], width: 5, noise: 0.1).LogProb(x, y)).Message, StringComparison.Ordinal);
        Assert.Contains("pads", Assert.Throws<NotSupportedException>(() => new Inn(3, 1, latents: 1, blocks: 1, hidden: [4], noise: 0.1).LogProb(x, y)).Message, StringComparison.Ordinal);
    }

    // y = H x + noise with a closed form, and the paper's training by maximum likelihood.
    [Fact]
    public void By_maximum_likelihood_it_finds_its_optimum_which_is_a_linear_posterior_for_small_noise()
    {
        // y = h x + s e: along h the optimum has mean y / a and deviation s / a, a = (|h| + √(|h|² + 4s²)) / 2, where the posterior has |h| + s²/|h| in place of a, and s / √(|h|² + s²).
        const double Noise = 0.5;
        manual_seed(4);
        var x = randn(8000, 2);
        var y = x.narrow(1, 0, 1) + 0.5 * x.narrow(1, 1, 1) + Noise * randn(8000, 1);
        var inn = new Inn(2, 1, blocks: 3, hidden: [32], noise: Noise);
        Trainer.Fit(inn, new Dataset(x, y), options: new() { Steps = 800, LearningRate = 5e-3, Threads = 1 });
        var draws = inn.Sample(40_000, full([1, 1], 1f));
        double length = Math.Sqrt(1.25), a = (length + Math.Sqrt(1.25 + 4 * Noise * Noise)) / 2;
        var along = (draws.select(1, 0) + 0.5 * draws.select(1, 1)) / length;
        Assert.Equal(1 / a, along.mean().ToDouble(), tolerance: 0.03);
        Assert.InRange(along.std().ToDouble(), Noise / a - 0.015, Noise / a + 0.01);                // the posterior's is 0.026 more
        Assert.Equal(1, (draws.select(1, 1) - 0.5 * draws.select(1, 0)).std().ToDouble() / length, tolerance: 0.05);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("latents", () => new Inn(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>("latents", () => new Inn(2, 1, latents: 0));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new Inn(4, 2, width: 3));
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => new Inn(4, 2, noise: -1));
        Assert.Throws<ArgumentOutOfRangeException>("blocks", () => new Inn(4, 2, blocks: 0));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLogScale", () => new Inn(4, 2, clamp: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Y", () => new InnLosses(Y: -1));
        Assert.Throws<ArgumentOutOfRangeException>("Reconstruction", () => new InnLosses { Reconstruction = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("Ramp", () => new InnLosses { Ramp = 2 });
        var inn = new Inn(3, 1, blocks: 1, hidden: [4]);
        Assert.Throws<ArgumentException>("x", () => inn.Split(zeros(2, 4)));
        Assert.Throws<ArgumentException>("y", () => inn.Join(zeros(2, 2), zeros(2, 2)));
        Assert.Throws<ArgumentException>("batch", () => new InnLosses().Of(inn)(new Dataset(zeros(3, 3)), 0));
        Assert.Throws<ArgumentException>("predicted", () => InnLosses.OfY(zeros(2, 1), zeros(2, 2)));
    }

    private static Inn Random(Inn inn, double sd = 0.2) => RandomWeights.Give(inn, sd, seed: 9);
}
