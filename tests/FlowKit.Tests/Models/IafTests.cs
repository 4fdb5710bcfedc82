using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Integration;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class IafTests
{
    [Fact]
    public void The_gate_is_the_affine_map_with_a_shift_of_its_own()
    {
        manual_seed(1);
        var (x, theta) = (randn(20, 3, dtype: float64), randn(20, 2, 3, dtype: float64));
        var (y, logSlope) = new GatedAffineMap(Bias: 1.5).Forward(x, theta);
        var sigma = (theta.select(1, 1) + 1.5).sigmoid();
        Assert.InRange(Distance(y, x * sigma + theta.select(1, 0) * (1 - sigma)), 0, 1e-14);
        Assert.InRange(Distance(logSlope, sigma.log()), 0, 1e-14);
    }

    // Wide open, a gate passes x to the last digit, whatever m is.
    [Fact]
    public void An_open_gate_passes_its_input_as_it_is()
    {
        var x = tensor(new[,] { { 0.123456f, -3 } });
        var theta = tensor(new[] { 1e6f, -1e6f, 60, 60 }, [1, 2, 2]);
        var (y, logSlope) = new GatedAffineMap().Forward(x, theta);
        Assert.Equal(0, Distance(y, x));
        Assert.InRange(logSlope.abs().max().ToDouble(), 0, 1e-20);
        Assert.Equal(0, Distance(new GatedAffineMap().Inverse(x, theta).X, x));
    }

    [Fact]
    public void A_step_starts_near_the_identity()
    {
        manual_seed(2);
        var x = randn(100, 4);
        var y = new MaskedAutoregressive(new GatedAffineMap(), new Made(4, 2, [16])).Forward(x).Z;
        Assert.InRange(((y - x).abs() / x.abs()).max().ToDouble(), 0.1, 0.15);            // sigmoid(2) = 0.88
    }

    [Theory, InlineData(1, false), InlineData(2, true)]
    public void The_order_turns_from_step_to_step(int steps, bool reads)
    {
        manual_seed(7);
        var q = Shaken(Iaf.Create(2, steps, hidden: [8]), 0.4);
        var e = randn(20, 2, float64).requires_grad_();
        var slope = autograd.grad([q.Transform.Inverse(e).X.select(1, 0).sum()], [e])[0].select(1, 1);        // of the first feature to the second number
        Assert.Equal(reads, slope.abs().max().ToDouble() > 1e-3);
        Assert.Equal(!reads, slope.abs().max().ToDouble() == 0);
    }

    [Fact]
    public void The_density_of_own_draws_is_the_paper_s_sum_and_that_of_a_numerical_inversion()
    {
        manual_seed(3);
        var q = Shaken(Iaf.Create(3, steps: 3, hidden: [8], contextShape: 2), 0.4);
        var h = randn(50, 2, dtype: float64);
        using var none = no_grad();
        manual_seed(4);
        var (z, logQ) = q.SampleWithLogProb(50, h);
        Assert.InRange(Distance(q.LogProb(z, h), logQ), 0, 1e-9);             // D solves a step

        // -sum of (e² + ln 2 pi) / 2 and every ln sigma_t, by hand, from the same noise.
        manual_seed(4);
        var z0 = q.Base.Sample(50, h);
        var sum = q.Base.LogProb(z0, h);
        var at = z0;
        foreach (var step in ((Chain)q.Transform).Reverse())
        {
            (at, var logDet) = step.Inverse(at, h);
            sum = sum - logDet;
        }
        Assert.InRange(Distance(at, z), 0, 1e-12);
        Assert.InRange(Distance(sum, logQ), 0, 1e-12);
    }

    [Fact]
    public void The_density_given_a_context_integrates_to_one()
    {
        manual_seed(5);
        var q = Shaken(Iaf.Create(2, steps: 2, hidden: [8], contextShape: 1, activation: Activation.Tanh), 0.4);
        var c = tensor(new[,] { { 0.7 } });
        using var none = no_grad();
        double mass = Quadrature.Integrate(x => q.LogProb(x, c).exp(), (-12, 12), (-12, 12), resolution: 600);
        Assert.Equal(1, mass, 1e-6);
    }

    [Theory, InlineData(0.5), InlineData(0.9), InlineData(0.99)]
    public void One_linear_step_closes_the_gap_that_a_factorized_law_leaves(double r)
    {
        var target = new MultivariateNormal(zeros(2, dtype: float64), tensor(new[,] { { 1, r }, { r, 1 } })).to(float64);
        var factorized = Trained(new Normal().Learned(2), steps: 1500);
        Assert.Equal(-Math.Log(1 - r * r) / 2, Kl.Divergence(factorized, target).ToDouble(), 1e-3);

        var q = Trained(Iaf.Create(2, steps: 1, hidden: []), steps: 3000);
        using var none = no_grad();
        Assert.Equal(0, Objectives.ReverseKl(q, z => target.LogProb(z), draws: 100_000).ToDouble(), 1e-3);     // its variance vanishes with it

        T Trained<T>(T q, int steps) where T : Distribution
        {
            manual_seed(6);
            q.to(float64);
            Trainer.Fit(q, () => Objectives.ReverseKl(q, z => target.LogProb(z), draws: 256), new() { Steps = steps, LearningRate = 0.02, Threads = 1 });
            return q;
        }
    }
}
