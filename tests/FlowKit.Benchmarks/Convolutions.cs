using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What no flow of images can avoid: the convolutions of its networks, at a batch's size.</summary>
/// <remarks>
/// A convolution is the product with its bias, in training also the gradients of input, weight and bias, without the normalizations of weights and activations. Alone the convolutions find their inputs in the
/// cache more often than in the flow, so that the share comes out a little low.
/// </remarks>
internal sealed class Convolutions
{
    private readonly Convolution[] layers;

    /// <param name="flow">Whose networks.</param>
    /// <param name="rows">Of the batch.</param>
    /// <param name="device">Where.</param>
    public Convolutions(Flow flow, int rows, Device device) =>
        layers = [.. from at in Layers.Of(flow)
                     from named in at.Layer.named_parameters()
                     where named.parameter.Dimensions == 4 && !named.name.EndsWith(".g", StringComparison.Ordinal)       // g: a filter's length
                     select new Convolution(named.parameter, rows, at.Shape[1..], device)];

    /// <summary>Each once.</summary>
    public void Forward()
    {
        using var none = no_grad();
        foreach (var layer in layers) Free(() => layer.Forward());
    }

    /// <summary>Each once, and its gradients.</summary>
    public void Train()
    {
        foreach (var layer in layers) Free(() => autograd.grad([layer.Forward()], [layer.X, layer.Weight, layer.Bias], [layer.Gradient]));
    }

    private static void Free(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }

    /// <summary>A convolution that keeps H and W, its arguments, and the gradient that comes back to it.</summary>
    private sealed class Convolution(Tensor like, int rows, IReadOnlyList<long> sides, Device device)
    {
        public Tensor X { get; } = randn([rows, like.size(1), .. sides], device: device).requires_grad_();

        public Tensor Weight { get; } = randn(like.shape, device: device).requires_grad_();

        public Tensor Bias { get; } = randn([like.size(0)], device: device).requires_grad_();

        public Tensor Gradient { get; } = randn([rows, like.size(0), .. sides], device: device);

        public Tensor Forward() => nn.functional.conv2d(X, Weight, Bias, padding: [Weight.size(2) / 2, Weight.size(3) / 2]);
    }
}
