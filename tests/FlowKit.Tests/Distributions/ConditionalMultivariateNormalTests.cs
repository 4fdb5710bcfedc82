using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Integration;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class ConditionalMultivariateNormalTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public void It_starts_standard_and_each_row_is_the_normal_law_of_its_own_context(int features)
    {
        var start = MultivariateNormal.Conditional(features, 2, (i, o) => new Mlp(i, o, [8]));
        var y = randn(5, features);
        Assert.InRange(Distance(start.LogProb(y, randn(5, 2)), new StandardNormal(features).LogProb(y)), 0, 1e-5);

        var p = Shaken(features);
        var (x, c) = (randn(5, features, float64), randn(5, 2, float64));
        var (all, entropy) = (p.LogProb(x, c), p.Entropy(c));
        for (int row = 0; row < 5; row++)
        {
            var (mean, covariance) = Moments(p, c.narrow(0, row, 1));
            var one = new MultivariateNormal(mean, covariance);
            one.to(float64);
            Assert.Equal(one.LogProb(x.narrow(0, row, 1)).ToDouble(), all[row].ToDouble(), 1e-9);
            Assert.Equal(one.Entropy().ToDouble(), entropy[row].ToDouble(), 1e-9);
            Assert.Equal(Kl.Divergence(one, Standard(features)).ToDouble(), Kl.Divergence(p, Standard(features), c)[row].ToDouble(), 1e-9);
        }
        Assert.True(Distance(all, p.LogProb(x, c.roll(1, 0))) > 1e-3);
        Assert.Equal([0], p.LogProb(x.narrow(0, 0, 0), c.narrow(0, 0, 0)).shape);
        Assert.Equal([0, features], p.Sample(0, c.narrow(0, 0, 0)).shape);
    }

    [Fact]
    public void Draws_have_the_mean_and_covariance_of_their_context_and_carry_gradients()
    {
        var p = Shaken(3);
        var c = randn(1, 2, float64);
        var (mean, covariance) = Moments(p, c);
        var (x, logP) = p.SampleWithLogProb(60_000, c.expand(60_000, 2));
        Assert.InRange(Distance(x.mean([0]), mean), 0, 0.05);
        var centered = x - x.mean([0]);
        Assert.InRange(Distance(centered.t().mm(centered) / 60_000, covariance), 0, 0.1);
        Assert.True(x.requires_grad && p.IsReparameterized);
        Assert.InRange(Distance(p.LogProb(x.detach(), c.expand(60_000, 2)), logP), 0, 1e-9);
        x.sum().backward();
        Assert.True(p.parameters().All(parameter => parameter.grad is { IsInvalid: false }));
    }

    [Fact]
    public void Its_density_integrates_to_one()
    {
        var p = Shaken(2);
        var c = randn(1, 2, float64);
        Assert.Equal(1, Quadrature.Integrate(x => p.LogProb(x, c.expand(x.size(0), 2)).exp(), (-30, 30), (-30, 30), 600), 1e-6);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Contains("to 9", Assert.Throws<ArgumentException>("conditioner", () => MultivariateNormal.Conditional(3, 2, (i, o) => new Mlp(i, o + 1, []))).Message);
        Assert.Throws<ArgumentException>("context", () => Shaken(2).LogProb(randn(3, 2, float64)));
        Assert.Throws<ArgumentException>("context", () => Shaken(2).LogProb(randn(3, 2, float64), randn(3, 2)));
        Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => MultivariateNormal.Conditional(2, 0, (i, o) => new Mlp(i, o, [])));
    }

    private static StandardNormal Standard(int features)
    {
        var p = new StandardNormal(features);
        p.to(float64);
        return p;
    }

    // By differences of the log-density of a normal law: its gradient and Hessian are those of one point.
    private static (Tensor Mean, Tensor Covariance) Moments(Distribution p, Tensor c)
    {
        long features = p.Dimensions;
        var x = zeros([1, features], dtype: float64).requires_grad_();
        var gradient = autograd.grad([p.LogProb(x, c).sum()], [x], retain_graph: true, create_graph: true)[0];
        Tensor[] rows = [.. Enumerable.Range(0, (int)features).Select(i => autograd.grad([gradient[0, i]], [x], retain_graph: true)[0][0])];
        var covariance = linalg.inv(stack(rows, dim: 0).neg());
        covariance = (covariance + covariance.t()) / 2;
        return (covariance.mv(gradient[0].detach()), covariance);            // at 0 the gradient is Sigma⁻¹ mu
    }

    private static ConditionalMultivariateNormal Shaken(int features)
    {
        manual_seed(3);
        var p = MultivariateNormal.Conditional(features, 2, (i, o) => new Mlp(i, o, [8], activation: Activation.Tanh));
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        return p;
    }
}
