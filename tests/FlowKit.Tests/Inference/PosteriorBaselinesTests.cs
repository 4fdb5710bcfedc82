using FlowKit.Inference;

namespace FlowKit.Tests.Inference;

public class PosteriorBaselinesTests
{
    // x ~ N(0, 1), y = x + noise of variance 1/4: given y* = 1 the posterior is N(.8, .2).
    [Fact]
    public void Both_baselines_have_the_posterior_of_a_normal_model()
    {
        manual_seed(7);
        var x = randn(200_000, 1, float64);
        var y = x + randn(200_000, 1, float64) * 0.5;
        var (near, tolerance) = PosteriorBaselines.Abc(x, y, ones(1), keep: 2000);
        // y is uniform within the tolerance: x = .8 y + noise, so that the variance grows by .64 (tolerance sd)²/3.
        double variance = 0.2 + 0.64 * Math.Pow(tolerance * Math.Sqrt(1.25), 2) / 3;
        Assert.Equal(0.8, near.mean().ToDouble(), 4.5 * Math.Sqrt(variance / 2000));
        Assert.Equal(variance, near.var().ToDouble(), 4.5 * variance * Math.Sqrt(2.0 / 2000));
        Assert.InRange(tolerance, 0.005, 0.03);

        var (draws, effective) = PosteriorBaselines.Resample(x, (x - 1).square().sum(1) * -2, count: 2000);
        Assert.Equal(0.8, draws.mean().ToDouble(), 4.5 * Math.Sqrt(0.2 / 2000));
        Assert.Equal(0.2, draws.var().ToDouble(), 4.5 * 0.2 * Math.Sqrt(2.0 / 2000));
        // (E w)² / E w² with w = e^(-2 (x - 1)²): 1 + 4 = 5 and 1 + 8 = 9 in E e^(-a (x - 1)²) = e^(-a / (1 + 2 a)) / sqrt(1 + 2 a).
        Assert.Equal(Math.Exp(-4.0 / 5) / 5 / (Math.Exp(-4.0 / 9) / 3), effective, 0.005);
    }

    [Fact]
    public void The_nearest_simulations_come_first_in_units_of_their_spread()
    {
        var parameters = tensor(new[] { 1.0, 2, 3, 4 }, [4, 1]);
        var simulated = tensor(new[,] { { 0.0, 100 }, { 1, 0 }, { 0, 0 }, { 10, -100 } });
        var (draws, tolerance) = PosteriorBaselines.Abc(parameters, simulated, zeros(2), keep: 2);
        Assert.Equal([3, 2], draws.flatten().data<double>().ToArray());
        Assert.Equal(1 / Math.Sqrt(101 / 4.0 - Math.Pow(11 / 4.0, 2)), tolerance, 1e-12);
        Assert.Equal(0, PosteriorBaselines.Resample(parameters, tensor(new[] { 0, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity }), 5).Draws.sub(1).abs().max().ToDouble());
        Assert.Equal(0.25, PosteriorBaselines.Resample(parameters, tensor(new[] { 0, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity }), 5).EffectiveSampleSize, 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var truth = randn(5, 2);
        Assert.Throws<ArgumentException>("simulated", () => PosteriorBaselines.Abc(truth, randn(4, 1), ones(1), 2));
        Assert.Throws<ArgumentException>("simulated", () => PosteriorBaselines.Abc(truth, randn(5, 1) * double.NaN, ones(1), 2));
        Assert.Throws<ArgumentException>("observed", () => PosteriorBaselines.Abc(truth, randn(5, 1), ones(2), 2));
        Assert.Throws<ArgumentOutOfRangeException>("keep", () => PosteriorBaselines.Abc(truth, randn(5, 1), ones(1), 6));
        Assert.Throws<ArgumentException>("logLikelihood", () => PosteriorBaselines.Resample(truth, randn(4), 2));
        Assert.Contains("can explain", Assert.Throws<ArgumentException>("logLikelihood", () => PosteriorBaselines.Resample(truth, full(5, double.NegativeInfinity), 2)).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("logLikelihood", () => PosteriorBaselines.Resample(truth, randn(5) * double.NaN, 2)).Message);
    }
}
