namespace FlowKit.Measures;

/// <summary>Cantor's staircase on [0, 1]: continuous, from 0 to 1, and flat almost everywhere. As a distribution function it has neither jumps nor a density.</summary>
/// <remarks>Its law is that of sum of 2 B_k / 3^k for fair bits B_k; half of it, shrunk to a third, lies at 0 and half at 2/3. Mean 1/2, variance 1/8.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// Console.WriteLine(CantorFunction.Value(0.5));                                    // => 0.5
/// Console.WriteLine(CantorFunction.Level(2).Length);                               // => 4/9
/// Console.WriteLine($"{CantorFunction.Integral(x => (x - 0.5) * (x - 0.5)):F6}");  // => 0.125000
/// </code></example>
public static class CantorFunction
{
    private const int Depth = 10;                             // the rule below has an error of 81^-Depth
    private const double Refused = 1e-5;                      // a kink costs 1e-8, a jump 1e-3

    /// <summary>C(x): 0 below 0, 1 above 1.</summary>
    public static double Value(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        double value = 0;
        for (double half = 0.5; half > 1e-17; half /= 2)
        {
            x *= 3;
            if (x is >= 1 and <= 2) return value + half;      // on a flat stair
            if (x > 2) (value, x) = (value + half, x - 2);
        }
        return value;
    }

    /// <summary>C_n, what is left of [0, 1] when n times the open middle third of every piece is taken away: 2^n intervals of length 3^-n.</summary>
    /// <param name="n">0 to 16.</param>
    public static LineSet Level(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 16);
        var set = LineSet.Closed(0, 1);
        for (Rational third = new(1, 3); n > 0; n--) set = set.Scale(third) | set.Scale(third).Translate(2 * third);
        return set;
    }

    /// <summary>The integral of g dC over [0, 1] for a smooth g: in each of 2^10 pieces two nodes with the law's mean and variance.</summary>
    /// <exception cref="ArgumentException">2^9 pieces give another integral: g jumps or has a pole on Cantor's set.</exception>
    public static double Integral(Func<double, double> g)
    {
        ArgumentNullException.ThrowIfNull(g);
        double coarse = Average(g, low: 0, length: 1, Depth - 1), fine = Average(g, low: 0, length: 1, Depth), size = Average(x => Math.Abs(g(x)), low: 0, length: 1, Depth - 1);
        return Math.Abs(fine - coarse) <= Refused * size
            ? fine
            : throw new ArgumentException($"The integral of g dF needs a g that is smooth where there is a staircase; with 2^{Depth - 1} and 2^{Depth} pieces it was {coarse} and {fine}.", nameof(g));

        static double Average(Func<double, double> g, double low, double length, int depth) => depth == 0
            ? (g(low + length * (0.5 - Math.Sqrt(0.125))) + g(low + length * (0.5 + Math.Sqrt(0.125)))) / 2
            : (Average(g, low, length / 3, depth - 1) + Average(g, low + 2 * length / 3, length / 3, depth - 1)) / 2;
    }
}
