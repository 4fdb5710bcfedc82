using FlowKit.Conditioners;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class FamilyDistributionTests
{
    [Fact]
    public void Each_element_has_its_own_distribution_function_and_quantile()
    {
        var p = new Normal().Fixed(tensor([0.0, 3], dtype: float64), tensor([1.0, 2], dtype: float64));
        p.to(float64);
        var x = tensor([0.0, 5, 1, 3], [2, 2], dtype: float64);
        Assert.Equal([0.5, 0.8413447460685429, 0.8413447460685429, 0.5], p.Cdf(x).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.InRange(Distance(p.Quantile(p.Cdf(x)), x), 0, 1e-14);
    }

    [Fact]
    public void Every_row_follows_its_context_or_the_one_for_all()
    {
        manual_seed(1);
        var p = new StudentT().Conditional(3, (i, o) => new Mlp(i, o, [8]), 2, 2);
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var (x, c) = (randn(4, 2, 2, dtype: float64), randn(4, 3, dtype: float64));
        var u = p.Cdf(x, c);
        Assert.Equal(x.shape, u.shape);
        Assert.InRange(Distance(p.Quantile(u, c), x), 0, 1e-11);
        Assert.InRange(Distance(p.Cdf(x.narrow(0, 1, 1), c.narrow(0, 1, 1)), u.narrow(0, 1, 1)), 0, 1e-14);
        Assert.InRange(Distance(p.Cdf(x, c.narrow(0, 1, 1)).narrow(0, 1, 1), u.narrow(0, 1, 1)), 0, 1e-14);
        u.sum().backward();
        Assert.Contains(p.parameters(), parameter => parameter.grad is { } grad && grad.abs().sum().ToDouble() > 0);
    }

    [Fact]
    public void Wrong_shapes_and_contexts_are_refused_by_name()
    {
        var p = new Normal().Learned(2);
        Assert.Throws<ArgumentException>("x", () => p.Cdf(zeros(3, 4)));
        Assert.Throws<ArgumentException>("p", () => p.Quantile(zeros(3, 4)));
        Assert.Throws<ArgumentException>("context", () => p.Cdf(zeros(3, 2), zeros(3, 1)));
    }

    [Fact]
    public void Only_the_results_outlive_a_call()
    {
        var p = new Beta().Learned(2);
        using var scope = NewDisposeScope();
        var x = full(3, 2, 0.3f);
        long before = LiveTensors;
        var u = p.Cdf(x);
        Assert.Equal(before + 1, LiveTensors);
        p.Quantile(u);
        Assert.Equal(before + 2, LiveTensors);
    }
}
