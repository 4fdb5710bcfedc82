using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class FlowTests
{
    [Fact]
    public void A_flow_starts_at_the_identity()
    {
        var flow = RealNvp.Create(4, layers: 6);
        var x = randn(5, 4);
        Assert.InRange(FlowKit.Laws.Expect.Distance(flow.Transform.Forward(x).Z, x), 0, 1e-6);
    }

    [Fact]
    public void Dequantization_makes_the_log_likelihood_a_bound()
    {
        Assert.True(RealNvp.Create(4).IsExact);
        Assert.False(RealNvp.Create(4, preprocessing: [new UniformDequantization(17), new Logit(0.02)]).IsExact);
    }

    [Fact]
    public void A_uniform_model_of_256_levels_has_8_bits_per_dimension()
    {
        // Logistic noise through its own quantile is uniform: the flow's density on the unit cube is 1.
        var flow = new Flow(new Chain(new UniformDequantization(256), new Logit()), new StandardLogistic(10));
        var x = randint(0, 256, [50, 10]).to(float32);
        Assert.Equal(8, Bits.PerDimension(flow.LogProb(x).mean().ToDouble(), 10), 1e-4);
    }

    [Fact]
    public void The_dequantized_bound_is_below_the_discrete_log_likelihood_and_tight_for_a_flat_density()
    {
        // A logistic of location 0 and scale 1 on z = logit((x + u) / 4) puts mass 1/4 on each level exactly.
        manual_seed(1);
        var flat = new Flow(new Chain(new UniformDequantization(4), new Logit()), new StandardLogistic(1));
        Assert.Equal(-Math.Log(4), flat.LogProb(zeros(2000, 1) + 2).mean().ToDouble(), 1e-4);

        // A normal base is not flat: its exact cell masses come from Phi(logit(k/4)), and the bound stays below them.
        var normal = new Flow(new Chain(new UniformDequantization(4), new Logit()), new StandardNormal(1));
        for (int k = 0; k < 4; k++)
        {
            double mass = Phi(LogitOf((k + 1) / 4.0)) - Phi(LogitOf(k / 4.0));
            var logP = normal.LogProb(zeros(20_000, 1) + k);
            double standardError = logP.std().ToDouble() / Math.Sqrt(20_000);
            Assert.True(logP.mean().ToDouble() < Math.Log(mass) + 4 * standardError, $"level {k}");
            Assert.InRange(logP.exp().mean().ToDouble(), mass - 4.5 * logP.exp().std().ToDouble() / 141, mass + 4.5 * logP.exp().std().ToDouble() / 141);
        }

        static double LogitOf(double p) => Math.Log(p) - Math.Log(1 - p);
        static double Phi(double z) => double.IsInfinity(z) ? (z > 0 ? 1 : 0) : special.ndtr(tensor(z)).ToDouble();
    }

    [Fact]
    public void Nice_on_MNIST_converts_to_its_bits_per_dimension()
    {
        Assert.Equal(4.3555, Bits.PerDimension(1980.50, 784, levels: 256), 5e-5);
        Assert.Throws<ArgumentOutOfRangeException>("dimensions", () => Bits.PerDimension(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("levels", () => Bits.PerDimension(1, 1, levels: 1));
    }

    [Fact]
    public void Gradients_flow_through_draws_with_log_prob_and_not_through_plain_draws()
    {
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        Assert.False(flow.Sample(3).requires_grad);
        var (x, logP) = flow.SampleWithLogProb(3);
        Assert.True(x.requires_grad && logP.requires_grad);
    }

    [Fact]
    public void A_conditional_flow_draws_for_the_context_of_each_row()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8], contextShape: 1);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter));
        var context = cat([zeros(2000, 1), ones(2000, 1) * 3]);
        var x = flow.Sample(4000, context);
        var difference = x.narrow(0, 0, 2000).mean([0]) - x.narrow(0, 2000, 2000).mean([0]);
        Assert.True(difference.abs().max().ToDouble() > 0.3);
        Assert.Throws<ArgumentException>("context", () => flow.Sample(3, context));
        Assert.Throws<ArgumentException>("context", () => flow.Sample(3));
    }

    [Fact]
    public void State_keys_are_readable()
    {
        var flow = RealNvp.Create(2, layers: 1, hidden: [4]);
        Assert.Equal(
            ["transform.layers.0.conditioner.layers.0.bias", "transform.layers.0.conditioner.layers.0.weight",
             "transform.layers.0.conditioner.layers.1.bias", "transform.layers.0.conditioner.layers.1.weight"],
            flow.state_dict().Keys.Order());
    }

    [Fact]
    public void Parts_of_different_width_are_refused_when_they_are_put_together()
    {
        Assert.Contains("(3, ...)", Assert.Throws<ArgumentException>("base", () => new Flow(Permutation.Reverse(3), new StandardNormal(4))).Message);
        Assert.Contains("takes events of shape (4, ...); the layer before it gives (3, ...)", Assert.Throws<ArgumentException>("transforms", () => new Chain(Permutation.Reverse(3), new Logit(), Permutation.Reverse(4))).Message);
        Assert.Throws<ArgumentException>("transforms", () => RealNvp.Create(4, preprocessing: [Permutation.Reverse(3)]));
        Assert.Throws<ArgumentException>("base", () => new Flow(Coupling.WithMlp(Masks.Half(3, second: true), new AffineMap(), [4]).Inverted, new StandardNormal(4)));
    }

    [Fact]
    public void Two_couplings_touch_every_feature()
    {
        manual_seed(1);
        var flow = RealNvp.Create(5, layers: 2, hidden: [8]);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        flow.to(float64);
        var x = randn(1, 5, dtype: float64).requires_grad_();
        var z = flow.Transform.Forward(x).Z;
        for (int i = 0; i < 5; i++)
        {
            var row = autograd.grad([z[0, i]], [x], retain_graph: true)[0].flatten();
            var unit = zeros(5, dtype: float64);
            unit[i] = 1;
            Assert.True(FlowKit.Laws.Expect.Distance(row, unit) > 1e-3, $"feature {i} passes through both layers");
        }
    }
}
