using FlowKit.Data;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data;

public class BananaMixtureTests
{
    [Fact]
    public void Far_apart_the_entropy_is_that_of_a_component_and_of_the_choice()
    {
        manual_seed(1);
        var far = new BananaMixture(bend: 0.7, shift: 40);
        Assert.Equal(3 * Math.Log(2 * Math.PI * Math.E) + Math.Log(2), far.Entropy(1000).Mean, 1e-9);
        Assert.Equal(8.513631, far.ComponentEntropy, 5e-7);
    }

    [Fact]
    public void Without_bend_and_shift_it_is_a_normal_law()
    {
        manual_seed(1);
        var normal = F64(new BananaMixture(bend: 0, shift: 0));
        var x = randn(50, 6, float64);
        Assert.InRange(Distance(normal.LogProb(x), x.square().sum(1) * -0.5 - 3 * Math.Log(2 * Math.PI)), 0, 1e-12);
        Assert.Equal(normal.ComponentEntropy, normal.Entropy(1000).Mean, 1e-9);
    }

    [Fact]
    public void The_mean_log_density_of_draws_is_minus_the_entropy()
    {
        manual_seed(1);
        var law = F64(new BananaMixture());
        var (x, component) = law.SampleWithComponent(200_000);
        var logP = law.LogProb(x);
        Assert.Equal(-law.Entropy().Mean, logP.mean().ToDouble(), 4.5 * logP.std().ToDouble() / Math.Sqrt(200_000));
        Assert.Equal(0.5, component.mean().ToDouble(), 4.5 * 0.5 / Math.Sqrt(200_000));
    }

    [Fact]
    public void The_density_has_mass_one_under_importance_weights()
    {
        manual_seed(1);
        var law = F64(new BananaMixture(bend: 0.3, shift: 0.5));
        var wide = randn(400_000, 6, float64) * 1.7;
        var weights = (law.LogProb(wide) + wide.square().sum(1) / (2 * 1.7 * 1.7) + 3 * Math.Log(2 * Math.PI) + 6 * Math.Log(1.7)).exp();
        Assert.Equal(1, weights.mean().ToDouble(), 4.5 * weights.std().ToDouble() / Math.Sqrt(400_000));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("bend", () => new BananaMixture(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("shift", () => new BananaMixture(1, double.PositiveInfinity));
    }

    private static BananaMixture F64(BananaMixture law)
    {
        law.to(float64);
        return law;
    }
}
