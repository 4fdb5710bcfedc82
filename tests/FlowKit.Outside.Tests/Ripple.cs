using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Outside.Tests;

/// <summary>A transform of one's own: z = x + a sin(x) with one learned |a| &lt; 1 a feature, inverted by fixed-point steps.</summary>
public sealed class Ripple : Transform
{
    private readonly Parameter raw;

    public Ripple(long features) : base(nameof(Ripple))
    {
        raw = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        DataShape = features;
        RegisterComponents();
    }

    public override Shape DataShape { get; }

    private Tensor A => raw.tanh() * 0.5;

    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x + A * x.sin(), SumEvent((A * x.cos()).log1p()));

    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var x = z.clone();
        for (int i = 0; i < 80; i++) x = z - A * x.sin();                      // a contraction: |a cos| <= 1/2
        return (x, -SumEvent((A * x.cos()).log1p()));
    }
}
