using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A convolutional encoder: images to vectors by 3x3 convolutions that halve height and width, and a linear layer that starts at zero.</summary>
/// <remarks>Shapes: (B, C, H, W) to (B, Outputs). The channels double with each level. The counterpart of <see cref="UpsamplingNet"/>.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new DownsamplingNet([1, 28, 28], outputs: 32, width: 16, levels: 2);
/// Console.WriteLine(net.Forward(randn(5, 1, 28, 28), null));  // => [5x32], type = Float32, device = cpu
/// // The posterior of an autoencoder of images.
/// var posterior = new Normal().Conditional([1, 28, 28], (inputs, outputs) => new DownsamplingNet([inputs, 28, 28], outputs), 16);
/// </code></example>
public sealed class DownsamplingNet : Conditioner
{
    private readonly ModuleList<Conv2d> convolutions;
    private readonly Linear last;
    private readonly Shape image;
    private readonly Activation activation;

    /// <summary>An encoder of images of one size.</summary>
    /// <param name="image">(C, H, W).</param>
    /// <param name="outputs">Numbers given, >= 1.</param>
    /// <param name="width">Channels after the first convolution, >= 1.</param>
    /// <param name="levels">How often height and width are halved, rounded up, >= 1.</param>
    /// <param name="activation">After each convolution.</param>
    public DownsamplingNet(Shape image, long outputs, long width = 32, int levels = 2, Activation activation = Activation.ReLU)
        : base(nameof(DownsamplingNet), Guard.Image(image)[0], outputs, contextShape: null)
    {
        _ = OneDnn.IsUsable;
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        (this.image, this.activation) = (image, activation);
        convolutions = new ModuleList<Conv2d>([.. Enumerable.Range(0, levels).Select(level =>
            nn.Conv2d(level == 0 ? image[0] : width << level - 1, width << level, kernel_size: 3, stride: 2, padding: 1))]);
        last = ZeroLinear((width << levels - 1) * UpsamplingNet.Halved(image[1], levels) * UpsamplingNet.Halved(image[2], levels), outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (!image.Fits(x)) throw new ArgumentException($"x has shape {Guard.Describe(x)}; {GetName()} expected (B, {string.Join(", ", image)}).", nameof(x));
        var h = x;
        foreach (var convolution in convolutions) h = activation.Apply(convolution.call(h));
        return last.call(h.flatten(1));
    }
}
