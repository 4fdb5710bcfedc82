using FlowKit.Distributions;
using FlowKit.Models;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class TemperatureTests
{
    [Fact]
    public void A_normal_law_at_temperature_T_has_T_times_its_scale()
    {
        var (mean, scale) = (tensor([1.0, -2.0]), tensor([0.5, 3.0]));
        var cold = new Tempered(new Normal().Fixed(mean, scale), 0.7);
        var same = new Normal().Fixed(mean, scale * 0.7);
        cold.to(float64);
        same.to(float64);
        var x = randn(20, 2, dtype: float64) * 3;
        Assert.InRange(Distance(cold.LogProb(x), same.LogProb(x)), 0, 1e-12);
    }

    [Fact]
    public void Temperature_one_changes_nothing_and_temperatures_multiply()
    {
        var p = new StandardLogistic(2);
        var x = randn(20, 2) * 3;
        Assert.InRange(Distance(new Tempered(p, 1).LogProb(x), p.LogProb(x)), 0, 1e-6);
        Assert.InRange(Distance(new Tempered(new Tempered(p, 0.5), 0.6).LogProb(x), new Tempered(p, 0.3).LogProb(x)), 0, 1e-4);
    }

    [Fact]
    public void A_cold_flow_draws_nearer_to_its_mode_and_shares_its_training()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.2);
        var cold = flow.AtTemperature(0.5);
        Assert.InRange(cold.Transform.Forward(cold.Sample(20_000)).Z.std().ToDouble(), 0.49, 0.51);
        Assert.True(flow.LogProb(cold.Sample(5000)).mean().ToDouble() > flow.LogProb(flow.Sample(5000)).mean().ToDouble() + 0.5);
        Assert.Same(flow.Transform, cold.Transform);
    }

    [Fact]
    public void Draws_at_two_temperatures_come_from_the_same_noise()
    {
        var p = new ProductDistribution(new StandardNormal(1), MultivariateNormal.Learned(2));
        manual_seed(1);
        var hot = p.Sample(5);
        manual_seed(1);
        Assert.InRange(Distance(new Tempered(p, 0.25).Sample(5), hot * 0.25), 0, 1e-7);
    }
}
