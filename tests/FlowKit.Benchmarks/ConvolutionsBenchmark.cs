using FlowKit.Conditioners;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>The image RealNVP of chapter 2 against its bare convolutions: training, density and samples, on one thread and on two.</summary>
/// <remarks>
/// A convolution is the product with its bias, in training also the gradients of input, weight and bias, without the weight normalization. Alone the convolutions find their inputs in the cache
/// more often than in the flow, so that the share comes out a little low.
/// </remarks>
internal static class ConvolutionsBenchmark
{
    public static void Run(Settings settings)
    {
        var device = Runtime.Device(settings.Device);
        Console.WriteLine(Machine.Description);
        foreach (int threads in settings.Threads)
        {
            Contest.Head(settings.Title(threads));
            Measure(Subject.Images, device, threads, new(settings.Rounds));
        }
        Runtime.Threads = 1;
    }

    private static void Measure(Subject subject, Device device, int threads, Contest contest)
    {
        using var scope = NewDisposeScope();
        var ours = new Ours(subject, device, threads);
        Convolution[] layers = [.. Layers(ours.Flow, ours.Batch(subject.Batch))];

        contest.Row($"{subject.Name}: training steps", 1, ours.Train, [() => All(layer => layer.Train())], []);
        contest.Row($"log-probs, {subject.Batch} at once", subject.Batch, () => ours.LogProb(subject.Batch), [Forward], []);
        contest.Row($"samples, {subject.Batch} at once", subject.Batch, () => ours.Sample(subject.Batch), [Forward], []);

        double Forward()
        {
            using var none = no_grad();
            return All(layer => layer.Forward());
        }

        double All(Action<Convolution> action) => ours.Turn(() => Free(() => Array.ForEach(layers, action)));
    }

    // All convolutions of a network see images of one size, which a hook on its last layer notes.
    private static IEnumerable<Convolution> Layers(Flow flow, Tensor batch)
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
                    Noise([batch.size(0), weight.size(1), .. sides]).requires_grad_(), randn_like(weight).requires_grad_(), Noise([weight.size(0)]).requires_grad_(),
                    Noise([batch.size(0), weight.size(0), .. sides]));

            Tensor Noise(long[] shape) => randn(shape, device: batch.device);
        }
    }

    private static void Free(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }

    /// <summary>Arguments of a convolution that keeps H and W, and the gradient that comes back to it.</summary>
    private sealed record Convolution(Tensor X, Tensor Weight, Tensor Bias, Tensor Gradient)
    {
        public Tensor Forward() => nn.functional.conv2d(X, Weight, Bias, padding: [Weight.size(2) / 2, Weight.size(3) / 2]);

        public void Train() => autograd.grad([Forward()], [X, Weight, Bias], [Gradient]);
    }
}
