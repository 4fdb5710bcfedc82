using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>h + conv(a(norm(conv(a(norm(h)))))), 3x3.</summary>
internal sealed class ConvResidualBlock : FlowModule
{
    private readonly WeightNormConv inner;
    private readonly WeightNormConv outer;
    private readonly BatchNorm2d? innerNorm;
    private readonly BatchNorm2d? outerNorm;
    private readonly BatchNormTransform? innerMoving;
    private readonly BatchNormTransform? outerMoving;
    private readonly Activation activation;

    public ConvResidualBlock(long width, Activation activation, bool batchNorm, bool movingAverages = false) : base(nameof(ConvResidualBlock))
    {
        this.activation = activation;
        inner = new WeightNormConv(width, width, kernel: 3);
        outer = new WeightNormConv(width, width, kernel: 3);
        if (batchNorm && movingAverages) (innerMoving, outerMoving) = (new BatchNormTransform(width, movingAverages: true), new BatchNormTransform(width, movingAverages: true));
        else if (batchNorm) (innerNorm, outerNorm) = (nn.BatchNorm2d(width), nn.BatchNorm2d(width));
        RegisterComponents();
    }

    public Tensor Forward(Tensor h) => h + outer.Forward(Activate(inner.Forward(Activate(h, innerNorm, innerMoving)), outerNorm, outerMoving));

    private Tensor Activate(Tensor h, BatchNorm2d? norm, BatchNormTransform? moving) =>
        activation.Apply(norm is not null ? norm.forward(h) : moving is not null ? moving.Forward(h).Z : h);
}
