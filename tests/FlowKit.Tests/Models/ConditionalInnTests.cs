using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Models;

public class ConditionalInnTests
{
    [Fact]
    public void Whatever_the_condition_the_inverse_undoes_it_and_the_condition_changes_the_density()
    {
        foreach (var (flow, event_) in Cases())
        {
            Random(flow);
            var x = randn([6, .. event_], dtype: float64);
            var (c, other) = (randn([6, .. flow.ContextShape!], dtype: float64), randn([6, .. flow.ContextShape!], dtype: float64));
            var (z, logDet) = flow.Transform.Forward(x, c);
            var (back, minus) = flow.Transform.Inverse(z, c);
            Assert.True(back.allclose(x, atol: 1e-8));
            Assert.True((logDet + minus).abs().max().ToDouble() < 1e-8);
            Assert.True((flow.LogProb(x, c) - flow.LogProb(x, other)).abs().min().ToDouble() > 1e-9);
        }
    }

    [Fact]
    public void The_log_determinant_is_that_of_the_jacobian_of_x_alone()
    {
        var flow = Random(ConditionalInn.ForImages([1, 4, 4], [2, 4, 4], levels: 2, blocks: 1, width: 4));
        var x = randn(1, 1, 4, 4, dtype: float64).requires_grad_();
        var c = randn(1, 2, 4, 4, dtype: float64).requires_grad_();
        var (z, logDet) = flow.Transform.Forward(x, c);
        Tensor[] rows = [.. Enumerable.Range(0, 16).Select(i => autograd.grad([z[0, i]], [x], retain_graph: true)[0].flatten())];
        Assert.Equal(linalg.slogdet(stack(rows)).Item2.ToDouble(), logDet.ToDouble(), tolerance: 1e-9);
    }

    [Fact]
    public void Transfer_keeps_the_latents_and_to_the_same_condition_or_back_again_changes_nothing()
    {
        var flow = Random(ConditionalInn.Create(3, 2, blocks: 2, hidden: [8]));
        var x = randn(5, 3, dtype: float64);
        var (c, other) = (randn(5, 2, dtype: float64), randn(1, 2, dtype: float64));
        Assert.True(ConditionalInn.Transfer(flow, x, c, c).allclose(x, atol: 1e-9));
        var moved = ConditionalInn.Transfer(flow, x, c, other);
        Assert.False(moved.allclose(x, atol: 1e-3));
        Assert.True(flow.Transform.Forward(moved, other).Z.allclose(flow.Transform.Forward(x, c).Z, atol: 1e-9));      // the latents stay
        Assert.True(ConditionalInn.Transfer(flow, moved, other, c).allclose(x, atol: 1e-9));
    }

    [Fact]
    public void The_clamp_bounds_each_log_scale_and_levels_keep_every_number()
    {
        var flow = Random(ConditionalInn.Create(2, 1, blocks: 1, hidden: [4], clamp: 0.5), sd: 50);
        var (_, logDet) = flow.Transform.Forward(randn(100, 2, dtype: float64), randn(100, 1, dtype: float64));
        Assert.InRange(logDet.abs().max().ToDouble(), 0.6, 1);                                   // two elements of 0.5 each
        Assert.Equal([16L], ConditionalInn.ForImages([1, 4, 4], 3, levels: 2, blocks: 1, width: 4).Transform.LatentShape);
    }

    [Fact]
    public void The_weight_penalty_is_tau_times_the_squared_length()
    {
        var flow = Random(ConditionalInn.Create(2, 1, blocks: 1, hidden: [4]));
        double squares = flow.parameters().Sum(parameter => parameter.square().sum().ToDouble());
        Assert.Equal(0.3 * squares, ConditionalInn.WeightPenalty(flow, 0.3).ToDouble(), tolerance: 1e-9 * squares);
    }

    [Fact]
    public void Latent_directions_are_those_of_the_covariance()
    {
        manual_seed(3);
        var flow = new Flow(Permutation.Reverse(3), new FlowKit.Distributions.StandardNormal(3));
        flow.to(float64);
        var x = randn(4000, 3, dtype: float64) * tensor(new[] { 1.0, 3, 0.5 });
        var directions = LatentDirections.Of(flow, x, count: 2);
        var covariance = x.flip(1).transpose(0, 1).cov();
        var (values, _) = linalg.eigh(covariance);
        Assert.Equal(Math.Sqrt(values[2].ToDouble()), directions.Deviations[0].ToDouble(), tolerance: 1e-9);
        Assert.Equal(Math.Sqrt(values[1].ToDouble()), directions.Deviations[1].ToDouble(), tolerance: 1e-9);
        Assert.True(directions.Directions.mm(directions.Directions.t()).allclose(eye(2, dtype: float64), atol: 1e-9));
        var walk = directions.Move(flow, zeros(1, 3, dtype: float64), 0, [0, 2]);
        Assert.True(walk[0].abs().max().ToDouble() < 1e-9);
        Assert.Equal(2 * directions.Deviations[0].ToDouble(), walk[1].norm().ToDouble(), tolerance: 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>("direction", () => directions.Move(flow, zeros(1, 3, dtype: float64), 2, [1]));
        Assert.Throws<ArgumentException>("x", () => LatentDirections.Of(flow, zeros(1, 3, dtype: float64)));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => ConditionalInn.Create(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>("blocks", () => ConditionalInn.Create(2, 2, blocks: 0));
        Assert.Throws<ArgumentException>("image", () => ConditionalInn.ForImages([1, 6, 6], 2, levels: 2));
        Assert.Throws<ArgumentException>("contextShape", () => ConditionalInn.ForImages([1, 8, 8], [1, 4, 4]));
        Assert.Throws<ArgumentException>("flow", () => ConditionalInn.Transfer(RealNvp.Create(2), zeros(1, 2), zeros(1, 1), zeros(1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>("tau", () => ConditionalInn.WeightPenalty(RealNvp.Create(2), -1));
        Assert.Throws<ArgumentOutOfRangeException>("Bound", () => new AffineMap(Bound: (ScaleBound)9));
    }

    private static IEnumerable<(Flow Flow, long[] Event)> Cases()
    {
        yield return (ConditionalInn.Create(3, 2, blocks: 2, hidden: [8]), [3]);
        yield return (ConditionalInn.ForImages([1, 8, 8], 3, levels: 2, blocks: 1, width: 4), [1, 8, 8]);
        yield return (ConditionalInn.ForImages([2, 8, 8], [1, 8, 8], levels: 2, blocks: 1, width: 4), [2, 8, 8]);
    }

    private static Flow Random(Flow flow, double sd = 0.3) => RandomWeights.Give(flow, sd);
}
