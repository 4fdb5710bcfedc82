using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Inference;

public class LatentDirectionsTests
{
    [Fact]
    public void From_one_set_to_another_it_is_the_difference_of_the_mean_latents()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Stretching();
        var (with, without) = (randn(30, 3, float64) + 2, randn(20, 3, float64));
        var direction = LatentDirections.Between(flow, with, without);
        var (z, w) = (flow.Transform.Forward(with).Z.mean([0]), flow.Transform.Forward(without).Z.mean([0]));
        Assert.InRange(Distance(direction.Directions[0] * direction.Deviations[0], z - w), 0, 1e-12);
        Assert.Equal(1, direction.Directions.norm().ToDouble(), tolerance: 1e-12);
        Assert.InRange(Distance(direction.Center, (z + w) / 2), 0, 1e-12);
        Assert.True(LatentDirections.Between(flow, without, with).Directions.allclose(-direction.Directions));

        var moved = direction.Move(flow, without, 0, [1]);                    // every row by one amount
        Assert.InRange(Distance(flow.Transform.Forward(moved).Z, flow.Transform.Forward(without).Z + (z - w)), 0, 1e-12);
        var each = direction.Move(flow, without[..3], 0, [0, -1, 2]);         // each row by its own
        Assert.InRange(Distance(each[0], without[0]), 0, 1e-12);
        Assert.InRange(Distance(each[2], direction.Move(flow, without[2..3], 0, [2])[0]), 0, 1e-12);
        Assert.Equal([2, 3], direction.Move(flow, without[..1], 0, [1, 2]).shape);
    }

    [Fact]
    public void Contexts_count_on_both_sides()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Shaken(new Flow(Coupling.WithMlp([false, true], new AdditiveMap(), [8], contextShape: 2), new StandardNormal(2)), 0.5);
        var (x, c, d) = (randn(10, 2, float64), randn(10, 2, float64), randn(10, 2, float64));
        var direction = LatentDirections.Between(flow, new Dataset(x, c), new Dataset(x, d));
        var expected = (flow.Transform.Forward(x, c).Z - flow.Transform.Forward(x, d).Z).mean([0]);
        Assert.InRange(Distance(direction.Directions[0] * direction.Deviations[0], expected), 0, 1e-12);
    }

    [Fact]
    public void Random_directions_are_as_long_and_point_everywhere()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Stretching();
        var direction = LatentDirections.Between(flow, randn(30, 3, float64) + 2, randn(20, 3, float64));
        var random = direction.Random(4000);
        Assert.Equal(0, Distance(random.Deviations, direction.Deviations.expand(4000)));
        Assert.InRange(Distance(random.Directions.norm(1), ones(4000, float64)), 0, 1e-12);
        double fourErrors = 4 / Math.Sqrt(3 * 4000);
        Assert.InRange(random.Directions.mean([0]).abs().max().ToDouble(), 0, fourErrors);
        Assert.Equal(direction.Deviations[0].ToDouble(), (flow.Transform.Forward(random.Move(flow, zeros(1, 3, float64), 7, [1])).Z - flow.Transform.Forward(zeros(1, 3, float64)).Z).norm().ToDouble(), tolerance: 1e-12);
    }

    [Fact]
    public void Whole_numbers_as_data_have_real_directions()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = new Flow(new Chain(new UniformDequantization(4), new DiagonalScaling(2)), new StandardNormal(2));
        var x = randint(0, 4, [50, 2], dtype: int64);
        foreach (var directions in (LatentDirections[])[LatentDirections.Of(flow, x), LatentDirections.Between(flow, x[..25].clamp_max(1), x[25..].clamp_min(2))])
        {
            Assert.Equal(float32, directions.Directions.dtype);
            Assert.Equal(1, directions.Directions[0].norm().ToDouble(), tolerance: 1e-6);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        var flow = Stretching();
        var x = randn(5, 3, float64);
        Assert.Contains("same mean", Assert.Throws<ArgumentException>("without", () => LatentDirections.Between(flow, x, x)).Message);
        Assert.Throws<ArgumentException>("with", () => LatentDirections.Between(flow, zeros(0, 3, float64), x));
        Assert.ThrowsAny<ArgumentException>(() => LatentDirections.Between(flow, zeros(2, 4, float64), x));
        var direction = LatentDirections.Between(flow, x, -x);
        Assert.Contains("2 amounts", Assert.Throws<ArgumentException>("x", () => direction.Move(flow, x, 0, [1, 2])).Message);
        Assert.Throws<ArgumentException>("amounts", () => direction.Move(flow, x, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>("direction", () => direction.Move(flow, x, 1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => direction.Random(0));
        var other = new Flow(new DiagonalScaling(2), new StandardNormal(2));
        other.to(float64);
        Assert.Contains("2 numbers", Assert.Throws<ArgumentException>("flow", () => direction.Move(other, zeros(1, 2, float64), 0, [1])).Message);
    }

    [Fact]
    public void Data_outside_the_support_have_no_latents()
    {
        using var scope = NewDisposeScope();
        var flow = new Flow(new Logit(), new StandardNormal(2));
        var inside = tensor(new[,] { { 0.2f, 0.3f }, { 0.6f, 0.4f } });
        var outside = tensor(new[,] { { 0.2f, 0.3f }, { 0.6f, 7 } });
        Assert.Contains("Row 1", Assert.Throws<ArgumentException>("without", () => LatentDirections.Between(flow, inside, outside)).Message);
        Assert.Throws<ArgumentException>("x", () => LatentDirections.Of(flow, outside));
        Assert.Throws<ArgumentException>("x", () => LatentDirections.Of(flow, inside).Move(flow, outside, 0, [1]));
    }

    [Fact]
    public void Parts_in_evaluation_mode_stay_in_it()
    {
        using var scope = NewDisposeScope();
        var flow = Stretching();
        flow.eval();
        var cool = flow.AtTemperature(0.7);
        Assert.True(cool.training);
        LatentDirections.Of(cool, randn(5, 3, float64));
        Assert.True(cool.training);
        Assert.All(flow.modules(), part => Assert.False(part.training));
    }

    private static Flow Stretching() => Shaken(new Flow(new Chain(new DiagonalScaling(3), new LuLinear(3)), new StandardNormal(3)), 0.5);
}
