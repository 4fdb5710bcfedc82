using CsCheck;
using FlowKit.Integration;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.15, 1.16, 1.23 and section 1.5.1: distribution functions and their measures.</summary>
public class DistributionFunctionTests
{
    private static readonly Func<double, double> Decay = x => Math.Exp(-x);

    public static TheoryData<string> Each => [.. Laws.Keys];

    private static readonly Dictionary<string, DistributionFunction> Laws = new()
    {
        ["exponential"] = DistributionFunction.WithDensity(Decay, 0, double.PositiveInfinity),
        ["normal"] = DistributionFunction.WithDensity(Normal, double.NegativeInfinity, double.PositiveInfinity),
        ["coin"] = 0.5 * DistributionFunction.Jump(0) + 0.5 * DistributionFunction.Jump(1),
        ["mixed"] = 0.3 * DistributionFunction.Jump(0) + 0.7 * DistributionFunction.WithDensity(Decay, 0, double.PositiveInfinity),
        ["Cantor"] = DistributionFunction.Cantor(),
        ["all three"] = 0.2 * DistributionFunction.Jump(0.5) + 0.3 * DistributionFunction.Cantor(-1, 2) + 0.5 * DistributionFunction.WithDensity(x => 2 * x, 0, 1),
    };

    [Theory, MemberData(nameof(Each))]
    public void A_distribution_function_has_its_five_properties(string name)
    {
        var f = Laws[name];
        double before = 0;
        for (double x = -3; x <= 5; x += 0.125)                      // jumps are among these
        {
            Assert.True(f.At(x) >= before - 1e-12);                  // 1. it does not decrease
            before = f.At(x);
            Near(f.At(x), f.At(x + 1e-13), 1e-6);                    // 2. it is continuous from the right (Cantor's staircase with the exponent 0.63)
            Near(f.Before(x), f.At(x - 1e-13), 1e-6);                // 3. its limit from the left is F(x-) = F(x) less the jump
            Near(f.At(x) - f.JumpAt(x), f.Before(x), 1e-12);
        }
        Near(0, f.At(-50), 1e-9);                                    // 4. F(-inf) = 0
        Near(0, f.At(double.NegativeInfinity), 1e-12);
        Near(1, f.At(50), 1e-9);                                     // 5. F(inf) = 1
        Near(1, f.Total, 1e-9);
    }

    [Theory, MemberData(nameof(Each))]
    public void The_measure_of_an_interval_is_F_at_its_ends_and_is_additive(string name)
    {
        var f = Laws[name];
        Near(f.At(1) - f.At(0), f.Measure(LineSet.LeftOpen(0, 1)), 1e-12);
        Near(f.JumpAt(0.5), f.Measure(LineSet.Point(new(1, 2))), 1e-12);
        Near(f.Measure(LineSet.Closed(0, 1)), f.Measure(LineSet.Open(0, 1)) + f.JumpAt(0) + f.JumpAt(1), 1e-12);
        Near(1, f.Measure(LineSet.AtMost(new(1, 3))) + f.Measure(~LineSet.AtMost(new(1, 3))), 1e-9);
    }

    [Theory, MemberData(nameof(Each))]
    public void The_quantile_is_the_smallest_point_whose_F_reaches_p(string name) =>
        Gen.Double[0.01, 0.99].Sample(p =>
        {
            double x = Laws[name].Quantile(p);
            Assert.True(Laws[name].At(x) >= p - 1e-9 && Laws[name].Before(x - 1e-6) <= p + 1e-9);
        }, iter: 20);

    [Fact]
    public void The_law_with_an_atom_at_zero_has_its_exact_moments()
    {
        var f = Laws["mixed"];
        Near(0.7, f.Integral(x => x), 1e-10);
        Near(1.4, f.Integral(x => x * x), 1e-10);
        Near(0.3, f.JumpAt(0), 0);
        Near(0.7, f.Integral(x => x > 0 ? 1 : 0, breaks: 0), 1e-10);
        Near(0.7 * Math.Exp(-1), f.Slope(1), 1e-12);
        Assert.Equal(0, f.Quantile(0.2));
    }

    [Fact]
    public void The_Cantor_law_is_continuous_has_no_density_and_its_exact_moments()
    {
        var f = Laws["Cantor"];
        double mean = f.Integral(x => x);
        Near(0.5, mean, 1e-12);
        Near(0.125, f.Integral(x => (x - mean) * (x - mean)), 1e-12);
        Near(Math.Exp(0.5) * Enumerable.Range(1, 40).Aggregate(1.0, (product, k) => product * Math.Cosh(Math.Pow(3, -k))), f.Integral(Math.Exp), 1e-9);    // the product is over independent digits

        // No atom, yet no density: F climbs from 0 to 1 over a set of length (2/3)^n for every n, and is flat elsewhere.
        for (int n = 0; n <= 12; n++)
        {
            var level = CantorFunction.Level(n);
            Assert.Equal(Rational.FromDouble(Math.Pow(2, n)) / Rational.FromDouble(Math.Pow(3, n)), level.Length);
            Near(1, f.Measure(level), 1e-6);                       // 2^(n+1) ends, and C moves by the power 0.63 of a rounding error
        }
        Assert.Equal(0, AdaptiveQuadrature.Integrate(f.Slope, 0, 1));
        Near(1, f.At(1) - f.At(0), 0);
        Assert.Equal(0, Enumerable.Range(0, 82).Sum(k => f.JumpAt(k / 81.0)));
    }

