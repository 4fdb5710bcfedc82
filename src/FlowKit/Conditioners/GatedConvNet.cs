using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Flow++'s conditioner of images: blocks of gated convolutions and, if wanted, self-attention, each with a residual and layer normalization; the last layer starts at zero.</summary>
/// <remarks>Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.3 (its Conv1x1-ConcatELU-gate blocks). Attention knows positions only by what zero padding shows the convolutions.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new GatedConvNet(inputs: 2, outputs: 4, width: 16, blocks: 1, heads: 4);
/// Console.WriteLine(net.Forward(randn(2, 2, 8, 8), null));  // => [2x4x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class GatedConvNet : ImageConditioner
{
    private readonly WeightNormConv first;
    private readonly ModuleList<GatedConvBlock> blocks;
    private readonly Conv2d last;

    /// <summary>A gated convolutional network.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="width">Channels of every block, >= 1.</param>
    /// <param name="blocks">How many blocks, >= 1.</param>
    /// <param name="heads">Attention heads of a block, 0 for no attention; a divisor of the width.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    public GatedConvNet(long inputs, long outputs, long width, int blocks = 2, int heads = 0, Shape? contextShape = null)
        : base(nameof(GatedConvNet), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(heads);
        first = new WeightNormConv(ReadChannels, width, kernel: 3);
        this.blocks = new ModuleList<GatedConvBlock>([.. Enumerable.Range(0, blocks).Select(_ => new GatedConvBlock(width, heads))]);
        last = ZeroConv(width, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        var h = first.Forward(image);
        foreach (var block in blocks) h = block.Forward(h);
        return last.call(h);
    }
}
