using System.Globalization;

namespace FlowKit.Interactive;

/// <summary>The closed interval [low, high] of an axis or a color scale, low &lt; high, both finite.</summary>
/// <example><code>
/// Interval axis = (-4, 4);
/// Console.WriteLine($"{axis} has length {axis.Length}");  // => [-4, 4] has length 8
/// </code></example>
public readonly record struct Interval
{
    /// <summary>[low, high].</summary>
    /// <exception cref="ArgumentException">An end is not finite, or low is not below high.</exception>
    public Interval(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"An interval is two finite numbers, low < high; it was ({low}, {high})."), nameof(low));
        (Low, High) = (low, high);
    }

    /// <summary>The lower end.</summary>
    public double Low { get; }

    /// <summary>The upper end.</summary>
    public double High { get; }

    /// <summary>high - low.</summary>
    public double Length => High - Low;

    /// <summary>Lets a pair stand for an interval: <c>(-4, 4)</c>.</summary>
    public static implicit operator Interval((double Low, double High) pair) => new(pair.Low, pair.High);

    /// <summary>The interval as "[-4, 4]".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low:G4}, {High:G4}]");

    internal bool Contains(double value) => value >= Low && value <= High;

    internal Interval Padded(double fraction) => new(Low - fraction * Length, High + fraction * Length);

    /// <summary>The smallest interval that holds every finite value; null without one. A single value gets half a unit on each side.</summary>
    internal static Interval? Around(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));

        if (low > high) return null;
        double half = Math.Max(0.5, Math.Abs(low) * 1e-6);
        return high - low > Math.Abs(low) * 1e-12 ? new(low, high) : new(low - half, low + half);
    }

    internal static Interval? Union(IEnumerable<Interval?> intervals) =>
        Around(intervals.OfType<Interval>().SelectMany(interval => new[] { interval.Low, interval.High }));
}