    [Fact]
    public void The_staircase_satisfies_its_own_equations() =>
        Gen.Double[0, 1].Sample(x =>
        {
            Near(CantorFunction.Value(x) / 2, CantorFunction.Value(x / 3), 1e-7);      // rounding x moves C by up to the 0.63rd power
            Near(1 - CantorFunction.Value(x), CantorFunction.Value(1 - x), 1e-7);
        });

    [Fact]
    public void The_three_parts_sum_to_F_and_are_continuous_discrete_and_neither()
    {
        var f = Laws["all three"];
        Assert.All((double[])[-0.7, 0.2, 0.5, 0.9, 3], x => Near(f.At(x), f.AbsolutelyContinuous.At(x) + f.Discrete.At(x) + f.SingularContinuous.At(x), 1e-12));
        Near(0.5, f.AbsolutelyContinuous.Total, 1e-9);
        Near(0.2, f.Discrete.Total, 1e-12);
        Near(0.3, f.SingularContinuous.Total, 1e-12);
        Near(0.5, AdaptiveQuadrature.Integrate(f.Slope, -1, 2, 0, 1), 1e-9);          // F' gives back one part of three
    }

    [Fact]
    public void A_density_is_the_slope_of_F_and_its_integral() =>
        Gen.Double[0.1, 3].Sample(x => Near(Decay(x), (Laws["exponential"].At(x + 1e-4) - Laws["exponential"].At(x - 1e-4)) / 2e-4, 1e-7));

    [Fact]
    public void An_integral_with_an_infinite_part_is_refused()
    {
        var cauchy = DistributionFunction.WithDensity(x => 1 / (Math.PI * (1 + x * x)), double.NegativeInfinity, double.PositiveInfinity);
        Near(1, cauchy.Total, 1e-9);
        Refused<ArgumentException>("integral of |f| is finite", () => cauchy.Integral(x => x));
        Refused<ArgumentException>("at the jump 0 it is", () => Laws["coin"].Integral(x => 1 / x));
        Refused<ArgumentException>("at the jump 0 it is NaN", () => Laws["coin"].Integral(_ => double.NaN));
        Refused<ArgumentException>("smooth where there is a staircase", () => Laws["Cantor"].Integral(x => 1 / x));              // infinite: 3^k on the mass 2^-k
        Refused<ArgumentException>("smooth where there is a staircase", () => Laws["Cantor"].Integral(x => x <= 0.25 ? 1 : 0));  // 1/3, which no rule with nodes comes near
        Refused<ArgumentException>("smooth where there is a staircase", () => Laws["Cantor"].Integral(_ => double.NaN));
    }

    [Fact]
    public async Task The_quantile_of_a_level_too_small_for_a_double_comes_back() =>
        Assert.Equal(0, await InTime(() => (0.3 * DistributionFunction.Jump(0)).Quantile(double.Epsilon)));

    [Theory, InlineData(-1.7e308), InlineData(1.7e308), InlineData(-1e-300), InlineData(3)]
    public void The_quantile_of_a_jump_is_the_jump_wherever_it_is(double at) => Assert.Equal(at, DistributionFunction.Jump(at).Quantile(0.5));

    [Fact]
    public void Every_question_at_NaN_is_answered_by_NaN() =>
        Assert.All(Laws.Values, f => Assert.All((double[])[f.At(double.NaN), f.Before(double.NaN), f.JumpAt(double.NaN), f.Slope(double.NaN)], answer => Assert.True(double.IsNaN(answer))));

    [Fact]
    public void What_is_no_distribution_function_is_refused()
    {
        Refused<InvalidOperationException>("0 everywhere", () => (0 * Laws["coin"]).Quantile(0.5));
        Refused<ArgumentException>("density of a measure is >= 0", () => DistributionFunction.WithDensity(x => x, -1, 1));
        Refused<ArgumentException>("does not converge", () => DistributionFunction.WithDensity(x => 1 / x, 0, 1));
        Refused<ArgumentException>("low < high", () => DistributionFunction.WithDensity(Decay, 1, 0));
        Refused<ArgumentException>("low < high", () => DistributionFunction.Cantor(1, 1));
        Refused<ArgumentException>("points of the line", () => DistributionFunction.Jump(double.NaN));
        Refused<ArgumentException>("F(inf) is finite", () => _ = 1e308 * (1e308 * Laws["coin"]));
        Refused<ArgumentException>("does not decrease", () => _ = -1 * DistributionFunction.Jump(0));
        Assert.Throws<ArgumentOutOfRangeException>("p", () => Laws["coin"].Quantile(1));
    }

    private static double Normal(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(Math.Tau);
}
