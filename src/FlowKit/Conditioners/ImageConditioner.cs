namespace FlowKit.Conditioners;

/// <summary>A conditioner of images: (B, Inputs, H, W) to (B, Outputs, H, W). The context is read as further channels, by the first layer or by several.</summary>
/// <remarks>
/// A vector (C) stands at every position. A picture (C, h, w) is resized to the image it is read beside: where it is larger, each of its blocks is averaged; where it is smaller, pixels repeat
/// (Ardizzone et al. 2019, arXiv:1907.02392, figure 2: coarser levels read a coarser picture).
/// </remarks>
/// <example><code>
/// // Networks of images are fully convolutional: one serves every height and width.
/// manual_seed(0);
/// ImageConditioner net = new ConvResidualNet(inputs: 1, outputs: 2, width: 8);
/// Console.WriteLine(net.Forward(randn(1, 1, 28, 28), null));  // => [1x2x28x28], type = Float32, device = cpu
/// Console.WriteLine(net.Forward(randn(1, 1, 14, 20), null));  // => [1x2x14x20], type = Float32, device = cpu
/// </code></example>
public abstract class ImageConditioner : Conditioner
{
    /// <summary>A conditioner of images.</summary>
    /// <param name="name">Of the module.</param>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    protected ImageConditioner(string name, long inputs, long outputs, Shape? contextShape) : base(name, inputs, outputs, contextShape)
    {
        _ = OneDnn.IsUsable;                                                  // wrong gradients are found before anything is trained
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (contextShape is not (null or { Count: 1 or 3 }))
            throw new ArgumentException($"Expected a context (C) or (C, h, w); got {contextShape}.", nameof(contextShape));
    }

    /// <summary>Channels of the image that <see cref="Read"/> is given: those of the input and of the context.</summary>
    protected long ReadChannels => Inputs + (ContextShape?[0] ?? 0);

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 4 || x.size(1) != Inputs)
            throw new ArgumentException($"x has shape {Guard.Describe(x)}; {GetName()} expected (B, {Inputs}, H, W).", nameof(x));
        return Read(context is null ? x : cat([x, Beside(x, context)], dim: 1));
    }

    /// <summary>The network, (B, ReadChannels, H, W) to (B, Outputs, H, W).</summary>
    protected abstract Tensor Read(Tensor image);

    /// <summary>A convolution that keeps H and W and starts at zero, so that the flow starts at the identity.</summary>
    /// <param name="inputs">Channels read.</param>
    /// <param name="outputs">Channels given.</param>
    /// <param name="kernel">Side of the filter, odd.</param>
    protected static TorchSharp.Modules.Conv2d ZeroConv(long inputs, long outputs, long kernel = 1)
    {
        var layer = nn.Conv2d(inputs, outputs, kernel_size: kernel, padding: kernel / 2);
        nn.init.zeros_(layer.weight!);
        nn.init.zeros_(layer.bias!);
        return layer;
    }

    private static Tensor Beside(Tensor x, Tensor context)
    {
        var (height, width) = (x.size(2), x.size(3));
        if (context.Dimensions == 2) return context.unsqueeze(2).unsqueeze(3).expand(-1, -1, height, width);
        return x.size(0) > 0
            ? nn.functional.adaptive_avg_pool2d(context, [height, width])
            : context.new_zeros([0, context.size(1), height, width]);
    }
}
