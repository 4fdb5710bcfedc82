using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>z = f(x) from the interval that a prior gives each parameter onto the line: by the normal quantile of its position, so that a uniform parameter becomes a standard normal one. Parameters without an interval stay.</summary>
/// <remarks>
/// z = Phi⁻¹((x - a) / (b - a)), ln|dz/dx| = z² / 2 + ln(2 pi) / 2 - ln(b - a); -inf outside [a, b]. Positions nearer to an end than 1e-6 (1e-14 in float64) count as that, so that every draw has a density.
/// Intervals are those of <see cref="Uniform"/> and of <see cref="Beta"/>, also as blocks of a <see cref="ProductDistribution"/>.
/// </remarks>
internal sealed class PriorSupport : Transform
{
    private static readonly double halfLogTwoPi = Math.Log(2 * Math.PI) / 2;

    /// <summary>Of the parameters of that prior, (D).</summary>
    public PriorSupport(Distribution prior) : base(nameof(PriorSupport))
    {
        DataShape = prior.EventShape;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = Interval(prior);
        var isBounded = (high - low).isfinite();
        SetConstant("bounded", isBounded);
        SetConstant("low", low.masked_fill(isBounded.logical_not(), 0));
        SetConstant("range", (high - low).masked_fill(isBounded.logical_not(), 1));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var bounded = GetConstant("bounded");
        var position = (x - GetConstant("low").to(x.dtype)) / GetConstant("range").to(x.dtype);
        var outside = bounded.logical_and(position.lt(0).logical_or(position.gt(1)));
        var z = where(bounded, special.ndtri(Inside(position.masked_fill(bounded.logical_not(), 0.5))), x);
        return (z, SumEvent(LogSlope(z).masked_fill(outside, double.NegativeInfinity)));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var position = Inside(special.ndtr(z));
        return (where(GetConstant("bounded"), GetConstant("low").to(z.dtype) + GetConstant("range").to(z.dtype) * position, z), SumEvent(-LogSlope(z)));
    }

    private Tensor LogSlope(Tensor z) => (z.square() / 2 + halfLogTwoPi - GetConstant("range").to(z.dtype).log()).masked_fill(GetConstant("bounded").logical_not(), 0);

    private static Tensor Inside(Tensor position)
    {
        double least = position.dtype == float64 ? 1e-14 : 1e-6;
        return position.clamp(least, 1 - least);
    }

    private static (Tensor Low, Tensor High) Interval(Distribution prior)
    {
        if (prior is ProductDistribution product)
        {
            var blocks = product.Blocks.Select(Interval).ToArray();
            return (cat([.. blocks.Select(block => block.Low)], dim: 0), cat([.. blocks.Select(block => block.High)], dim: 0));
        }
        if (prior is Uniform box) return (box.Low.to(float64).cpu(), box.High.to(float64).cpu());
        var zero = zeros(prior.Dimensions, dtype: float64, device: CPU);
        return prior is FamilyDistribution { Family: Beta } ? (zero, zero + 1) : (zero - double.PositiveInfinity, zero + double.PositiveInfinity);
    }
}
