namespace FlowKit.Measures;

/// <summary>The singular continuous part of a distribution function: a weight times Cantor's staircase on an interval.</summary>
internal sealed record CantorPart
{
    private readonly double low, high;

    public CantorPart(double low, double high, double weight)
    {
        if (!(low < high) || !double.IsFinite(low) || !double.IsFinite(high))
            throw new ArgumentException($"A staircase climbs over a finite interval low < high; it was ({low}, {high}).", nameof(low));
        (this.low, this.high, Weight) = (low, high, weight);
    }

    public double Weight { get; init; }

    public double Value(double x) => Weight * CantorFunction.Value((x - low) / (high - low));

    public double Integral(Func<double, double> g) => Weight * CantorFunction.Integral(x => g(low + x * (high - low)));
}
