using CsCheck;
using FlowKit.Integration;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Integration;

public class AdaptiveQuadratureTests
{
    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<string> Each => [.. Known.Keys];

    private static readonly Dictionary<string, (Func<double, double> F, double Low, double High, double[] Breaks, double Integral)> Known = new()
    {
        ["polynomial"] = (x => x * x, 0, 3, [], 9),
        ["pole at an end"] = (x => 1 / Math.Sqrt(x), 0, 1, [], 2),
        ["every pole that can be integrated"] = (x => Math.Pow(x, -0.37), 0, 1, [], 1 / 0.63),
        ["a steep pole"] = (x => Math.Pow(x, -0.8), 0, 1, [], 5),
        ["poles at both ends"] = (x => 1 / Math.Sqrt(x * (4 - x)), 0, 4, [], Math.PI),
        ["a slow tail"] = (x => Math.Pow(x, -1.37), 1, Infinity, [], 1 / 0.37),
        ["logarithm"] = (x => -Math.Log(x), 0, 1, [], 1),
        ["kink"] = (x => Math.Abs(x - 0.3), 0, 1, [0.3], 0.29),
        ["half-line"] = (x => Math.Exp(-x), 0, Infinity, [], 1),
        ["line"] = (x => Math.Exp(-x * x), -Infinity, Infinity, [], Math.Sqrt(Math.PI)),
        ["heavy tails"] = (x => 1 / (1 + x * x), -Infinity, Infinity, [], Math.PI),
        ["a peak far inside a half-line"] = (x => Math.Exp(-x * x), -Infinity, 50, [], Math.Sqrt(Math.PI)),
        ["a peak far inside an interval"] = (x => Math.Exp(-x * x), -5000, 7000, [], Math.Sqrt(Math.PI)),
        ["heavy tails cut off far out"] = (x => 1 / (1 + x * x), -1e200, 1e200, [], Math.PI),
        ["beyond half of the largest number"] = (x => 1e-308, 1e308, 1.7e308, [], 0.7),
        ["nothing there"] = (_ => 0, -Infinity, Infinity, [], 0),
        ["far in the tail"] = (x => Math.Exp(-x * x), -Infinity, -50, [], 0),
        ["empty"] = (x => 1 / x, 1, 1, [], 0),
    };

    [Theory, MemberData(nameof(Each))]
    public void Integrals_come_out_to_nine_digits(string name)
    {
        var (f, low, high, breaks, integral) = Known[name];
        Near(integral, AdaptiveQuadrature.Integrate(f, low, high, breaks), (name == "poles at both ends" ? 1e-7 : 1e-9) * Math.Max(1, integral));
    }

    [Fact]
    public void Powers_with_poles_and_slow_tails_have_their_integrals() =>
        Gen.Select(Gen.Double[-0.8, 5], Gen.Double[0.1, 100], Gen.Double[1.2, 5]).Sample((power, end, tail) =>
        {
            double pole = Math.Pow(end, power + 1) / (power + 1), rest = Math.Pow(end, 1 - tail) / (tail - 1);
            Near(pole, AdaptiveQuadrature.Integrate(x => Math.Pow(x, power), 0, end), 1e-7 * pole);
            Near(rest, AdaptiveQuadrature.Integrate(x => Math.Pow(x, -tail), end, Infinity), 1e-7 * rest);
        }, iter: 100);

    [Fact]
    public void An_integral_is_the_sum_of_those_over_two_pieces() =>
        Gen.Select(Gen.Double[-20, 20], Gen.Double[-20, 20], Gen.Double[-20, 20]).Select((a, b, c) => new[] { a, b, c }.Order().ToArray()).Sample(at =>
        {
            static double F(double x) => Math.Sin(x) * Math.Exp(-x * x / 50) + 1;
            double whole = AdaptiveQuadrature.Integrate(F, at[0], at[2]);
            Near(whole, AdaptiveQuadrature.Integrate(F, at[0], at[1]) + AdaptiveQuadrature.Integrate(F, at[1], at[2]), 1e-8);
        }, iter: 50);

    [Fact]
    public void What_has_no_integral_is_refused()
    {
        Assert.All(((Func<double, double> F, double Low, double High)[])[(x => 1 / x, 0, 1), (x => 1 / x, 1, Infinity), (x => x, -Infinity, Infinity), (_ => double.NaN, 0, 1), (x => x / (1 + x * x), -Infinity, Infinity)],
            one => Refused<ArgumentException>("integral of |f| is finite", () => AdaptiveQuadrature.Integrate(one.F, one.Low, one.High)));
        Refused<ArgumentException>("low <= high", () => AdaptiveQuadrature.Integrate(x => x, double.NaN, 1));
    }
}
