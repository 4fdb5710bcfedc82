using FlowKit.Models;
using FlowKit.Training;
using TorchSharp.Modules;
using static FlowKit.Tests.Laws.Numeric;

namespace FlowKit.Tests.Training;

public class FusedOptimizerTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 0.0, double.PositiveInfinity, 1e-12)]
    [InlineData(ScalarType.Float64, 0.1, 0.5, 1e-12)]
    [InlineData(ScalarType.Float32, 0.0, double.PositiveInfinity, 1e-6)]
    [InlineData(ScalarType.Float32, 0.1, 0.5, 1e-6)]
    public void Two_hundred_steps_equal_those_of_AdamW(ScalarType dtype, double decay, double clip, double tolerance)
    {
        var (ours, theirs) = (Network(dtype), Network(dtype));
        using var fused = new FusedOptimizer(ours.named_parameters(), Optimizer.AdamW(decay));
        var adam = optim.AdamW(theirs.parameters(), lr: 3e-3, weight_decay: decay);
        manual_seed(2);
        for (int step = 0; step < 200; step++)
        {
            var (x, y) = (randn(16, 3, dtype: dtype), randn(16, 5, dtype: dtype));
            double rate = 3e-3 * (1 - step / 250.0);

            fused.Clear();
            Loss(ours, x, y).backward();
            fused.Step(rate, clip);

            adam.zero_grad();
            Loss(theirs, x, y).backward();
            if (double.IsFinite(clip)) nn.utils.clip_grad_norm_(theirs.parameters(), clip);
            foreach (var group in adam.ParamGroups) group.LearningRate = rate;
            adam.step();
        }
        foreach (var (a, b) in ours.parameters().Zip(theirs.parameters()))
            Assert.InRange(Distance(a, b), 0, tolerance);
        Assert.True(Distance(ours.parameters().First(), Network(dtype).parameters().First()) > 0.01);
    }

    [Fact]
    public void The_sweep_and_the_tensor_operations_agree()
    {
        manual_seed(3);
        var start = randn(37, dtype: float64);
        var (a, b) = (start.clone(), start.clone());
        var (m, v, n, w) = (zeros_like(a), zeros_like(a), zeros_like(a), zeros_like(a));
        for (int step = 1; step < 20; step++)
        {
            var g = randn(37, dtype: float64);
            var update = new AdamUpdate(0.7, 0.9, 0.999, 1e-8, 0.999, 0.01 * step, 1.5);
            update.Apply<double>(Values(a), Values(g), Values(m), Values(v));
            update.Apply(b, g, n, w);
        }
        Assert.InRange(Distance(a, b), 0, 1e-13);
        Assert.True(Distance(a, start) > 0.1);

        static Span<double> Values(Tensor x) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(x.bytes);
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_where_it_is()
    {
        var (used, idle) = (new Parameter(ones(3, dtype: float64)), new Parameter(ones(3, dtype: float64)));
        using var fused = new FusedOptimizer([("used", used), ("idle", idle)], Optimizer.AdamW(0.1));
        for (int step = 0; step < 3; step++)
        {
            fused.Clear();
            used.sum().backward();
            fused.Step(0.1, clip: 10);
        }
        Assert.Equal(0, Distance(idle, ones(3, dtype: float64)));
        Assert.True(Distance(used, ones(3, dtype: float64)) > 0.2);
    }

    [Fact]
    public void A_transposed_gradient_is_read_in_the_order_of_its_parameter()
    {
        manual_seed(4);
        var (a, b) = (new Parameter(ones(3, 4, dtype: float64)), new Parameter(ones(3, 4, dtype: float64)));
        var direction = randn(4, 3, dtype: float64);
        using var fused = new FusedOptimizer([("a", a), ("b", b)], Optimizer.Adam());
        a.grad = direction.t();
        b.grad = direction.t().contiguous();
        fused.Step(0.1, clip: 10);
        Assert.Equal(0, Distance(a, b));
        Assert.True(Distance(a, ones(3, 4, dtype: float64)) > 0.05);
    }

    [Fact]
    public void Parameters_are_saved_loaded_and_converted_as_ever_after_a_step()
    {
        manual_seed(5);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        Trainer.Fit(flow, randn(64, 2), options: new() { Steps = 20, Threads = 1 });
        using var stream = new MemoryStream();
        flow.save(stream);
        var copy = RealNvp.Create(2, layers: 2, hidden: [8]);
        copy.load(new MemoryStream(stream.ToArray()));
        var x = randn(9, 2);
        Assert.Equal(0, Distance(copy.LogProb(x), flow.LogProb(x)));
        flow.to(float64);
        Assert.InRange(Distance(flow.LogProb(x.to(float64)), copy.LogProb(x)), 0, 1e-4);
        Trainer.Fit(flow, randn(64, 2, dtype: float64), options: new() { Steps = 20, Threads = 1 });
        Assert.True(Distance(flow.LogProb(x.to(float64)), copy.LogProb(x)) > 1e-3);
    }

    private static Sequential Network(ScalarType dtype)
    {
        manual_seed(1);
        var network = nn.Sequential(nn.Linear(3, 7), nn.Tanh(), nn.Linear(7, 5));
        network.to(dtype);
        return network;
    }

    private static Tensor Loss(Sequential network, Tensor x, Tensor y) => (network.forward(x) - y).square().sum();
}
