using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>What the noise of Flow++ reads of an image: the even and the odd columns side by side through gated convolutions, (B, C, H, W) to (B, <see cref="Maps"/>, H, W/2).</summary>
/// <remarks>Ho et al. 2019, Flow++, arXiv:1902.00275, its published code: a 3x3 convolution and three gated layers whose convolutions are both 3x3.</remarks>
internal sealed class ColumnNet : nn.Module<Tensor, Tensor>
{
    /// <summary>Channels given.</summary>
    public const long Maps = 32;

    private const int Layers = 3;

    private readonly ColumnSplit split;
    private readonly DataStartConv first;
    private readonly ModuleList<GatedConv> layers;

    public ColumnNet(long channels, long height, long width, double dropout) : base(nameof(ColumnNet))
    {
        split = new ColumnSplit(channels, height, width);
        first = new DataStartConv(2 * channels, Maps, kernel: 3);
        layers = new ModuleList<GatedConv>([.. Enumerable.Range(0, Layers).Select(_ => new GatedConv(Maps, kernel: 3, context: 0, dropout))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var h = first.Forward(split.Forward(input).Z.permute(0, 2, 3, 1));   // (B, H, W/2, 2C)
        foreach (var layer in layers) h = layer.Forward(h, context: null);
        return h.permute(0, 3, 1, 2);
    }
}
