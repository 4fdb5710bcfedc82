using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Tests.Training;

public class FailureTests
{
    private static readonly FitOptions Quick = new() { Name = "broken", Steps = 40, BatchSize = 8, LearningRate = 1e-2, Threads = 1 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_layer_the_step_and_the_rows_are_named(int planted)
    {
        manual_seed(1);
        var layers = Enumerable.Range(0, 3).Select(i => (Transform)(i == planted ? new Breaking() : Coupling.WithMlp(Masks.Half(2, second: i % 2 == 0), new AffineMap(), [8]))).ToArray();
        var flow = new Flow(new Chain(layers), new StandardNormal(2));
        var data = rand(64, 2);
        data[37] = -ones(2);                                          // the others are above zero
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(flow, data, options: Quick));
        Assert.Equal($"transform.layers.{planted} (Breaking)", error.Module);
        Assert.Contains($"The first value that is not finite is what transform.layers.{planted} (Breaking) gives.", error.Message);
        Assert.Contains($"is NaN at step {error.Step} of 40", error.Message);
        Assert.Contains(37, error.Rows);
        Assert.Equal(8, error.Rows.Count);
    }

    [Fact]
    public void The_weights_are_those_of_the_last_good_step()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        Dictionary<string, byte[]> last = [];
        int calls = 0;
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(flow, () => -flow.LogProb(randn(4, 2)).mean() * (++calls == 6 ? double.NaN : 1),
            Quick with { AfterStep = _ => last = Trainings.Bytes(flow) }));
        Assert.Equal(6, error.Step);
        Assert.Null(error.Module);
        Assert.Empty(error.Rows);
        Assert.Contains("The weights are those after step 5.", error.Message);
        Trainings.AssertSame(last, Trainings.Bytes(flow));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_told_by_its_parameter_before_it_spoils_the_weights()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        int calls = 0;
        var before = Trainings.Bytes(flow);
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(flow, () =>
        {
            var logP = flow.LogProb(randn(4, 2)).mean();
            return -logP + (++calls == 1 ? (logP - logP.detach()).abs().sqrt() : 0);      // 0, with an infinite slope
        }, Quick));
        Assert.Equal(1, error.Step);
        Assert.StartsWith("the gradient of transform.layers.1.", error.Module);
        Assert.Contains("A gradient of 'broken' is not finite at step 1", error.Message);
        Assert.Equal(before.Values.Select(Convert.ToHexString), Trainings.Bytes(flow).Values.Select(Convert.ToHexString));
    }

    [Fact]
    public void A_part_of_a_network_of_torch_is_named_too()
    {
        manual_seed(1);
        var network = nn.Sequential(("first", nn.Linear(2, 4)), ("second", nn.Linear(4, 4)), ("third", nn.Linear(4, 1)));
        using (no_grad()) ((Linear)network[1]).bias!.fill_(float.PositiveInfinity);
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(network, () => network.call(randn(5, 2)).square().mean(), Quick));
        Assert.Equal("second (Linear)", error.Module);
    }

    [Fact]
    public void Running_statistics_are_those_before_the_bad_batch()
    {
        manual_seed(1);
        var network = nn.Sequential(("norm", nn.BatchNorm1d(2)), ("out", nn.Linear(2, 1)));
        int calls = 0;
        Dictionary<string, byte[]> last = [];
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(network, () => network.call(++calls >= 4 ? randn(5, 2) / 0 : randn(5, 2)).square().mean(),
            Quick with { AfterStep = _ => last = Trainings.Bytes(network) }));
        Assert.Equal((4, "norm (BatchNorm1d)"), (error.Step, error.Module));
        Trainings.AssertSame(last, Trainings.Bytes(network));
    }

    [Fact]
    public void Parameters_set_by_a_bad_first_batch_are_those_before_it()
    {
        manual_seed(1);
        var flow = new Flow(new Chain(new ActNorm(2)), new StandardNormal(2));
        var before = Trainings.Bytes(flow);
        Assert.Throws<TrainingException>(() => Trainer.Fit(flow, () => -flow.LogProb(randn(5, 2) / 0).mean(), Quick));
        Assert.Equal(before.Values.Select(Convert.ToHexString), Trainings.Bytes(flow).Values.Select(Convert.ToHexString));
    }

    [Fact]
    public void Nothing_is_watched_after_a_failure()
    {
        var normal = new StandardNormal(2);
        using (var trace = new FiniteTrace(normal))
        {
            normal.LogProb(full([1, 2], double.NaN, dtype: float32));
            Assert.Equal("StandardNormal", trace.First);
        }
        using var second = new FiniteTrace(normal);
        normal.LogProb(zeros(1, 2));
        Assert.Null(second.First);
    }

    // z = x, but NaN far below zero.
    private sealed class Breaking() : Transform(nameof(Breaking))
    {
        protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
            (where(x.lt(-0.5), full_like(x, double.NaN), x), SameForAll(0, x));

        protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z.alias(), SameForAll(0, z));
    }
}
