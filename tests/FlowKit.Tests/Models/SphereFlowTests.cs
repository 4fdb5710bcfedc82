using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class SphereFlowTests
{
    [Theory, InlineData(1, 1.8378771), InlineData(2, 2.5310242), InlineData(3, 2.9826069), InlineData(4, 3.2702890), InlineData(5, 3.4341897)]
    public void It_starts_uniform(long dimension, double logArea)
    {
        var flow = SphereFlow.Recursive(dimension, layers: 2);
        Assert.InRange(Distance(flow.LogProb(new UniformSphere(dimension).Sample(20)), full(20, -logArea)), 0, 5e-5);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void With_random_weights_it_integrates_to_one(bool inverse)
    {
        using var rule = QuadratureRule.Sphere(240);
        var flow = Shaken(2, inverse, inverse ? new CircularRationalQuadraticMap(5, Rotates: true) : null);
        double[] logP = rule.Evaluate(x => flow.LogProb(x));
        Assert.Equal(1, logP.Zip(rule.Weights().data<double>(), (one, weight) => Math.Exp(one) * weight).Sum(), 1e-4);
        Assert.InRange(logP.Max() + Math.Log(4 * Math.PI), 0.5, 10);
    }

    // In more dimensions without a rule: E[p / u] over uniform draws.
    [Theory, InlineData(3), InlineData(5)]
    public void In_more_dimensions_its_mean_over_uniform_draws_is_that_of_a_density(long dimension)
    {
        const long draws = 60_000;
        var (flow, uniform) = (Shaken(dimension, inverse: false), new UniformSphere(dimension));
        uniform.to(float64);
        using var none = no_grad();
        var ratio = (flow.LogProb(uniform.Sample(draws)) + uniform.Entropy).exp();
        Assert.InRange(ratio.std().ToDouble(), 0.3, 20);
        double error = ratio.std().ToDouble() / Math.Sqrt(draws);
        Assert.InRange(ratio.mean().ToDouble() - 1, -4 * error, 4 * error);
    }

    [Fact]
    public void Off_the_sphere_there_is_nothing_and_near_it_the_nearest_point_counts()
    {
        var flow = Shaken(2, inverse: true);
        var x = flow.Sample(6);
        var at = flow.LogProb(x);
        foreach (var law in (Distribution[])[flow, new Flow(new Chain(new Orthogonal(3), flow.Transform, Permutation.Reverse(3)), flow.Base), new Mixture([1, 1], flow, flow), new AntipodalDistribution(flow)])
        {
            law.to(float64);
            var mixed = x.clone();
            mixed[1] = x[1] * 1.0002;
            mixed[2] = 0;
            mixed[3] = double.PositiveInfinity;
            mixed[4] = 1e200;
            mixed[5, 2] = double.NaN;
            mixed.requires_grad_();
            var logP = law.LogProb(mixed);
            Assert.True(logP.narrow(0, 1, 4).eq(double.NegativeInfinity).all().ToBoolean());
            Assert.Equal(law.LogProb(x)[0].ToDouble(), logP[0].ToDouble(), 1e-12);
            Assert.True(logP[5].isnan().ToBoolean());
            logP[0].backward();
            Assert.True(mixed.grad!.narrow(0, 0, 5).isfinite().all().ToBoolean());
        }
        Assert.InRange(Distance(flow.LogProb(x * 1.00009), at), 0, 1e-9);
    }

    [Fact]
    public void Draws_carry_gradients_to_every_parameter()
    {
        var flow = Shaken(3, inverse: true);
        Assert.True(flow.IsReparameterized);
        var (x, logP) = flow.SampleWithLogProb(100);
        (logP - x.select(1, 0) * 3).mean().backward();
        Gradients(flow.named_parameters().Select(one => (one.name, (Tensor)one.parameter)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Reverse_KL_finds_one_mode(long dimension)
    {
        manual_seed(1);
        var flow = SphereFlow.Recursive(dimension, bins: 8, hidden: [16], map: new CircularRationalQuadraticMap(8, Rotates: true), inverse: true);
        Trainer.Fit(flow, () => Loss(64), new FitOptions { Steps = 300, LearningRate = 2e-2, Threads = 1 });
        using var none = no_grad();
        var x = flow.Sample(4000);
        var divergence = new SphereEnergy("one", eye(1, dimension + 1), concentration: 5).Divergence(flow, draws: 20_000);
        Assert.InRange(divergence.Mean, -4 * divergence.StandardError, 0.1);
        Assert.InRange(x.mean([0])[0].ToDouble(), 0.6, 1);

        Tensor Loss(int draws)
        {
            var (x, logP) = flow.SampleWithLogProb(draws);
            return (logP - x.select(1, 0) * 5).mean();
        }
    }

    [Fact]
    public void Bad_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => SphereFlow.Recursive(0));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => SphereFlow.Recursive(2, layers: 0));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new UniformSphere(0));
    }

    private static Flow Shaken(long dimension, bool inverse, CircleMap? map = null)
    {
        manual_seed(3);
        return FlowKit.Laws.Expect.Shaken(SphereFlow.Recursive(dimension, bins: 6, hidden: [16], activation: Activation.Tanh, map: map, inverse: inverse), 0.15);
    }
}
