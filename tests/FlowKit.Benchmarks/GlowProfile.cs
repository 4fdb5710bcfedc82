using FlowKit.Conditioners;
using FlowKit.Transforms;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Where the time of a Glow's training step goes: each kind of layer alone, forward and backward, one thread.</summary>
internal static class GlowProfile
{
    private const int Steps = 5;

    public static void Print()
    {
        using var scope = NewDisposeScope();
        var subject = Subject.Images.Single(subject => subject.Key == "e");
        var ours = new Ours(subject, CPU, threads: 1);
        double step = Enumerable.Range(0, 2 * Steps).Select(_ => ours.Train()).Skip(Steps).Order().ElementAt(Steps / 2);
        double both = Seconds(ours.Flow, ours.Batch(subject.Batch), x => [ours.Flow.LogProb(x)]);
        double bare = Stopwatches.Seconds(new Convolutions(ours.Flow, subject.Batch, CPU).Train);
        var (layers, networks) = (new Dictionary<Type, double>(), 0.0);
        foreach (var alike in Layers.Of(ours.Flow).GroupBy(at => (at.Layer.GetType(), at.Shape.ToString())))
        {
            var (layer, shape) = alike.First();
            bool isData = layer is UniformDequantization;
            var x = isData ? ours.Batch(subject.Batch) : randn([subject.Batch, .. shape]).requires_grad_();
            layers[layer.GetType()] = layers.GetValueOrDefault(layer.GetType()) + alike.Count() * Seconds(layer, x, x => { var (z, logDet) = layer.Forward(x); return [z, logDet]; });
            if (layer.modules().OfType<ImageConditioner>().FirstOrDefault() is { } net)
                networks += alike.Count() * Seconds(net, randn([subject.Batch, net.Inputs, .. shape[1..]]).requires_grad_(), x => [net.Forward(x, null)]);
        }

        Console.WriteLine($"\n| {subject.Name}: one training step of {subject.Batch} | us | share |\n|---|---|---|");
        Row("the whole", step);
        Row("convolutions", bare);
        Row("the networks' normalizations, biases and ReLU", networks - bare);
        Row("the couplings' maps, and taking channels apart and together", layers[typeof(Coupling)] - networks);
        foreach (var (layer, seconds) in layers.Where(layer => layer.Key != typeof(Coupling)).OrderByDescending(layer => layer.Value)) Row($"all {layer.Name}", seconds);
        Row("the rest of forward and backward: sums, splits, base density, checks, scopes", both - bare - (networks - bare) - (layers.Values.Sum() - networks));
        Row("the optimizer, the batch and the trainer", step - both);

        void Row(string part, double seconds) => Console.WriteLine($"| {part} | {seconds * 1e6:N0} | {seconds / step:P0} |");
    }

    // Of the way there, and back to x and to all parameters.
    private static double Seconds(nn.Module module, Tensor x, Func<Tensor, Tensor[]> forward)
    {
        Tensor[] inputs = [.. module.parameters().Append(x).Where(input => input.requires_grad)];
        Tensor[] gradients = [.. Learned().Select(output => ones_like(output).detach())];
        return Stopwatches.Seconds(() =>
        {
            using var scope = NewDisposeScope();
            var outputs = Learned();
            if (outputs.Length > 0) autograd.grad(outputs, inputs, gradients, allow_unused: true);
        });

        Tensor[] Learned() => [.. forward(x).Where(output => output.requires_grad)];
    }
}
