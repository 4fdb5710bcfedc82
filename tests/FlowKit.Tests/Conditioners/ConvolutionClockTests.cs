using System.Diagnostics;
using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class ConvolutionClockTests
{
    [Theory]
    [InlineData(typeof(ConvResidualNet))]
    [InlineData(typeof(GatedConvNet))]
    [InlineData(typeof(DenseNet))]
    [InlineData(typeof(SelfAttention))]
    public void The_clock_changes_no_result_and_no_gradient(Type kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Conditioner net = kind.Name switch
        {
            nameof(ConvResidualNet) => new ConvResidualNet(2, 4, 8, blocks: 1),
            nameof(GatedConvNet) => new GatedConvNet(2, 4, 8, blocks: 1),
            nameof(DenseNet) => new DenseNet(2, 4, growth: 4, depth: 2),
            _ => new SelfAttention(2, 4, 8),
        };
        using (no_grad())
            foreach (var parameter in net.parameters()) parameter.add_(randn_like(parameter) * 0.1);
        var x = randn(3, 2, 8, 8).requires_grad_();
        var plain = Gradients();
        var timed = plain;
        double share = ConvolutionClock.Share(() => timed = Gradients());
        Assert.InRange(share, 0.001, 1);
        Assert.Equal(plain.Count, timed.Count);
        Assert.All(plain.Zip(timed), pair => Assert.Equal(0, Distance(pair.First, pair.Second)));

        List<Tensor> Gradients()
        {
            var y = net.Forward(x, null);
            return [y, .. autograd.grad([y.sin().sum()], [x, .. net.parameters()])];
        }
    }

    // A clock that missed the backward showed 0.63 here.
    [Fact]
    public void A_step_that_is_nearly_all_convolution_has_a_share_near_one()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(16, 64, 32, 32).requires_grad_(), randn(64, 64, 3, 3).requires_grad_());
        var gradient = randn(16, 64, 32, 32);
        ConvolutionClock.Share(Step);                                        // compiles, which is not convolution
        Assert.InRange(ConvolutionClock.Share(Step), 0.8, 1);

        void Step() => autograd.grad([ConvolutionClock.Convolve(x, weight, null, [1, 1])], [x, weight], [gradient]);
    }

    [Fact]
    public void Time_outside_convolutions_is_not_counted()
    {
        using var scope = NewDisposeScope();
        var flow = RealNvp.ForImages(new(1, 8, 8) { Blocks = 1, Maps = 4 });
        var data = randint(0, 256, [16, 1, 8, 8]).to(float32);
        Assert.Equal(0, ConvolutionClock.Share(() => RealNvp.Create(2).LogProb(randn(8, 2))));

        long start = Stopwatch.GetTimestamp();
        double share = ConvolutionClock.Share(() =>
        {
            Trainer.Fit(flow, data, options: new() { Steps = 2, BatchSize = 16, Threads = 1 });
            Thread.Sleep((int)Stopwatch.GetElapsedTime(start).TotalMilliseconds);    // as long again
        });
        Assert.InRange(share, 0.001, 0.5);
    }

    [Fact]
    public void A_clock_within_a_clock_is_refused_and_a_failed_action_stops_its_clock()
    {
        Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => ConvolutionClock.Share(() => ConvolutionClock.Share(() => { }))).Message);
        Assert.Equal(0, ConvolutionClock.Share(() => { }));
    }
}
