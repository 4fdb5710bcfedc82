using FlowKit.Data;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class GaussianMixtureTests
{
    [Fact]
    public void One_component_is_the_normal_law_of_highest_likelihood()
    {
        manual_seed(1);
        var x = randn(300, 3, float64).matmul(randn(3, 3, float64)) + 2;
        var (mixture, normal) = (F64(GaussianMixture.Fit(x, 1, floor: 1e-12)), F64(MultivariateNormal.Fit(x)));
        Assert.InRange(Distance(mixture.LogProb(x), normal.LogProb(x)), 0, 1e-8);
        var centered = x - x.mean([0]);
        var covariance = centered.t().mm(centered) / 300;
        Assert.InRange(Distance(normal.LogProb(x), F64(new MultivariateNormal(x.mean([0]), covariance)).LogProb(x)), 0, 1e-10);
    }

    [Fact]
    public void It_finds_the_modes_of_a_ring()
    {
        manual_seed(1);
        var ring = new GaussianRing(modes: 5, radius: 3, sd: 0.2);
        ring.to(float64);
        var fitted = F64(GaussianMixture.Fit(ring.Sample(4000), 5, starts: 8));
        var excess = ring.CrossEntropy(fitted, 40_000);
        Assert.InRange(excess.Mean - ring.Entropy, -4.5 * excess.StandardError, 0.02);
    }

    [Fact]
    public void The_same_seed_gives_the_same_fit_and_torch_s_stream_stays()
    {
        manual_seed(1);
        var x = randn(200, 2, float64);
        manual_seed(7);
        var expected = randn(1);
        manual_seed(7);
        var (a, b) = (F64(GaussianMixture.Fit(x, 3, seed: 4)), F64(GaussianMixture.Fit(x, 3, seed: 4)));
        Assert.Equal(0, Distance(randn(1), expected));
        Assert.Equal(0, Distance(a.LogProb(x), b.LogProb(x)));
    }

    [Fact]
    public void More_starts_and_more_components_never_lower_the_likelihood_of_the_training_rows()
    {
        manual_seed(1);
        var x = new TwoMoons().Sample(500);
        double few = Mean(2, 1), more = Mean(2, 6), wide = Mean(8, 6);
        Assert.True(more >= few - 1e-9 && wide > more);

        double Mean(int components, int starts) => GaussianMixture.Fit(x, components, starts).LogProb(x).mean().ToDouble();
    }

    [Fact]
    public void A_component_on_equal_rows_keeps_the_floor()
    {
        manual_seed(1);
        var x = cat([zeros(50, 2, dtype: float64), randn(50, 2, float64) + 5]);
        var fitted = F64(GaussianMixture.Fit(x, 2, floor: 1e-2));
        double variance = x.var(0, unbiased: false)[0].ToDouble() * 1e-2;
        Assert.Equal(-Math.Log(2 * Math.PI * variance) + Math.Log(0.5), fitted.LogProb(zeros(1, 2, dtype: float64)).ToDouble(), 0.2);
    }

    // Overlapping components of unequal weights: only the right posteriors of the components lead EM to the maximum.
    [Fact]
    public void The_fit_of_unequal_components_is_at_least_as_likely_as_the_truth()
    {
        manual_seed(2);
        var truth = F64(new Mixture([0.95, 0.05], new Normal().Fixed(zeros(1), ones(1)), new Normal().Fixed(full(1, 2.0), full(1, 0.3))));
        var x = truth.Sample(4000);
        var fitted = F64(GaussianMixture.Fit(x, 2, starts: 10, iterations: 1000));
        Assert.InRange((fitted.LogProb(x) - truth.LogProb(x)).mean().ToDouble(), -1e-4, 0.01);
    }

    // At least two of six centers lie on equal rows, which all go to the first of them.
    [Fact]
    public void A_component_that_loses_its_rows_becomes_the_law_of_all()
    {
        manual_seed(1);
        var x = cat([full([20, 2], 100.0, dtype: float64), randn(4, 2, float64) + 90]);
        var fitted = F64(GaussianMixture.Fit(x, 6, starts: 1));
        Assert.All(fitted.modules().OfType<MultivariateNormal>(), component => Assert.InRange(component.Mean.min().ToDouble(), 85, 101));
        Assert.True(fitted.LogProb(x).isfinite().all().ToBoolean());
    }

    [Fact]
    public void Bad_data_are_refused_by_name()
    {
        var x = randn(5, 2, float64);
        Assert.Contains("6 components for 5 rows", Assert.Throws<ArgumentException>("components", () => GaussianMixture.Fit(x, 6)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("components", () => GaussianMixture.Fit(x, 0));
        Assert.Throws<ArgumentOutOfRangeException>("floor", () => GaussianMixture.Fit(x, 1, floor: 0));
        var constant = cat([x, ones(5, 1, dtype: float64)], 1);
        Assert.Contains("constant in features 2", Assert.Throws<ArgumentException>("data", () => GaussianMixture.Fit(constant, 2)).Message);
        Assert.Contains("constant in features 2", Assert.Throws<ArgumentException>("data", () => MultivariateNormal.Fit(constant)).Message);
        Assert.Contains("no covariance of full rank", Assert.Throws<ArgumentException>("data", () => MultivariateNormal.Fit(cat([x, x], 1))).Message);
        Assert.Contains("no covariance of full rank", Assert.Throws<ArgumentException>("data", () => MultivariateNormal.Fit(randn(3, 4, float64))).Message);
        Assert.Throws<ArgumentException>("data", () => GaussianMixture.Fit(full(4, 2, double.NaN, dtype: float64), 1));
        Assert.Throws<ArgumentException>("data", () => GaussianMixture.Fit(zeros(4), 1));
        Assert.Contains("a single row has no spread", Assert.Throws<ArgumentException>("data", () => GaussianMixture.Fit(zeros(1, 2), 1)).Message);
    }

    private static T F64<T>(T law) where T : Distribution
    {
        law.to(float64);
        return law;
    }
}
