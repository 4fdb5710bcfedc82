using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>An autoregressive network of masked 3x3 convolutions over an image, pixel by pixel in raster order and channel by channel at each pixel. The conditioner of convolutional inverse autoregressive flows.</summary>
/// <remarks>
/// <para>Kingma et al. 2016, arXiv:1606.04934, section 4 and appendix C; masks as in van den Oord et al. 2016, arXiv:1601.06759, section 3.4. In the rows above, pixels farther to the right than the stacked convolutions reach
/// are not read, which costs capacity, not correctness.</para>
/// <para>Shapes: the image is flattened, (B, C H W), so that it serves wherever a MADE does; <see cref="Transforms.Reshape"/> flattens it. A context is a vector (K) that stands at every pixel, or a map (K, H, W);
/// it is read unmasked, by every hidden layer. The last layer starts at zero.</para>
/// </remarks>
/// <example><code>
/// // One step over latents of 4 channels, 8 x 8, read with a context of 6 maps.
/// manual_seed(0);
/// var network = new MaskedConvNet([4, 8, 8], parameters: 2, width: 16, contextShape: [6, 8, 8]);
/// var step = new MaskedAutoregressive(new GatedAffineMap(), network).Inverted;
/// var (z, logDet) = step.Inverse(randn(5, 256), randn(5, 6, 8, 8));
/// Console.WriteLine(z);       // => [5x256], type = Float32, device = cpu
/// Console.WriteLine(logDet);  // => [5], type = Float32, device = cpu
/// </code></example>
public sealed class MaskedConvNet : AutoregressiveNetwork
{
    private readonly MaskedConv first;
    private readonly ModuleList<MaskedConv> blocks;
    private readonly MaskedConv last;
    private readonly ModuleList<Conv2d> readers;     // of the context, one a hidden layer
    private readonly Shape image;
    private readonly bool reverse;
    private readonly Activation activation;

    /// <summary>A masked network over images of one size.</summary>
    /// <param name="image">(C, H, W).</param>
    /// <param name="parameters">P >= 1.</param>
    /// <param name="width">Channels of each hidden layer, >= C.</param>
    /// <param name="blocks">Residual convolutions after the first one, >= 0.</param>
    /// <param name="reverse">Whether the order is reversed: from the last pixel's last channel to the first one's first.</param>
    /// <param name="contextShape">Sizes of one context, (K) or (K, H, W); null for none.</param>
    /// <param name="activation">Before each layer but the first.</param>
    /// <exception cref="ArgumentException">The context is neither a vector nor a map of the image's height and width.</exception>
    public MaskedConvNet(
        Shape image, int parameters, long width, int blocks = 1, bool reverse = false, Shape? contextShape = null, Activation activation = Activation.ReLU)
        : base(nameof(MaskedConvNet), Guard.Image(image).Volume, parameters, contextShape)
    {
        _ = OneDnn.IsUsable;
        ArgumentOutOfRangeException.ThrowIfLessThan(width, image[0]);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        if (contextShape is not (null or [_]) && (contextShape is not [_, var height, var wide] || height != image[1] || wide != image[2]))
            throw new ArgumentException($"Expected a context (K) or (K, {image[1]}, {image[2]}); got {contextShape}.", nameof(contextShape));

        (this.image, this.reverse, this.activation) = (image, reverse, activation);
        int channels = (int)image[0];
        int[] own = [.. Enumerable.Range(0, channels)];
        int[] hidden = [.. Enumerable.Range(0, Guard.Size(width)).Select(j => (int)(j * image[0] / width))];
        first = new MaskedConv(own, hidden, strict: true);
        this.blocks = new ModuleList<MaskedConv>([.. Enumerable.Range(0, blocks).Select(_ => new MaskedConv(hidden, hidden, strict: false))]);
        last = new MaskedConv(hidden, [.. Enumerable.Repeat(own, parameters).SelectMany(degrees => degrees)], strict: false, zero: true);
        readers = contextShape is null ? [] : new ModuleList<Conv2d>([.. Enumerable.Range(0, blocks + 1).Select(_ => nn.Conv2d(contextShape[0], width, kernel_size: 1))]);

        long pixels = image[1] * image[2];
        int[] order = [.. from pixel in Enumerable.Range(0, (int)pixels) from channel in own select (int)(channel * pixels) + pixel];
        if (reverse) Array.Reverse(order);
        Order = order;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        var (rows, channels, height, width) = (x.size(0), image[0], image[1], image[2]);
        var picture = x.reshape(rows, channels, height, width);
        if (reverse) picture = picture.flip(1, 2, 3);
        var maps = context is { Dimensions: 2 } ? context.unsqueeze(2).unsqueeze(3) : reverse ? context?.flip(2, 3) : context;

        var h = Beside(first.Forward(picture), 0);
        for (int block = 0; block < blocks.Count; block++) h = h + Beside(blocks[block].Forward(activation.Apply(h)), block + 1);
        var theta = last.Forward(activation.Apply(h)).view(rows, Parameters, channels, height, width);
        return (reverse ? theta.flip(2, 3, 4) : theta).reshape(rows, Outputs);

        Tensor Beside(Tensor layer, int index) => maps is null ? layer : layer + readers[index].call(maps);
    }
}
