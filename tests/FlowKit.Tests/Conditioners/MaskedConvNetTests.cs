using FlowKit.Conditioners;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class MaskedConvNetTests
{
    [Theory, InlineData(1, 4, 4, false), InlineData(3, 3, 4, false), InlineData(3, 4, 3, true), InlineData(2, 1, 5, true)]
    public void Parameters_read_what_comes_before_them_and_nothing_else(int channels, int height, int width, bool reverse)
    {
        manual_seed(1);
        var net = Shaken(new MaskedConvNet([channels, height, width], 2, width: 2 * channels, blocks: 2, reverse, activation: Activation.Tanh), 0.5);
        int size = channels * height * width;
        var x = randn(1, size, dtype: float64, requires_grad: true);
        var theta = net.Forward(x, null);
        int[] rank = new int[size];
        for (int i = 0; i < size; i++) rank[net.Order[i]] = i;
        for (int output = 0; output < 2 * size; output++)
        {
            var gradient = autograd.grad([theta[0][output]], [x], retain_graph: true, allow_unused: true)[0];
            int own = rank[output % size];
            if (own == 0) continue;                                           // it reads nothing
            for (int input = 0; input < size; input++)
            {
                bool reads = gradient[0][input].ToDouble() != 0;
                Assert.False(reads && rank[input] >= own, $"output {output} reads {input}");
                bool isNext = rank[input] == own - 1 && (own % channels != 0 || own / channels % width != 0);    // the value just before it, in the same row
                if (isNext) Assert.True(reads, $"output {output} does not read {input}");
            }
        }
    }

    [Fact]
    public void A_context_is_read_by_every_pixel()
    {
        manual_seed(2);
        var net = Shaken(new MaskedConvNet([2, 3, 3], 2, width: 4, contextShape: 3, activation: Activation.Tanh), 0.5);
        var c = randn(1, 3, dtype: float64, requires_grad: true);
        var theta = net.Forward(randn(1, 18, dtype: float64), c);
        for (int output = 0; output < 36; output++)
            Assert.True(autograd.grad([theta[0][output]], [c], retain_graph: true)[0].abs().min().ToDouble() > 0);
    }

    [Fact]
    public void It_drives_a_distribution_of_pixels()
    {
        manual_seed(3);
        var law = Shaken(new Autoregressive(new Bernoulli(), new MaskedConvNet([1, 3, 3], 1, width: 4)), 0.5);
        var all = arange(512, dtype: int64).unsqueeze(1).div(pow(2, arange(9, dtype: int64)), RoundingMode.floor).remainder(2).to(float64);
        Assert.Equal(1, law.LogProb(all).exp().sum().ToDouble(), 1e-12);
        Assert.Equal([4, 9], law.Sample(4).shape);
    }

    [Fact]
    public void A_context_of_another_size_is_refused()
    {
        Assert.Contains("(4, 3, 2)", Assert.Throws<ArgumentException>("contextShape", () => new MaskedConvNet([1, 2, 3], 2, width: 4, contextShape: [4, 3, 2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new MaskedConvNet([4, 2, 3], 2, width: 3));
        Assert.Throws<ArgumentException>("image", () => new MaskedConvNet([4, 2], 2, width: 8));
    }
}
