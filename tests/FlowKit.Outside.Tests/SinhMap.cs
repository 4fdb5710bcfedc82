using FlowKit.Transforms;

namespace FlowKit.Outside.Tests;

/// <summary>A scalar map of one's own, for couplings and autoregressive layers: y = e^s sinh(x) + t, theta = (s, t).</summary>
public sealed record SinhMap : ElementwiseMap
{
    public override int ParameterCount => 2;

    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (s, t) = (theta.select(1, 0).clamp(-5, 5), theta.select(1, 1));
        x = x.clamp(-80, 80);
        return (s.exp() * x.sinh() + t, s + LogCosh(x));
    }

    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        var (s, t) = (theta.select(1, 0).clamp(-5, 5), theta.select(1, 1));
        var x = ((y - t) * (-s).exp()).asinh();
        return (x, -s - LogCosh(x));
    }

    private static Tensor LogCosh(Tensor x) => x.abs() + (x.abs() * -2).exp().log1p() - Math.Log(2);
}
