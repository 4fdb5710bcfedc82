using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>A notebook's promise about a number.</summary>
/// <param name="Text">The promise in symbols, such as "&lt;= 1.8".</param>
/// <param name="Holds">Whether a value keeps the promise.</param>
/// <example><code>
/// var claim = Claim.Within(center: 2.84, tolerance: 0.02);
/// Console.WriteLine(claim.Text);                           // => 2.84 ± 0.02
/// Console.WriteLine(claim.Holds(2.85));                    // => True
/// Console.WriteLine(Claim.AtMost(1.8).Holds(double.NaN));  // => False
/// </code></example>
public sealed record Claim(string Text, Func<double, bool> Holds)
{
    /// <summary>value &lt;= bound. NaN does not hold.</summary>
    public static Claim AtMost(double bound) => new($"<= {Show(bound)}", value => value <= bound);

    /// <summary>value &gt;= bound. NaN does not hold.</summary>
    public static Claim AtLeast(double bound) => new($">= {Show(bound)}", value => value >= bound);

    /// <summary>|value - center| &lt;= tolerance. NaN does not hold.</summary>
    public static Claim Within(double center, double tolerance) =>
        new($"{Show(center)} ± {Show(tolerance)}", value => Math.Abs(value - center) <= tolerance);

    /// <summary>low &lt;= value &lt;= high: a bound on either side. NaN does not hold.</summary>
    /// <exception cref="ArgumentException">low &lt;= high does not hold.</exception>
    public static Claim Between(double low, double high) => low <= high
        ? new($"{Show(low)} to {Show(high)}", value => value >= low && value <= high)
        : throw new ArgumentException($"low <= high is needed; they were {Show(low)} and {Show(high)}.", nameof(low));

    private static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
