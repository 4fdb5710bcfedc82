using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests.Training;

public class ScaleNoticeTests
{
    private static readonly Tensor Far = randn(200, 3) * 0.01 + 1000;

    [Fact]
    public void Data_far_from_order_one_are_named_once_with_the_remedy()
    {
        string[] lines = Told(Maf.Create(3, layers: 2), Far).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string line = Assert.Single(lines);
        Assert.StartsWith("'training': the data are far from mean 0 and standard deviation 1 in 3 of 3 features; feature 0 has mean 1000", line);
        Assert.Contains("Standardize.Fit(data)", line);
    }

    [Theory]
    [InlineData(11, 1)]
    [InlineData(0, 25)]
    [InlineData(0, 0.04)]
    public void One_feature_is_enough(double mean, double deviation)
    {
        var x = randn(4000, 2);
        using (no_grad()) x.select(1, 1).mul_(deviation).add_(mean);
        Assert.Contains("in 1 of 2 features; feature 1", ScaleNotice.Of(RealNvp.Create(2, 2), new Dataset(x)));
    }

    [Fact]
    public void The_remedy_it_names_works()
    {
        var flow = Maf.Create(3, layers: 2);
        Assert.Equal("", Told(new Flow(new Chain(Standardize.Fit(Far), flow.Transform), flow.Base), Far));
    }

    public static TheoryData<string> Quiet => ["order one", "offset", "whiten", "actnorm", "dequantized", "angles", "a constant feature", "pixels as pictures", "whole numbers", "sorted", "reversed, then standardized"];

    [Theory, MemberData(nameof(Quiet))]
    public void Nothing_is_said_where_it_would_be_wrong(string name)
    {
        var maf = Maf.Create(3, layers: 2);
        (Distribution model, Tensor x) = name switch
        {
            "order one" => (maf, randn(200, 3)),
            "offset" => (maf, randn(200, 3) * 5 + 3),
            "whiten" => (new Flow(new Chain(Whiten.Zca(Far), maf.Transform), maf.Base), Far),
            "actnorm" => (new Flow(new Chain(new ActNorm(3), maf.Transform), maf.Base), Far),
            "dequantized" => (new Flow(new Chain(new UniformDequantization(256), maf.Transform), maf.Base), randint(0, 256, [200, 3], dtype: float32)),
            "angles" => ((Distribution)TorusFlow.Create(3), rand(200, 3) * 0.01 + 6),
            "a constant feature" => (maf, cat([randn(200, 2), zeros(200, 1)], dim: 1)),
            "sorted" => (maf, cat([linspace(-1.7, 1.7, 100_000).unsqueeze(1), randn(100_000, 2)], dim: 1)),
            "reversed, then standardized" => (new Flow(new Chain(Permutation.Reverse(3), Standardize.Fit(Far), maf.Transform), maf.Base), Far),
            "pixels as pictures" => (new Independent(), rand(20, 1, 8, 8) * 255),
            _ => (maf, randint(0, 256, [200, 3])),
        };
        Assert.Null(ScaleNotice.Of(model, new Dataset(x)));
    }

    // A density of pictures that is no flow.
    private sealed class Independent() : Distribution(nameof(Independent), 1, 8, 8)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => x.flatten(1).sum(1);

        protected override Tensor SampleCore(long count, Tensor? context) => zeros(BatchOf(count));

        private new long[] BatchOf(long count) => [count, .. EventShape];
    }

    private static string Told(Flow flow, Tensor x)
    {
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        try
        {
            Trainer.Fit(flow, new Dataset(x), new Dataset(x), new FitOptions { Steps = 3, Threads = 1 });
        }
        finally
        {
            Console.SetError(before);
        }
        return told.ToString();
    }
}
