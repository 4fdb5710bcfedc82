using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A residual network of 3x3 convolutions on images, pre-activation and weight-normalized, with a last layer that starts at zero. RealNVP's conditioner.</summary>
/// <remarks>
/// Dinh et al. 2017, arXiv:1605.08803, section 4.1; He et al. 2016, arXiv:1603.05027. Batch normalization, which the paper uses here, is off by default:
/// weight normalization alone trains small flows, and the answer for an image then never depends on its batch.
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new ConvResidualNet(inputs: 3, outputs: 6, width: 16, blocks: 2);
/// Console.WriteLine(net.Forward(randn(2, 3, 8, 8), null));  // => [2x6x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class ConvResidualNet : ImageConditioner
{
    private readonly WeightNormConv first;
    private readonly ModuleList<ConvResidualBlock> blocks;
    private readonly Conv2d last;
    private readonly Activation activation;

    /// <summary>A residual network.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="width">Channels of every block, >= 1.</param>
    /// <param name="blocks">How many blocks of two convolutions, >= 0.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    /// <param name="activation">Before each convolution of a block.</param>
    /// <param name="batchNorm">Whether each activation is preceded by batch normalization.</param>
    /// <param name="movingAverages">Whether that normalization uses moving averages in training, too: <see cref="Transforms.BatchNormTransform"/>.</param>
    public ConvResidualNet(long inputs, long outputs, long width, int blocks = 2, Shape? contextShape = null, Activation activation = Activation.ReLU, bool batchNorm = false,
        bool movingAverages = false)
        : base(nameof(ConvResidualNet), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        this.activation = activation;
        first = new WeightNormConv(ReadChannels, width, kernel: 3);
        this.blocks = new ModuleList<ConvResidualBlock>([.. Enumerable.Range(0, blocks).Select(_ => new ConvResidualBlock(width, activation, batchNorm, movingAverages))]);
        last = ZeroConv(width, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        var h = first.Forward(image);
        foreach (var block in blocks) h = block.Forward(h);
        return last.call(activation.Apply(h));
    }
}
