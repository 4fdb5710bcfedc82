using FlowKit.Integration;

namespace FlowKit.Measures;

/// <summary>The absolutely continuous part of a distribution function: a weight times a density on an interval.</summary>
internal sealed record DensityPart
{
    private readonly Func<double, double> density;
    private readonly double low, high;
    private readonly double[] breaks;

    public DensityPart(Func<double, double> density, double low, double high, double[] breaks, double weight)
    {
        ArgumentNullException.ThrowIfNull(density);
        if (!(low < high)) throw new ArgumentException($"A density lives on an interval low < high; it was ({low}, {high}).", nameof(low));
        (this.density, this.low, this.high, this.breaks, Weight) = (density, low, high, breaks, weight);
        AdaptiveQuadrature.Integrate(Checked, low, high, breaks);

        double Checked(double x) => density(x) is >= 0 and var value
            ? value
            : throw new ArgumentException($"A density of a measure is >= 0; at {x} it is {density(x)}.", nameof(density));
    }

    public double Weight { get; init; }

    /// <summary>The density at x, 0 outside the interval.</summary>
    public double Value(double x) => low < x && x < high ? Weight * density(x) : 0;

    /// <summary>The integral of g times the density from -inf to a point.</summary>
    public double Integral(Func<double, double> g, double to, double[] places) => to <= low
        ? 0
        : Weight * AdaptiveQuadrature.Integrate(x => density(x) is var f && f == 0 ? 0 : g(x) * f, low, Math.Min(to, high), [.. breaks, .. places]);
}
