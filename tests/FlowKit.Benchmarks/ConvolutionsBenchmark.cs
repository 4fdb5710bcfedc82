using System.Diagnostics;
using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What a training step of the image RealNVP of chapter 2 spends on its convolutions: the same convolutions alone, forward and backward, beside the whole step.</summary>
/// <remarks>
/// A step is the forward pass, the penalty and the backward pass, without the optimizer. A convolution is the product, its bias and the gradients of input, weight and bias, without the weight
/// normalization. Alone the convolutions find their inputs in the cache more often than in the step, so that the share comes out a little low.
/// </remarks>
internal static class ConvolutionsBenchmark
{
    private const int Batch = 64, Rounds = 25;

    public static void Run()
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        using var scope = NewDisposeScope();
        var flow = RealNvp.ForImages(new(1, 14, 14) { Scales = 2, Blocks = 1, Maps = 16 });
        using var clothes = FashionMnist.Split(14).Train.Images;
        var batch = clothes.narrow(0, 0, Batch);

        Layer[] layers = [.. Layers(flow, batch)];
        Step();
        Replay();
        var rounds = Enumerable.Range(0, Rounds).Select(_ => (Step: Seconds(Step), Convolutions: Seconds(Replay))).ToArray();         // in turn, so that other work disturbs both alike
        Console.WriteLine($"RealNVP of 14x14 images, 2 scales of 16 maps, batch {Batch}, one thread: {Median(round => round.Step) * 1e3:N0} ms a step without the optimizer, "
            + $"{Median(round => round.Convolutions) * 1e3:N0} ms its {layers.Length} convolutions alone, a share of about {Median(round => round.Convolutions / round.Step):P0}");

        void Step() => Free(() => (RealNvp.ScaleDecay(flow) - flow.LogProb(batch).mean()).backward());

        void Replay() => Free(() => { foreach (var layer in layers) layer.Replay(); });

        double Median(Func<(double Step, double Convolutions), double> of) => rounds.Select(of).Order().ElementAt(Rounds / 2);
    }

    // All convolutions of a network see images of one size, which a hook on its last layer notes.
    private static IEnumerable<Layer> Layers(Flow flow, Tensor batch)
    {
        foreach (var net in flow.modules().OfType<ConvResidualNet>())
        {
            long[] sides = [];
            var hook = net.modules().OfType<Conv2d>().Single().register_forward_pre_hook((_, x) =>
            {
                sides = x.shape[2..];
                return x;
            });
            using (no_grad()) Free(() => flow.LogProb(batch));
            hook.remove();
            foreach (var (_, weight) in net.named_parameters().Where(named => named.parameter.Dimensions == 4 && !named.name.EndsWith(".g", StringComparison.Ordinal)))      // g: a filter's length
                yield return new(
                    randn([Batch, weight.size(1), .. sides]).requires_grad_(), randn_like(weight).requires_grad_(), randn(weight.size(0)).requires_grad_(), randn([Batch, weight.size(0), .. sides]));
        }
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Free(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }

    /// <summary>Arguments of a convolution that keeps H and W, and the gradient that comes back to it.</summary>
    private sealed record Layer(Tensor X, Tensor Weight, Tensor Bias, Tensor Gradient)
    {
        public void Replay() =>
            autograd.grad([nn.functional.conv2d(X, Weight, Bias, padding: [Weight.size(2) / 2, Weight.size(3) / 2])], [X, Weight, Bias], [Gradient]);
    }
}
