using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>h + conv(a(norm(conv(a(norm(h)))))), 3x3.</summary>
internal sealed class ConvResidualBlock : FlowModule
{
    private readonly WeightNormConv inner;
    private readonly WeightNormConv outer;
    private readonly BatchNorm2d? innerNorm;
    private readonly BatchNorm2d? outerNorm;
    private readonly Activation activation;

    public ConvResidualBlock(long width, Activation activation, bool batchNorm) : base(nameof(ConvResidualBlock))
    {
        this.activation = activation;
        inner = new WeightNormConv(width, width, kernel: 3);
        outer = new WeightNormConv(width, width, kernel: 3);
        if (batchNorm) (innerNorm, outerNorm) = (nn.BatchNorm2d(width), nn.BatchNorm2d(width));
        RegisterComponents();
    }

    public Tensor Forward(Tensor h) => h + outer.Forward(Activate(inner.Forward(Activate(h, innerNorm)), outerNorm));

    private Tensor Activate(Tensor h, BatchNorm2d? norm) => activation.Apply(norm is null ? h : norm.forward(h));
}
