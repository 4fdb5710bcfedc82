namespace FlowKit.Conditioners;

/// <summary>A conditioner of images: (B, Inputs, H, W) to (B, Outputs, H, W). The context is read by the first layer as further channels, the same at every position.</summary>
/// <example><code>
/// // Networks of images are fully convolutional: one serves every height and width.
/// manual_seed(0);
/// ImageConditioner net = new ConvResidualNet(inputs: 1, outputs: 2, width: 8);
/// Console.WriteLine(net.Forward(randn(1, 1, 28, 28), null));  // => [1x2x28x28], type = Float32, device = cpu
/// Console.WriteLine(net.Forward(randn(1, 1, 14, 20), null));  // => [1x2x14x20], type = Float32, device = cpu
/// </code></example>
public abstract class ImageConditioner : Conditioner
{
    private protected ImageConditioner(string name, long inputs, long outputs, long contextFeatures) : base(name, inputs, outputs, contextFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
    }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 4 || x.size(1) != Inputs)
            throw new ArgumentException($"x has shape {Guard.Describe(x)}; {GetName()} expected (B, {Inputs}, H, W).", nameof(x));
        return Read(context is null ? x : cat([x, context.unsqueeze(2).unsqueeze(3).expand(-1, -1, x.size(2), x.size(3))], dim: 1));
    }

    /// <summary>The network, from (B, Inputs + ContextFeatures, H, W).</summary>
    private protected abstract Tensor Read(Tensor image);

    /// <summary>A 1x1 convolution that starts at zero, so that the flow starts at the identity.</summary>
    private protected static TorchSharp.Modules.Conv2d ZeroConv(long inputs, long outputs)
    {
        var layer = nn.Conv2d(inputs, outputs, kernel_size: 1);
        nn.init.zeros_(layer.weight!);
        nn.init.zeros_(layer.bias!);
        return layer;
    }
}
