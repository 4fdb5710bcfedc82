using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Flow++'s conditioner of images: blocks of gated convolutions and, if wanted, gated self-attention, each with a residual, dropout and layer normalization; the last layer starts at zero.</summary>
/// <remarks>
/// <para>h = conv(x); then in each block h = norm(h + gate(W drop(celu(conv(celu(h)) + V celu(c))))) and h = norm(h + gate(W drop(attention(h + p)))), where celu(h) is the ELU of (h, -h), gate(a, g) is
/// a sigmoid(g), c the context and p a learned vector at each position; last a 3x3 convolution. Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.2 and its published code.</para>
/// <para>Weights start from data: the first training batch sets every layer so that its outputs have mean 0 and standard deviation 1, or 0.1 before a gate (Salimans, Kingma 2016, arXiv:1602.07868, section 3).
/// It is saved with the weights that this happened. Dropout acts in training mode alone. We depart from the code in the last layer, which there starts with a standard deviation of 0.1.</para>
/// <para>The context is read in every block: a vector at every position, a picture where it stands. Without positions one network serves every height and width; attention then knows where it is only by what
/// zero padding shows the convolutions.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new GatedConvNet(inputs: 2, outputs: 4, width: 16, blocks: 1, heads: 4, dropout: 0.2, positions: [8, 8]);
/// Console.WriteLine(net.Forward(randn(2, 2, 8, 8), null));  // => [2x4x8x8], type = Float32, device = cpu
///
/// // The paper's ablation: as many parameters, and no position reads another but by convolutions.
/// var pointwise = new GatedConvNet(inputs: 2, outputs: 4, width: 16, blocks: 1, pointwise: true, dropout: 0.2, positions: [8, 8]);
/// Console.WriteLine(pointwise.ParameterCount == net.ParameterCount);  // => True
/// </code></example>
public sealed class GatedConvNet : ImageConditioner
{
    private const double PlaceDeviation = 0.01;

    private readonly DataStartConv first;
    private readonly ModuleList<GatedConvBlock> blocks;
    private readonly Conv2d last;
    private readonly Parameter? places;

    /// <summary>A gated convolutional network.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="width">Channels of every block, >= 1.</param>
    /// <param name="blocks">How many blocks, >= 1.</param>
    /// <param name="heads">Attention heads of a block, 0 for no attention; a divisor of the width.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    /// <param name="dropout">The share of numbers that a gated layer drops in training, in [0, 1); 0.2 in the paper.</param>
    /// <param name="positions">(H, W) of the images, each of whose positions has a learned vector that attention reads; null for none.</param>
    /// <param name="pointwise">Whether a pointwise network with as many parameters takes the place of attention, whose heads are then 0: the paper's ablation.</param>
    /// <exception cref="ArgumentException">Heads do not divide the width, or stand beside the pointwise network; or there are positions that nothing reads.</exception>
    public GatedConvNet(
        long inputs, long outputs, long width, int blocks = 2, int heads = 0, Shape? contextShape = null, double dropout = 0, Shape? positions = null, bool pointwise = false)
        : base(nameof(GatedConvNet), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(heads);
        if (heads > 0) SelfAttention.CheckHeads(heads, width);
        if (!(dropout is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "Expected a share in [0, 1).");
        if (pointwise && heads > 0) throw new ArgumentException($"A pointwise network takes the place of attention; got {heads} heads beside it, expected 0.", nameof(pointwise));
        if (positions is not null)
        {
            Guard.Sizes(positions);
            if (positions.Count != 2) throw new ArgumentException($"Expected the sizes (H, W) of the images; got {positions}.", nameof(positions));
            if (heads == 0 && !pointwise) throw new ArgumentException("Positions are read by attention; there is none: heads is 0.", nameof(positions));
            places = new Parameter(randn([.. positions, width], dtype: get_default_dtype(), device: CPU).mul_(PlaceDeviation));
        }
        first = new DataStartConv(inputs, width, kernel: 3);
        this.blocks = new ModuleList<GatedConvBlock>([.. Enumerable.Range(0, blocks).Select(_ => new GatedConvBlock(
            width, heads > 0 || pointwise ? new GatedAttention(width, heads, dropout) : null, contextShape?[0] ?? 0, dropout))]);
        last = ZeroConv(width, outputs, kernel: 3);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        if (places is not null && (places.size(0) != image.size(2) || places.size(1) != image.size(3)))
            throw new ArgumentException($"x has images of {image.size(2)}x{image.size(3)}; {GetName()} has positions of {places.size(0)}x{places.size(1)}.", "x");

        var pixels = image.permute(0, 2, 3, 1);                              // (B, H, W, C): what acts at one position is a matrix product then
        var context = ContextShape is null ? null : GatedLayer.ConcatElu(pixels.narrow(3, Inputs, ContextShape[0]));
        var h = first.Forward(pixels.narrow(3, 0, Inputs));
        foreach (var block in blocks) h = block.Forward(h, context, places);
        return last.call(h.permute(0, 3, 1, 2));
    }
}
