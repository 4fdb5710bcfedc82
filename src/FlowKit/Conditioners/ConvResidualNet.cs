using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A residual network of 3x3 convolutions on images, pre-activation and weight-normalized, with a last layer that starts at zero. RealNVP's conditioner.</summary>
/// <remarks>
/// Dinh et al. 2017, arXiv:1605.08803, section 4.1; He et al. 2016, arXiv:1603.05027. Batch normalization, which the paper uses here, is off by default:
/// weight normalization alone trains small flows, and the answer for an image then never depends on its batch.
/// </remarks>
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
    /// <param name="contextFeatures">Features of the context, 0 for none.</param>
    /// <param name="activation">Before each convolution of a block.</param>
    /// <param name="batchNorm">Whether each activation is preceded by batch normalization.</param>
    public ConvResidualNet(long inputs, long outputs, long width, int blocks = 2, long contextFeatures = 0, Activation activation = Activation.ReLU, bool batchNorm = false)
        : base(nameof(ConvResidualNet), inputs, outputs, contextFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        this.activation = activation;
        first = new WeightNormConv(inputs + contextFeatures, width, kernel: 3);
        this.blocks = new ModuleList<ConvResidualBlock>([.. Enumerable.Range(0, blocks).Select(_ => new ConvResidualBlock(width, activation, batchNorm))]);
        last = ZeroConv(width, outputs);
        RegisterComponents();
    }

    private protected override Tensor Read(Tensor image)
    {
        var h = first.Forward(image);
        foreach (var block in blocks) h = block.Forward(h);
        return last.call(activation.Apply(h));
    }
}
