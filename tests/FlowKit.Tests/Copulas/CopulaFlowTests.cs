using FlowKit.Conditioners;
using FlowKit.Copulas;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests;

/// <summary>Copula flows against what a copula is, and against Clayton's, whose density has no bound in a corner.</summary>
public class CopulaFlowTests
{
    private const double Clayton2 = .431946;                                  // E[ln c], nats

    public static TheoryData<string> Names => ["couplings", "affine couplings", "autoregressive", "autoregressive, reverse"];

    [Theory, MemberData(nameof(Names))]
    public void An_untrained_flow_is_the_independence_copula(string name)
    {
        manual_seed(1);
        var flow = Make(name);
        var u = cat([rand(1000, 2, dtype: float64), tensor(new[,] { { 1e-12, 1e-9 }, { 1 - 1e-9, 1e-300 } })]);
        Assert.InRange(flow.LogProb(u).abs().max().ToDouble(), 0, 1e-12);
        Assert.True(flow.LogProb(tensor(new[,] { { -0.1, 0.5 }, { 0.5, 1.1 } })).eq(double.NegativeInfinity).all().ToBoolean());
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_weights_make_a_density_on_the_square_that_draws_follow(string name)
    {
        manual_seed(2);
        var flow = Shaken(Make(name), 0.1);
        const double Far = 30;
        const int Nodes = 601;
        var logit = linspace(-Far, Far, Nodes, dtype: float64);
        var (u, logWidth) = (logit.sigmoid(), nn.functional.logsigmoid(logit) + nn.functional.logsigmoid(-logit) + Math.Log(2 * Far / (Nodes - 1)));
        double mass = 0;
        using var none = no_grad();
        foreach (var (some, logSome) in u.split(20).Zip(logWidth.split(20)))
        {
            using var scope = NewDisposeScope();
            mass += (flow.LogProb(cartesian_prod(some, u)) + (logSome.unsqueeze(1) + logWidth).flatten()).exp().sum().ToDouble();
        }
        Assert.Equal(1, mass, tolerance: 1e-3);

        var (x, logProb) = flow.SampleWithLogProb(2000);
        Assert.InRange((logProb - flow.LogProb(x)).abs().max().ToDouble(), 0, 1e-6);
        Assert.True(logProb.abs().max().ToDouble() > 0.1);                    // the weights do something
        var z = flow.Transform.Forward(x).Z;
        Assert.InRange((flow.Transform.Inverse(z).X - x).abs().max().ToDouble(), 0, 1e-9);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void The_first_margin_is_uniform_whatever_the_weights_are(bool reverse)
    {
        manual_seed(3);
        var flow = Shaken(Make(reverse ? "autoregressive, reverse" : "autoregressive"), 0.15);
        using var none = no_grad();
        var logit = linspace(-34, 34, 68_001, dtype: float64);
        var weight = nn.functional.logsigmoid(logit) + nn.functional.logsigmoid(-logit) + Math.Log(0.001);
        foreach (double first in new[] { 1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999 })
        {
            var other = logit.sigmoid();
            Tensor[] pair = reverse ? [other, full_like(other, first)] : [full_like(other, first), other];
            Assert.Equal(1, (flow.LogProb(stack(pair, dim: 1)) + weight).exp().sum().ToDouble(), tolerance: 1e-4);
        }

        var margins = MarginUniformity.Of(flow.Sample(20_000));
        Assert.InRange(margins[reverse ? 1 : 0].PValue, 1e-4, 1);
        Assert.InRange(margins[reverse ? 0 : 1].PValue, 0, 1e-6);             // which the other's is not
    }

    [Fact]
    public void Three_features_and_a_context_keep_the_first_margin()
    {
        manual_seed(4);
        var flow = CopulaFlow.Autoregressive(3, bins: 4, hidden: [16], contextShape: 2);
        flow.to(float64);
        Shaken(flow, 0.3);
        var context = randn(1, 2, dtype: float64) * 3;
        var x = flow.Sample(20_000, context);
        var margins = MarginUniformity.Of(x);
        Assert.InRange(margins[0].PValue, 1e-4, 1);
        Assert.InRange(Math.Min(margins[1].PValue, margins[2].PValue), 0, 1e-6);
        Assert.False(flow.LogProb(x.narrow(0, 0, 10), context).allclose(flow.LogProb(x.narrow(0, 0, 10), -context)));
    }

    [Fact]
    public void Ten_thousand_points_of_Claytons_copula_are_enough_for_most_of_what_it_tells()
    {
        manual_seed(5);
        var truth = new PairCopula(new Clayton(), 2.0);
        truth.to(float64);
        var (train, test) = (truth.Sample(10_000).to(float32), truth.Sample(20_000).to(float32));
        foreach (var flow in new[] { CopulaFlow.Autoregressive(2), CopulaFlow.Create(2) })
        {
            Assert.InRange(-Trainer.NegativeLogLikelihood(flow, test).Mean, -1e-5, 1e-5);
            Trainer.Fit(flow, train, options: new() { Steps = 1000, LearningRate = 5e-3, Threads = 1 });
            var reached = Trainer.NegativeLogLikelihood(flow, test);
            Assert.InRange(-reached.Mean, .40, Clayton2 + 4 * reached.StandardError);
            Assert.InRange(flow.Sample(100_000).lt(0.01).all(1).to(float64).mean().ToDouble() / 0.01, 0.6, 0.95);       // C(q, q) / q, .7071 of Clayton's copula
        }
    }

    [Fact]
    public void Draws_that_cannot_be_tested_are_refused()
    {
        Assert.Throws<ArgumentException>("draws", () => MarginUniformity.Of(rand(3)));
        Assert.Throws<ArgumentException>("draws", () => MarginUniformity.Of(rand(0, 2)));
        Assert.True(double.IsNaN(MarginUniformity.Of(full([3, 1], float.NaN))[0].Distance));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => CopulaFlow.Autoregressive(1));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => CopulaFlow.Create(1));
        Assert.Throws<ArgumentException>("order", () => CopulaFlow.Autoregressive(2, order: [0, 0]));
    }

    private static Flow Make(string name)
    {
        var flow = name switch
        {
            "couplings" => CopulaFlow.Create(2, layers: 3, hidden: [16], activation: Activation.Tanh),
            "affine couplings" => CopulaFlow.Create(2, layers: 2, hidden: [16], map: new AffineMap(), activation: Activation.Tanh),
            "autoregressive" => CopulaFlow.Autoregressive(2, bins: 8, hidden: [16]),
            _ => CopulaFlow.Autoregressive(2, bins: 8, hidden: [16], order: [1, 0]),
        };
        flow.to(float64);
        return flow;
    }

    private static Flow Shaken(Flow flow, double deviation) => FlowKit.Laws.Expect.Shaken(flow, deviation);
}
