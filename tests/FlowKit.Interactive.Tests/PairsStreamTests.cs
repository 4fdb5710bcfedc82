using FlowKit.Distributions;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

/// <summary>The random stream is the process's: no other test may draw meanwhile.</summary>
[CollectionDefinition(nameof(PairsStreamTests), DisableParallelization = true), Collection(nameof(PairsStreamTests))]
public class PairsStreamTests
{
    [Fact]
    public void The_random_stream_is_where_it_was_and_no_tensor_is_left()
    {
        using var scope = NewDisposeScope();
        var samples = randn(100, 2);
        var model = new StandardNormal(2);
        manual_seed(5);
        float expected = rand(1).item<float>();
        manual_seed(5);
        long before = scope.DisposablesCount;
        Figures.Pairs(samples, model: model);
        Assert.Equal(before, scope.DisposablesCount);
        Assert.Equal(expected, rand(1).item<float>());
    }

    [Fact]
    public void The_same_seed_makes_the_same_picture()
    {
        var model = new StandardNormal(2);
        Assert.Equal(Picture(), Picture());

        byte[] Picture()
        {
            manual_seed(1);
            return Figures.Pairs(randn(100, 2), model: model).ToPng();
        }
    }
}
