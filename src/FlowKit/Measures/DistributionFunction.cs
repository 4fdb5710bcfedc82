namespace FlowKit.Measures;

/// <summary>A distribution function F: not decreasing, right-continuous, 0 at -inf, with F(inf) finite; and its Lebesgue-Stieltjes measure mu((a, b]) = F(b) - F(a).</summary>
/// <remarks>
/// <para>F is a sum of three kinds of parts, those of Lebesgue's decomposition against length: with a density, of jumps, and of Cantor's staircase, which has neither.</para>
/// <para>Parts are added and scaled: <c>0.3 * Jump(0) + 0.7 * WithDensity(x => Math.Exp(-x), 0, double.PositiveInfinity)</c>.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// // A waiting time that is 0 with probability 0.3 and exponential otherwise.
/// var wait = 0.3 * DistributionFunction.Jump(0)
///     + 0.7 * DistributionFunction.WithDensity(x => Math.Exp(-x), 0, double.PositiveInfinity);
/// Console.WriteLine($"{wait.At(0):F4}, {wait.At(1):F4}");  // => 0.3000, 0.7425
/// Console.WriteLine($"{wait.Integral(x => x):F4}");        // => 0.7000
/// Console.WriteLine($"{wait.Quantile(0.5):F4}");           // => 0.3365
/// </code></example>
public sealed class DistributionFunction
{
    private readonly DensityPart[] densities;
    private readonly (double At, double Mass)[] jumps;        // ascending
    private readonly CantorPart[] staircases;

    private DistributionFunction(IEnumerable<DensityPart> densities, IEnumerable<(double At, double Mass)> jumps, IEnumerable<CantorPart> staircases)
    {
        this.densities = [.. densities];
        this.jumps = [.. jumps.GroupBy(jump => jump.At, (at, all) => (at, all.Sum(jump => jump.Mass))).OrderBy(jump => jump.at)];
        this.staircases = [.. staircases];
        if (!double.IsFinite(this.jumps.Sum(jump => jump.Mass) + this.densities.Sum(part => part.Weight) + this.staircases.Sum(part => part.Weight)))
            throw new ArgumentException("Of a distribution function F(inf) is finite; the weights of these parts sum past the largest number.");
    }

    /// <summary>F(x) = the integral of a density f from -inf to x.</summary>
    /// <param name="density">f >= 0 on (low, high); it is not called elsewhere and counts as 0 there.</param>
    /// <param name="low">May be -inf.</param>
    /// <param name="high">May be +inf.</param>
    /// <param name="breaks">Where f jumps or has a kink or a pole, and where it has a peak far from 0, which would be missed otherwise.</param>
    /// <exception cref="ArgumentException">f is negative somewhere it was looked at, or its integral is not finite.</exception>
    public static DistributionFunction WithDensity(Func<double, double> density, double low, double high, params IEnumerable<double> breaks)
    {
        ArgumentNullException.ThrowIfNull(breaks);
        return new([new(density, low, high, [.. breaks], 1)], [], []);
    }

    /// <summary>A jump of 1 at x: F of the unit mass there.</summary>
    public static DistributionFunction Jump(double x) => double.IsFinite(x)
        ? new([], [(x, 1)], [])
        : throw new ArgumentException($"F jumps at points of the line; {x} is not one.", nameof(x));

    /// <summary>Cantor's staircase from low to high.</summary>
    public static DistributionFunction Cantor(double low = 0, double high = 1) => new([], [], [new(low, high, 1)]);

