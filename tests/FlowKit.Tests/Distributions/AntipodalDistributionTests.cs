using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class AntipodalDistributionTests
{
    [Theory, InlineData(ScalarType.Float32), InlineData(ScalarType.Float64)]
    public void Antipodes_have_one_density_to_the_last_bit(ScalarType dtype)
    {
        var law = Axes(3);
        law.to(dtype);
        var x = nn.functional.normalize(randn(203, 4, dtype: dtype));
        x[0] = tensor(new[] { 0.0, 0, -1, 0 }, dtype: dtype);
        Assert.True(law.LogProb(x).eq(law.LogProb(-x)).all().ToBoolean());
        Assert.True(law.LogProb(x).eq(law.LogProb(-x.roll(17, 0)).roll(-17, 0)).all().ToBoolean());
    }

    // Whatever the inner law does with its rows, it cannot tell x from -x.
    [Fact]
    public void The_inner_law_is_asked_the_same_for_both()
    {
        var inner = new Listener();
        var (law, x) = (new AntipodalDistribution(inner), tensor(new[,] { { 0.6, -0.8 }, { -1, 0 }, { 0, -1 }, { -0.6, 0.8 } }));
        law.LogProb(x);
        law.LogProb(-x);
        Assert.Equal(4, inner.Heard.Count);
        Assert.Equal(inner.Heard[0], inner.Heard[2]);
        Assert.Equal(inner.Heard[1], inner.Heard[3]);
        Assert.Equal([0.6, -0.8, 1, 0, 0, 1, 0.6, -0.8], inner.Heard[0]);
    }

    [Fact]
    public void It_is_the_mean_of_the_density_at_both()
    {
        var inner = Shaken(SphereFlow.Recursive(3, bins: 6, hidden: [8]), 0.4);
        var law = new AntipodalDistribution(inner);
        law.to(float64);
        var x = inner.Sample(50);
        Assert.InRange(Distance(law.LogProb(x).exp(), (inner.LogProb(x).exp() + inner.LogProb(-x).exp()) / 2), 0, 1e-12);
        Assert.True(Distance(inner.LogProb(x), inner.LogProb(-x)) > 0.5);
    }

    [Fact]
    public void Draws_take_either_sign_as_often_and_are_those_of_the_inner_law_but_for_it()
    {
        const long draws = 40_000;
        var inner = new VonMisesFisher(tensor(new[] { 0.0, 0, 1 }), 50);
        var law = new AntipodalDistribution(inner);
        manual_seed(1);
        var height = law.Sample(draws).select(1, 2);
        Assert.InRange(height.gt(0).to(float64).mean().ToDouble(), 0.5 - 4 * 0.5 / Math.Sqrt(draws), 0.5 + 4 * 0.5 / Math.Sqrt(draws));
        double deviation = inner.Sample(draws).select(1, 2).std().ToDouble();
        Assert.InRange(height.abs().mean().ToDouble() - inner.Sample(draws).select(1, 2).mean().ToDouble(), -6 * deviation / Math.Sqrt(draws), 6 * deviation / Math.Sqrt(draws));
    }

    [Fact]
    public void Fit_learns_axes_from_data_of_either_sign()
    {
        manual_seed(1);
        var source = new AntipodalDistribution(new VonMisesFisher(tensor(new[] { 1.0, 1, 0 }), 20));
        var law = new AntipodalDistribution(SphereFlow.Recursive(2, bins: 8, hidden: [16]));
        var x = source.Sample(3000);
        Trainer.Fit(law, x, options: new FitOptions { Steps = 250, LearningRate = 2e-2, Threads = 1 });
        using var none = no_grad();
        var test = source.Sample(4000);
        Assert.InRange((source.LogProb(test) - law.LogProb(test)).mean().ToDouble(), -0.02, 0.15);
    }

    [Fact]
    public void Draws_carry_gradients_and_events_that_are_no_vectors_are_refused()
    {
        var law = Axes(2);
        Assert.True(law.IsReparameterized && law.IsExact);
        var (x, logP) = law.SampleWithLogProb(100);
        Assert.InRange(Distance(law.LogProb(x), logP), 0, 1e-9);
        (logP - x.select(1, 0).square() * 3).mean().backward();
        Gradients(law.named_parameters().Select(one => (one.name, (Tensor)one.parameter)));
        Assert.Throws<ArgumentNullException>("inner", () => new AntipodalDistribution(null!));
        Assert.Contains("(1, 2, 2)", Assert.Throws<ArgumentException>("inner", () => new AntipodalDistribution(new Normal().Learned(1, 2, 2))).Message);
    }

    private sealed class Listener() : Distribution(nameof(Listener), 2)
    {
        public List<double[]> Heard { get; } = [];

        protected override Tensor LogProbCore(Tensor x, Tensor? context)
        {
            Heard.Add([.. (x + 0).data<double>()]);                           // no negative zeros
            return x.sum(1);
        }

        protected override Tensor SampleCore(long count, Tensor? context) => zeros(BatchOf(count));
    }

    private static AntipodalDistribution Axes(long dimension)
    {
        manual_seed(2);
        return Shaken(new AntipodalDistribution(SphereFlow.Recursive(dimension, bins: 6, hidden: [16])), 0.4);
    }
}
