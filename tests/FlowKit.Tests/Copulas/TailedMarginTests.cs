using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Tests;

public class TailedMarginTests
{
    [Theory]
    [InlineData(TailBelief.Pareto), InlineData(TailBelief.Exponential), InlineData(TailBelief.Gaussian)]
    public void Distribution_function_and_density_are_continuous_at_the_thresholds(TailBelief belief)
    {
        var margin = TailedMargin.Fit(MarginTests.HeavyDraws(3000), new() { Lower = belief, Upper = belief, LowerShare = 0.07 });
        foreach (var tail in new[] { margin.Lower, margin.Upper })
        {
            var around = tensor(new[] { -1e-9, 0, 1e-9 }) + tail.Threshold;
            double below = tail == margin.Lower ? tail.Share : 1 - tail.Share;
            Expect(margin.Cdf(around), below);
            Expect(margin.LogProb(around.unsqueeze(1)).exp(), tail.Density);
        }

        static void Expect(Tensor values, double value) => Assert.InRange((values / value - 1).abs().max().ToDouble(), 0, 1e-7);
    }

    [Fact]
    public void The_shape_of_students_with_two_degrees_of_freedom_is_one_half()
    {
        var margin = TailedMargin.Fit(MarginTests.HeavyDraws(10_000));
        foreach (var tail in new[] { margin.Lower, margin.Upper })
        {
            Assert.InRange(tail.Xi - 0.5, -4 * tail.XiStandardError, 4 * tail.XiStandardError);
            Assert.Equal((0.05, 500), (tail.Share, tail.Count));
            Assert.Equal((1 + tail.Xi) / Math.Sqrt(500), tail.XiStandardError, 12);
        }
    }

    [Fact]
    public void Far_quantiles_of_a_power_law_are_near_the_truth_and_those_of_a_Gaussian_belief_are_not()
    {
        manual_seed(5);
        var law = MarginTests.Student(2).to(float64);
        var (near, far, gaussian) = (new List<double>(), new List<double>(), new List<double>());
        for (int i = 0; i < 15; i++)
        {
            var x = law.Sample(10_000);
            var quantiles = TailedMargin.Fit(x).SurvivalQuantile(tensor(new[] { 1e-3, 1e-4 }));
            near.Add(quantiles[0].ToDouble() / 22.327 - 1);
            far.Add(quantiles[1].ToDouble() / 70.70 - 1);
            gaussian.Add(TailedMargin.Fit(x, new() { Upper = TailBelief.Gaussian }).SurvivalQuantile(tensor(new[] { 1e-4 })).ToDouble() / 70.70 - 1);
        }
        Assert.InRange(Median(near), -0.05, 0.05);
        Assert.InRange(Median(far), -0.15, 0.15);
        Assert.InRange(Median(gaussian), -1, -0.5);

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    [Fact]
    public void A_Gaussian_belief_continues_a_normal_law()
    {
        manual_seed(6);
        var x = randn(20_000, dtype: float64) * 2 + 1;
        var margin = TailedMargin.Fit(x, new() { Lower = TailBelief.Gaussian, Upper = TailBelief.Gaussian });
        foreach (var tail in new[] { margin.Lower, margin.Upper }) Assert.InRange(tail.Beta - 2, -4 * tail.BetaStandardError - 0.03, 4 * tail.BetaStandardError + 0.03);
        Assert.Equal(1 + 2 * 4.7534, margin.SurvivalQuantile(tensor(new[] { 1e-6 })).ToDouble(), tolerance: 0.5);
    }

    [Fact]
    public void Scales_are_those_of_highest_likelihood()
    {
        var x = MarginTests.Draws(2000).squeeze(1);
        foreach (var belief in Enum.GetValues<TailBelief>())
        {
            var tail = TailedMargin.Fit(x, new() { Upper = belief }).Upper;
            var y = x.masked_select(x.gt(tail.Threshold)) - tail.Threshold;
            Assert.Equal(tail.Count, y.numel());
            double a = -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, tail.Share), best = At(tail.Beta);
            foreach (double step in new[] { -0.05, -1e-3, 1e-3, 0.05 }) Assert.True(At(tail.Beta * (1 + step)) < best, $"{belief}: {step}");

            double At(double beta) => belief switch
            {
                TailBelief.Gaussian => ((y / beta + a).square() * -0.5).sum().ToDouble() - y.numel() * Math.Log(beta),
                TailBelief.Exponential => -y.sum().ToDouble() / beta - y.numel() * Math.Log(beta),
                _ => (-1 / tail.Xi - 1) * (1 + y * tail.Xi / beta).log().sum().ToDouble() - y.numel() * Math.Log(beta),
            };
        }
    }

    [Fact]
    public void The_body_follows_the_data_as_closely_as_a_kernel_estimate()
    {
        manual_seed(8);
        var law = new MixtureFamily(new Normal(), 2);
        var truth = new FamilyMargin(law, -2, 2, 0, 0, -0.5, 0.3);
        truth.to(float64);
        var (train, test) = (truth.Sample(5000), truth.Sample(5000));
        double loss = Trainer.NegativeLogLikelihood(TailedMargin.Fit(train), test).Mean - Trainer.NegativeLogLikelihood(truth, test).Mean;
        Assert.InRange(loss, 0, 0.02);
    }

    [Fact]
    public void Ties_and_short_tails_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("x", () => TailedMargin.Fit(rand(100)));                                     // 5 beyond a threshold
        Assert.Throws<ArgumentException>("x", () => TailedMargin.Fit(cat([zeros(1000), rand(1000)])));                // no lower tail
        Assert.Throws<ArgumentException>("x", () => TailedMargin.Fit(cat([-rand(50), zeros(1000), rand(50)])));       // no body
        Assert.Throws<ArgumentException>("x", () => TailedMargin.Fit(rand(100, 2)));
        Assert.Throws<ArgumentOutOfRangeException>("LowerShare", () => new TailedMarginOptions { LowerShare = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>("UpperShare", () => new TailedMarginOptions { UpperShare = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("Upper", () => new TailedMarginOptions { Upper = (TailBelief)7 });
        Assert.Throws<ArgumentOutOfRangeException>("Bins", () => new TailedMarginOptions { Bins = 0 });
    }
}
