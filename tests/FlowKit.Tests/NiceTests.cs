using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class NiceTests
{
    [Fact]
    public void Only_the_scaling_changes_volume()
    {
        using var none = no_grad();
        var flow = Shaken(Nice.Create(6, layers: 4, hidden: [16, 16]));
        var chain = (Chain)flow.Transform;
        var x = randn(9, 6, dtype: float64) * 100;
        foreach (var coupling in chain.Take(4)) Assert.Equal(0, coupling.Forward(x).LogDet.abs().max().ToDouble());

        var logDet = flow.Transform.Forward(x).LogDet;
        var sum = ((DiagonalScaling)chain[4]).Spectrum().log().sum().neg();
        Assert.InRange(Distance(logDet, sum.expand(9)), 0, 1e-12);
    }

    [Fact]
    public void Three_couplings_let_every_feature_influence_every_other_and_two_do_not()
    {
        Assert.Equal(36, Influences(layers: 3));
        Assert.InRange(Influences(layers: 2), 0, 35);

        static long Influences(int layers)
        {
            var flow = Shaken(Nice.Create(6, layers, hidden: [16]));
            var x = randn(1, 6, dtype: float64).requires_grad_();
            var z = flow.Transform.Forward(x).Z;
            return Enumerable.Range(0, 6).Sum(i => autograd.grad([z.select(1, i).sum()], [x], retain_graph: true)[0].ne(0).sum().ToInt64());
        }
    }

    [Fact]
    public void The_prior_is_logistic_unless_another_is_given()
    {
        Assert.IsType<StandardLogistic>(Nice.Create(4).Base);
        Assert.IsType<StandardNormal>(Nice.Create(4, prior: new StandardNormal(4)).Base);
        Assert.Contains("events", Assert.Throws<ArgumentException>(() => Nice.Create(4, prior: new StandardNormal(5))).Message);
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => Nice.Create(1)).ParamName);
        Assert.Equal("layers", Assert.Throws<ArgumentOutOfRangeException>(() => Nice.Create(4, layers: 0)).ParamName);
    }

    [Fact]
    public void The_papers_MNIST_model_takes_integers_and_has_its_size()
    {
        using var scope = NewDisposeScope();
        var flow = Nice.Mnist();
        Assert.Equal(4 * (392 * 1000 + 1000 + 4 * (1000 * 1000 + 1000) + 1000 * 392 + 392) + 784, flow.ParameterCount);
        Assert.Equal([3L], flow.LogProb(randint(0, 256, [3, 784])).shape);
    }

    [Fact]
    public void The_papers_SVHN_and_CIFAR_models_take_whitened_integers_and_have_their_size()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var whitening = Whiten.Zca(rand(16, 3072), epsilon: 0.1);
        foreach (var flow in new[] { Nice.Svhn(whitening), Nice.Cifar(whitening) })
        {
            Assert.Equal(4 * (1536 * 2000 + 2000 + 3 * (2000 * 2000 + 2000) + 2000 * 1536 + 1536) + 3072, flow.ParameterCount);
            Assert.IsType<StandardLogistic>(flow.Base);
            Assert.Equal([2L], flow.LogProb(randint(0, 256, [2, 3072])).shape);
        }
    }

    // 346 million parameters are made, and not run: their number is the check.
    [Fact]
    public void The_papers_Toronto_faces_model_has_its_size_and_a_Gaussian_prior()
    {
        using var scope = NewDisposeScope();
        var flow = Nice.TorontoFaces(Whiten.Zca(rand(8, 2304), epsilon: 0.1));
        Assert.Equal(4 * (1152 * 5000 + 5000 + 3 * (5000 * 5000 + 5000) + 5000 * 1152 + 1152) + 2304, flow.ParameterCount);
        Assert.IsType<StandardNormal>(flow.Base);
    }

    // 1 + ln E[V] by the closed form of the area, against published values of the same floor.
    [Theory]
    [InlineData(0.5, 2.838360)]
    [InlineData(1, 2.845365)]
    [InlineData(1.5, 2.873772)]
    [InlineData(2, 2.942862)]
    [InlineData(3, 3.267023)]
    public void The_floor_of_volume_preserving_flows_is_known(double strength, double floor)
    {
        Assert.Equal(floor, new Heteroscedastic(strength).VolumePreservingFloor, 1e-6);
        Assert.Equal(2.837877, new Heteroscedastic(strength).Entropy, 1e-6);
    }

    [Fact]
    public void The_floor_is_the_mean_area_of_the_higher_density_counted_by_draws()
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        var density = new Heteroscedastic(1);
        density.to(float64);

        // V(x) by importance sampling under a wide density q: the mean of 1{p(y) > p(x)} / q(y).
        var wide = new Heteroscedastic(1.4);
        wide.to(float64);
        var y = wide.Sample(400_000);
        var weight = wide.LogProb(y).neg().exp();
        var order = density.LogProb(y).sort(0, descending: true);
        var area = weight.index_select(0, order.Indices).cumsum(0) / y.size(0);
        var levels = density.LogProb(density.Sample(20_000));
        var at = searchsorted(order.Values.neg(), levels.neg()).clamp_max(y.size(0) - 1);
        var areas = area.index_select(0, at);
        double floor = 1 + Math.Log(areas.mean().ToDouble());
        double error = areas.std().ToDouble() / areas.mean().ToDouble() / Math.Sqrt(20_000);
        Assert.InRange(floor - density.VolumePreservingFloor, -4 * error - 0.01, 4 * error + 0.01);   // 0.01: four times the noise of the areas themselves
    }

    // For a volume-preserving flow the law of log p(x) is that of log p_H(h) but for a constant: here -Exp(1), whatever the couplings are.
    [Fact]
    public void The_log_density_of_a_volume_preserving_flow_is_distributed_as_its_priors()
    {
        manual_seed(4);
        using var none = no_grad();
        var flow = Shaken(Nice.Create(2, layers: 4, hidden: [16], prior: new StandardNormal(2)));
        double top = flow.Transform.Forward(zeros(1, 2, dtype: float64)).LogDet.ToDouble() - Math.Log(2 * Math.PI);
        Assert.InRange(FromExponential(top - flow.LogProb(flow.Sample(20_000))), 0, Critical);

        // The target's own log density is another law: no volume-preserving flow has it.
        var target = new Heteroscedastic(2);
        target.to(float64);
        var logP = target.LogProb(target.Sample(20_000));
        Assert.InRange(FromExponential(logP.mean() + 1 - logP), 5 * Critical, double.PositiveInfinity);
    }

    // Exceeded with probability 2e-5, beyond four standard errors of a normal.
    private const double Critical = 2.4;

    // How far from draws of Exp(1).
    private static double FromExponential(Tensor draws) => Kolmogorov.Statistic(draws, x => 1 - x.clamp_min(0).neg().exp());

    private static Flow Shaken(Flow flow)
    {
        manual_seed(1);
        flow.to(float64);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        return flow;
    }
}
