using FlowKit.Models;
using FlowKit.Training;
using TorchSharp.Modules;
using static FlowKit.Laws.Expect;

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

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void Two_hundred_steps_equal_those_of_Adamax(ScalarType dtype, double tolerance) =>
        Agrees(Optimizer.Adamax(), parameters => optim.Adamax(parameters, lr: 3e-3), dtype, tolerance);

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void Two_hundred_steps_equal_those_of_SGD_with_momentum(ScalarType dtype, double tolerance) =>
        Agrees(Optimizer.Sgd(momentum: 0.8), parameters => optim.SGD(parameters, 3e-3, momentum: 0.8), dtype, tolerance);

    private static void Agrees(Optimizer rule, Func<IEnumerable<Parameter>, optim.Optimizer> oracle, ScalarType dtype, double tolerance)
    {
        var (ours, theirs) = (Network(dtype), Network(dtype));
        using var fused = new FusedOptimizer(ours.named_parameters(), rule);
        var optimizer = oracle(theirs.parameters());
        manual_seed(2);
        for (int step = 0; step < 200; step++)
        {
            var (x, y) = (randn(16, 3, dtype: dtype), randn(16, 5, dtype: dtype));
            fused.Clear();
            Loss(ours, x, y).backward();
            Assert.Null(fused.Step(3e-3, clip: 0.5));

            optimizer.zero_grad();
            Loss(theirs, x, y).backward();
            nn.utils.clip_grad_norm_(theirs.parameters(), 0.5);
            optimizer.step();
        }
        foreach (var (a, b) in ours.parameters().Zip(theirs.parameters())) Assert.InRange(Distance(a, b), 0, tolerance);
        Assert.True(Distance(ours.parameters().First(), Network(dtype).parameters().First()) > 0.01);
    }

    public static TheoryData<string> Rules => ["AdamW", "Adamax", "Sgd"];

    [Theory, MemberData(nameof(Rules))]
    public void The_sweep_and_the_tensor_operations_agree(string name)
    {
        var rule = name switch { "AdamW" => Optimizer.AdamW(0.1), "Adamax" => Optimizer.Adamax(0.1), _ => Optimizer.Sgd(0.9, 0.1) };
        Assert.StartsWith(name, rule.ToString());
        manual_seed(3);
        var start = randn(37, dtype: float64);
        var (a, b) = (start.clone(), start.clone());
        var (m, v, n, w) = (zeros_like(a), zeros_like(a), zeros_like(a), zeros_like(a));
        for (int step = 1; step < 20; step++)
        {
            var g = randn(37, dtype: float64);
            var update = rule.Update(0.01 * step, step, scale: 0.7);
            update.Apply<double>(Values(a), Values(g), Values(m), Values(v));
            update.Apply(b, g, n, w);
        }
        Assert.InRange(Distance(a, b), 0, 1e-13);
        Assert.True(Distance(a, start) > 0.1);

        static Span<double> Values(Tensor x) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(x.bytes);
    }

    [Theory, MemberData(nameof(Rules))]
    public void Weight_decay_shrinks_a_parameter_whose_gradient_is_zero(string name)
    {
        var rule = name switch { "AdamW" => Optimizer.AdamW(0.1), "Adamax" => Optimizer.Adamax(0.1), _ => Optimizer.Sgd(0.9, 0.1) };
        var still = new Parameter(ones(21, dtype: float64));
        using var fused = new FusedOptimizer([("still", still)], rule);
        still.grad = zeros(21, dtype: float64);
        fused.Step(0.5, clip: 10);
        Assert.InRange(Distance(still, full([21], 0.95, dtype: float64)), 0, 1e-15);
    }

    [Fact]
    public void The_gradients_of_two_batches_count_as_their_mean()
    {
        manual_seed(6);
        var (a, b) = (new Parameter(ones(3, dtype: float64)), new Parameter(ones(3, dtype: float64)));
        using FusedOptimizer one = new([("a", a)], Optimizer.Sgd()), two = new([("b", b)], Optimizer.Sgd());
        var (g, h) = (randn(3, dtype: float64) * 10, randn(3, dtype: float64) * 10);
        a.grad = (g + h) / 2;
        b.grad = g + h;
        one.Step(0.1, clip: 1);
        two.Step(0.1, clip: 1, batches: 2);
        Assert.InRange(Distance(a, b), 0, 1e-15);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named_and_nothing_moves()
    {
        Parameter[] all = [new(ones(3)), new(ones(3)), new(ones(3))];
        using var fused = new FusedOptimizer([("a", all[0]), ("b", all[1]), ("c", all[2])], Optimizer.Adam());
        foreach (var (parameter, value) in all.Zip([float.NaN, float.PositiveInfinity, 1])) parameter.grad = full([3], value, dtype: float32);
        Assert.Equal("b", fused.Step(0.1, clip: double.PositiveInfinity));
        Assert.All(all, parameter => Assert.Equal(0, Distance(parameter, ones(3))));
        Assert.Equal(0, fused.Steps);
    }

    [Fact]
    public void A_gradient_whose_norm_overflows_is_clipped_to_nothing()
    {
        var huge = new Parameter(ones(3));
        using var fused = new FusedOptimizer([("huge", huge)], Optimizer.Sgd());
        huge.grad = full([3], 1e30, dtype: float32);
        Assert.Null(fused.Step(0.1, clip: 10));
        Assert.Equal(0, Distance(huge, ones(3)));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => Optimizer.AdamW(-1));
        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => Optimizer.Sgd(0.9, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => Optimizer.Adam(beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>("beta2", () => Optimizer.Adamax(beta2: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => Optimizer.Sgd(1.5));
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
