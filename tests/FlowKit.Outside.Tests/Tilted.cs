using FlowKit.Distributions;

namespace FlowKit.Outside.Tests;

/// <summary>A density on S² of one's own: p(x) = (1 + a x_3) / (4 pi), a = tanh(r) learned, with respect to the surface.</summary>
public sealed class Tilted : Distribution
{
    private readonly TorchSharp.Modules.Parameter raw;

    public Tilted() : base(nameof(Tilted), 3)
    {
        raw = new(full(1, 0.7, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var off = (x.square().sum(1) - 1).abs().gt(x.dtype == float64 ? 1e-8 : 1e-3);
        var height = x.select(1, 2).masked_fill(off, 0).clamp(-1, 1);
        return ((raw.tanh() * height).log1p() - Math.Log(4 * Math.PI)).masked_fill(off, double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN);
    });

    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var u = rand([2, count], dtype: Dtype, device: Device);
        var a = raw.tanh();
        var height = ((1 - 2 * a + a * a + 4 * a * u[0]).sqrt() - 1) / a;     // F(h) = ((h + 1) + a (h² - 1) / 2) / 2
        var radius = (1 - height.square()).clamp_min(0).sqrt();
        return stack([radius * (u[1] * 2 * Math.PI).cos(), radius * (u[1] * 2 * Math.PI).sin(), height], dim: 1);
    }
}
