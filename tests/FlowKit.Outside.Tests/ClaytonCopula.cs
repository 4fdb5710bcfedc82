using FlowKit.Distributions;
using TorchSharp.Modules;

namespace FlowKit.Outside.Tests;

/// <summary>A pair copula of a vine, Clayton's, theta > 0: C(u, v) = (u^-theta + v^-theta - 1)^(-1/theta), with its distribution function and the h-function that a vine conditions by.</summary>
public sealed class ClaytonCopula : Distribution
{
    private readonly Parameter raw;

    public ClaytonCopula() : base(nameof(ClaytonCopula), 2)
    {
        raw = new(zeros(1, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    private Tensor Theta => raw.exp();

    public Tensor Cdf(Tensor x) => (x.pow(-Theta).sum(1) - 1).pow(-1 / Theta);

    /// <summary>P(V &lt;= v | U = u), the derivative of C by u.</summary>
    public Tensor Given(Tensor u, Tensor v) => u.pow(-Theta - 1) * (u.pow(-Theta) + v.pow(-Theta) - 1).pow(-1 / Theta - 1);

    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var outside = x.lt(0).logical_or(x.gt(1));
        var inside = x.masked_fill(outside, 0.5).clamp_min(1e-300);
        var logC = (Theta + 1).log() - (Theta + 1) * inside.log().sum(1) - (2 + 1 / Theta) * (inside.pow(-Theta).sum(1) - 1).log();
        return logC.masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN);
    }

    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var (u, p) = (rand(count, dtype: Dtype, device: Device), rand(count, dtype: Dtype, device: Device));
        return stack([u, ((p.pow(-Theta / (1 + Theta)) - 1) * u.pow(-Theta) + 1).pow(-1 / Theta)], dim: 1);
    }
}
