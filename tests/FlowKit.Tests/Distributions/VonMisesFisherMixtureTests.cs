using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class VonMisesFisherMixtureTests
{
    [Fact]
    public void One_component_has_the_mean_direction_and_the_mean_length_of_the_data()
    {
        manual_seed(1);
        var x = F64(new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5, 1 }), 7)).Sample(500);
        var mean = x.mean([0]);
        double length = mean.norm().ToDouble();
        var expected = F64(new VonMisesFisher(mean, FisherIntegral.Concentration(3, 1 - length, most: 1e4)));
        Near(F64(VonMisesFisherMixture.Fit(x, 1)).LogProb(x), expected.LogProb(x), 1e-9, "The log-density");
        double likelihood = expected.LogProb(x).mean().ToDouble();
        foreach (double factor in (double[])[0.99, 1.01])
            Assert.True(F64(new VonMisesFisher(mean, factor * FisherIntegral.Concentration(3, 1 - length, most: 1e4))).LogProb(x).mean().ToDouble() < likelihood);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void It_finds_a_known_mixture(int dimension)
    {
        manual_seed(2);
        var axes = eye(dimension + 1, dtype: float64);
        var truth = F64(new Mixture([0.5, 0.3, 0.2], new VonMisesFisher(axes[0], 20), new VonMisesFisher(axes[1], 60), new VonMisesFisher(axes[0] * -1 - axes[1], 5)));
        var x = truth.Sample(6000);
        var fitted = F64(VonMisesFisherMixture.Fit(x, 3));
        Assert.InRange((fitted.LogProb(x) - truth.LogProb(x)).mean().ToDouble(), 0, 0.003);                 // half the parameters over the rows: at most 14 / 2 / 6000 on average
        var fresh = truth.Sample(20_000);
        Assert.InRange((truth.LogProb(fresh) - fitted.LogProb(fresh)).mean().ToDouble(), -0.003, 0.006);
    }

    [Fact]
    public void More_iterations_starts_and_components_never_lower_the_likelihood()
    {
        manual_seed(3);
        var x = randn(300, 3, dtype: float64) + 0.5;
        x = x / x.norm(1, keepdim: true);
        double last = double.NegativeInfinity;
        foreach (int iterations in (int[])[1, 2, 5, 15])
        {
            double now = Mean(3, 1, iterations);
            Assert.True(now >= last - 1e-9);
            last = now;
        }
        Assert.True(Mean(3, 6, 500) >= Mean(3, 1, 500) - 1e-6 && Mean(8, 6, 500) > Mean(3, 6, 500));

        double Mean(int components, int starts, int iterations) => VonMisesFisherMixture.Fit(x, components, starts, iterations: iterations).LogProb(x).mean().ToDouble();
    }

    [Fact]
    public void A_component_on_equal_rows_keeps_the_bound()
    {
        var x = cat([tensor(new[] { 0.0, 0, 1 }).expand(50, 3), tensor(new[] { 1.0, 0, 0 }).expand(50, 3)]);
        var fitted = F64(VonMisesFisherMixture.Fit(x, 2, mostConcentrated: 300, starts: 10));
        Assert.Equal(Math.Log(0.5) - FisherIntegral.Log(2, 300), fitted.LogProb(x)[0].ToDouble(), 1e-3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_fit_and_torch_s_stream_stays()
    {
        manual_seed(4);
        var x = VonMisesFisher.Uniform().Sample(200);
        manual_seed(7);
        var expected = randn(1);
        manual_seed(7);
        var (a, b) = (F64(VonMisesFisherMixture.Fit(x, 3, seed: 4)), F64(VonMisesFisherMixture.Fit(x, 3, seed: 4)));
        Assert.Equal(0, Distance(randn(1), expected));
        Assert.Equal(0, Distance(a.LogProb(x.to(float64)), b.LogProb(x.to(float64))));
    }

    [Fact]
    public void Bad_data_are_refused()
    {
        var x = VonMisesFisher.Uniform().Sample(5);
        Assert.Throws<ArgumentException>("data", () => VonMisesFisherMixture.Fit(x * 1.01, 2));
        Assert.Throws<ArgumentException>("data", () => VonMisesFisherMixture.Fit(x[0], 1));
        Assert.Throws<ArgumentException>("data", () => VonMisesFisherMixture.Fit(x * double.NaN, 1));
        Assert.Throws<ArgumentException>("components", () => VonMisesFisherMixture.Fit(x, 6));
        Assert.Throws<ArgumentOutOfRangeException>("components", () => VonMisesFisherMixture.Fit(x, 0));
        Assert.Throws<ArgumentOutOfRangeException>("mostConcentrated", () => VonMisesFisherMixture.Fit(x, 1, mostConcentrated: 0));
    }

    private static T F64<T>(T module) where T : FlowModule
    {
        module.to(float64);
        return module;
    }
}
