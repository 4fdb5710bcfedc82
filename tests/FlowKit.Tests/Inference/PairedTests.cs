using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Tests.Inference;

public class PairedTests
{
    [Fact]
    public void The_difference_of_two_known_laws_is_their_divergence()
    {
        manual_seed(1);
        var (p, q) = (new Normal().Fixed(zeros(1), ones(1)), new Normal().Fixed(full(1, 0.1), ones(1)));
        var gain = Paired.LogProb(p, q, p.Sample(100_000));
        Assert.Equal(0.005, gain.Mean, 4.5 * gain.StandardError);             // (0.1)² / 2
        Assert.Equal(0.1 / Math.Sqrt(100_000), gain.StandardError, 1e-5);     // not that of either mean, .7 / sqrt(N)
        Assert.Equal(-gain.Mean, Paired.LogProb(q, p, p.Sample(100_000)).Mean, 0.01);
    }

    [Fact]
    public void The_same_noise_cancels()
    {
        var x = randn(5000, 2);
        Func<Dataset, Tensor> noisy = batch => batch.X.sum(1) + randn(batch.Count);
        var gain = Paired.Difference(batch => noisy(batch) + 0.25, noisy, x);
        Assert.Equal(0.25, gain.Mean, 1e-6);
        Assert.Equal(0, gain.StandardError, 1e-7);
        Assert.Equal(5000, gain.Count);
    }

    [Fact]
    public void The_callers_random_numbers_go_on()
    {
        manual_seed(3);
        var expected = randn(4);
        manual_seed(3);
        Paired.Difference(batch => randn(batch.Count), batch => randn(batch.Count), zeros(10, 1), seed: 7);
        Assert.True(randn(4).allclose(expected));
    }

    [Fact]
    public void What_is_not_one_number_an_example_is_refused()
    {
        Assert.Contains("(10, 1)", Assert.Throws<ArgumentException>("other", () => Paired.Difference(batch => batch.X.sum(1), batch => batch.X, zeros(10, 1))).Message);
        Assert.Throws<ArgumentException>("data", () => Paired.Difference(batch => batch.X.sum(1), batch => batch.X.sum(1), zeros(0, 1)));
    }
}