    /// <summary>The sum of two.</summary>
    public static DistributionFunction operator +(DistributionFunction f, DistributionFunction g)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        return new([.. f.densities, .. g.densities], [.. f.jumps, .. g.jumps], [.. f.staircases, .. g.staircases]);
    }

    /// <summary>F times a weight.</summary>
    /// <exception cref="ArgumentException">The weight is negative, so that the product would decrease, or not finite.</exception>
    public static DistributionFunction operator *(double weight, DistributionFunction f)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (!(weight >= 0) || !double.IsFinite(weight)) throw new ArgumentException($"A distribution function does not decrease, so that a weight is finite and >= 0; it was {weight}.", nameof(weight));
        return new(
            f.densities.Select(part => part with { Weight = weight * part.Weight }),
            f.jumps.Where(_ => weight > 0).Select(jump => (jump.At, weight * jump.Mass)),
            f.staircases.Select(part => part with { Weight = weight * part.Weight }));
    }

    /// <summary>The part with a density, absolutely continuous to length.</summary>
    public DistributionFunction AbsolutelyContinuous => new(densities, [], []);

    /// <summary>The part made of jumps, discrete.</summary>
    public DistributionFunction Discrete => new([], jumps, []);

    /// <summary>The part without jumps and density, singular to length.</summary>
    public DistributionFunction SingularContinuous => new([], [], staircases);

    /// <summary>The measure of the line, F(inf): 1 for a probability.</summary>
    public double Total => At(double.PositiveInfinity);

    /// <summary>F(x).</summary>
    public double At(double x) => Continuous(x) + jumps.Where(jump => jump.At <= x).Sum(jump => jump.Mass);

    /// <summary>F(x-), the limit from the left.</summary>
    public double Before(double x) => Continuous(x) + jumps.Where(jump => jump.At < x).Sum(jump => jump.Mass);

    /// <summary>mu({x}) = F(x) - F(x-).</summary>
    public double JumpAt(double x) => double.IsNaN(x) ? double.NaN : jumps.Where(jump => jump.At == x).Sum(jump => jump.Mass);

    /// <summary>F'(x), the density of the absolutely continuous part; the other parts have F' = 0 almost everywhere.</summary>
    public double Slope(double x) => double.IsNaN(x) ? double.NaN : densities.Sum(part => part.Value(x));

    /// <summary>mu(A) for a union of intervals, each by F at its ends.</summary>
    public double Measure(LineSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Pieces.Sum(piece =>
        {
            var (low, high) = ((double)piece.Low, (double)piece.High);
            return (piece.HasHigh ? At(high) : Before(high)) - (piece.HasLow ? Before(low) : At(low));
        });
    }

    /// <summary>The Lebesgue-Stieltjes integral of g dF: that of g F', the sum of g(x) times the jump at x, and that over Cantor's set.</summary>
    /// <param name="g">Piecewise smooth; smooth where there is a staircase.</param>
    /// <param name="breaks">Where g jumps or has a kink or a pole.</param>
    /// <exception cref="ArgumentException">The integral of |g| is not finite, or g jumps or has a pole in a staircase.</exception>
    public double Integral(Func<double, double> g, params IEnumerable<double> breaks)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(breaks);
        double[] places = [.. breaks];
        foreach (var (at, value) in jumps.Select(jump => (jump.At, g(jump.At))).Where(jump => !double.IsFinite(jump.Item2)))
            throw new ArgumentException($"An integral of g dF needs a finite g where F jumps; at the jump {at} it is {value}.", nameof(g));
        return densities.Sum(part => part.Integral(g, double.PositiveInfinity, places)) + jumps.Sum(jump => g(jump.At) * jump.Mass) + staircases.Sum(part => part.Integral(g));
    }

    /// <summary>The smallest x with F(x) >= p F(inf), by bisection.</summary>
    /// <param name="p">0 &lt; p &lt; 1.</param>
    /// <exception cref="InvalidOperationException">F is 0 everywhere.</exception>
    public double Quantile(double p)
    {
        if (!(p is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(p), $"A quantile belongs to 0 < p < 1; p was {p}.");
        if (!(Total > 0)) throw new InvalidOperationException("A quantile is where F reaches p F(inf), with F(inf) > 0; this F is 0 everywhere.");
        double level = Math.Max(p * Total, double.Epsilon), high = 1, low = -1;
        while (high < double.MaxValue && At(high) < level) high = Math.Min(2 * high, double.MaxValue);
        while (low > double.MinValue && At(low) >= level) low = Math.Max(2 * low, double.MinValue);
        while (high - low > 1e-15 * Math.Max(Math.Abs(low), Math.Abs(high)) && low / 2 + high / 2 is var middle && middle > low && middle < high)
            if (At(middle) >= level) high = middle; else low = middle;

        // An atom is met exactly, not to the last bits.
        return jumps.Where(jump => Math.Abs(jump.At - high) <= 1e-14 * Math.Max(1, Math.Abs(high)) && At(jump.At) >= level).Select(jump => jump.At).FirstOrDefault(high);
    }

    private double Continuous(double x) => double.IsNaN(x) ? double.NaN : densities.Sum(part => part.Integral(_ => 1, x, [])) + staircases.Sum(part => part.Value(x));
}
