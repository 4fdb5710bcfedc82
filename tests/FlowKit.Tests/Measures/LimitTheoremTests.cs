using FlowKit.Integration;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definition 1.24, section 1.3.1, Theorems 1.2 to 1.4: simple functions, Riemann against Lebesgue, Fubini, monotone and dominated convergence.</summary>
public class LimitTheoremTests
{
    private static readonly LineSet Unit = LineSet.Closed(0, 1);
    private static readonly double Peak = Math.Sqrt(1 / Math.E);                                   // of sqrt(n) x exp(-n x^2 / 2) is 1 / sqrt(e)

    [Fact]
    public void Simple_functions_below_x_climb_to_it_and_their_integrals_to_one_half()
    {
        Rational before = 0, x = new(7, 11);
        for (int n = 1; n <= 10; n++)
        {
            var step = SimpleFunction.Below(n, level => Unit & ~LineSet.Open(-Rational.Infinity, level));
            Assert.Equal(new Rational(1, 2) - new Rational(1, 2L << n), step.Integral);            // 1/2 - 2^-(n+1)
            Assert.True(before <= step.Integral && step[x] <= x && x - step[x] < new Rational(1, 1L << n));
            before = step.Integral;
        }
    }

    [Fact]
    public void Simple_functions_climb_to_a_pole_and_their_integrals_to_its_finite_integral()
    {
        // f(x) = 1 / sqrt x on (0, 1]: {f >= level} = (0, 1 / level^2], integral 2. It is cut at n, so that the integral is short by at least 1/n.
        double before = 0;
        for (int n = 1; n <= 9; n++)
        {
            double integral = (double)SimpleFunction.Below(n, level => LineSet.LeftOpen(0, Rational.Min(1, 1 / (level * level)))).Integral;
            Assert.InRange(integral, before, 2);
            Assert.InRange(2 - integral, 1.0 / n - 1e-12, 1.0 / n + Math.Pow(2, -n));
            before = integral;
        }
    }

    [Fact]
    public void Monotone_convergence_holds_for_a_climbing_sequence()
    {
        // f_n = 1 on [0, 1 - 1/n] climbs to 1 on [0, 1); integrals 1 - 1/n climb to 1.
        Rational[] integrals = [.. Enumerable.Range(1, 60).Select(n => new SimpleFunction((1, LineSet.Closed(0, 1 - new Rational(1, n)))).Integral)];
        Assert.Equal(integrals.Order(), integrals);
        Assert.Equal(new Rational(59, 60), integrals[^1]);
        Assert.Equal(1, new SimpleFunction((1, LineSet.RightOpen(0, 1))).Integral);
    }

    [Fact]
    public void Without_monotony_or_domination_the_integrals_stay_1_while_the_functions_go_to_0()
    {
        Rational x = new(1, 50);
        SimpleFunction[] f = [.. Enumerable.Range(1, 200).Select(n => new SimpleFunction((n, LineSet.Open(0, new(1, n)))))];
        Assert.All(f, step => Assert.Equal(1, step.Integral));
        Assert.All(f.Skip(50), step => Assert.Equal(0, step[x]));                                  // at every x it ends at 0
        Assert.Contains(f.Zip(f.Skip(1)), pair => pair.First[x] > pair.Second[x]);                 // it does not climb

        // The smallest g above all of them, n on [1/(n+1), 1/n), has the integral sum of 1/(n+1), which grows past every bound.
        double[] below = [.. ((int[])[10, 100, 1000]).Select(terms => (double)new SimpleFunction(Enumerable.Range(1, terms).Select(n => ((Rational)n, LineSet.RightOpen(new(1, n + 1), new(1, n))))).Integral)];
        Assert.All(below.Zip(below.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 2.1, 2.31));   // ln 10 a decade
    }

    [Fact]
    public void Dominated_convergence_holds_for_functions_of_either_sign()
    {
        // f_n(x) = sqrt n x exp(-n x^2 / 2) on [-1, 1] takes both signs, goes to 0 everywhere and stays within |f_n| <= exp(-1/2), which is integrable.
        // The integrals of |f_n| go to 0 as 2 / sqrt n.
        double[] sizes = [.. ((int[])[1, 10, 100, 1000]).Select(n => AdaptiveQuadrature.Integrate(x => Math.Abs(F(n, x)), -1, 1, 0, -1 / Math.Sqrt(n), 1 / Math.Sqrt(n)))];
        Assert.Equal(sizes.OrderDescending(), sizes);
        Near(2 / Math.Sqrt(1000), sizes[^1], 1e-9);
        Assert.True(Enumerable.Range(-100, 201).All(k => Math.Abs(F(37, k / 100.0)) <= Peak + 1e-12) && F(37, -0.1) < 0 && F(37, 0.1) > 0);

        static double F(int n, double x) => Math.Sqrt(n) * x * Math.Exp(-n * x * x / 2);
    }

    [Fact]
    public void Riemanns_sums_of_the_Dirichlet_function_are_0_and_1_for_every_partition()
    {
        foreach (int pieces in (int[])[1, 2, 7, 100])
        {
            var sums = DarbouxSums.Of([.. Enumerable.Range(0, pieces + 1).Select(k => new Rational(k * k, pieces * pieces))], Bounds);
            Assert.Equal((0, 1), (sums.Lower, sums.Upper));
        }

        static (Rational, Rational) Bounds(Rational low, Rational high)
        {
            var (lowest, highest) = DirichletFunction.Extremes(low, high);
            foreach (var point in (RootTwoNumber[])[lowest, highest]) Assert.True(point.CompareTo(low) >= 0 && point.CompareTo(high) <= 0);
            return (DirichletFunction.Value(lowest), DirichletFunction.Value(highest));
        }
    }

    [Fact]
    public void Lebesgues_integral_of_the_Dirichlet_function_is_0_as_it_is_below_1_on_covers_of_any_length() =>
        Assert.All((int[])[1, 10, 1000], n =>
        {
            Rational epsilon = new(1, n);
            SimpleFunction above = new((1, DirichletFunction.Cover(100, epsilon)));
            Assert.True(above.Integral <= epsilon);
            Assert.All(DirichletFunction.Rationals().Take(100), fraction => Assert.Equal(DirichletFunction.Value(fraction), above[fraction]));
        });

    [Fact]
    public void Riemanns_sums_of_a_monotone_function_meet()
    {
        var sums = DarbouxSums.Of([.. Enumerable.Range(0, 101).Select(k => new Rational(k, 100))], (low, high) => (low * low, high * high));
        Assert.Equal(new Rational(1, 100), sums.Upper - sums.Lower);
        Assert.True(sums.Lower < new Rational(1, 3) && new Rational(1, 3) < sums.Upper);
    }

    [Fact]
    public void A_number_a_plus_b_root_two_is_ordered_as_its_double()
    {
        RootTwoNumber[] numbers = [new(3, -2), new(-7, 5), new(new(1, 3), 0), new(-1, 1), new(1, -1), new(0, 0), new(-3, 2)];
        double[] doubles = [.. numbers.Select(x => (double)x.A + (double)x.B * Math.Sqrt(2))];
        Assert.Equal(numbers.Zip(doubles).OrderBy(pair => pair.Second).Select(pair => pair.First), numbers.Order());
        Assert.True(new RootTwoNumber(5, 0).IsRational && !new RootTwoNumber(5, 1).IsRational);
    }

    [Fact]
    public void Fubini_the_order_of_integration_does_not_matter_for_an_integrable_function()
    {
        static double F(double x, double y) => Math.Exp(-x * y) * (1 + x);
        double one = AdaptiveQuadrature.Iterated(F, (0, 1), (0, 2)), other = AdaptiveQuadrature.Iterated((y, x) => F(x, y), (0, 2), (0, 1));
        Near(one, other, 1e-10);
        Near(one, Quadrature.Integrate(p => (-p.select(1, 0) * p.select(1, 1)).exp() * (1 + p.select(1, 0)), (0, 1), (0, 2), 800), 1e-6);
    }

    [Fact]
    public void Fubini_fails_without_integrability_by_plus_and_minus_a_quarter_of_pi()
    {
        Near(Math.PI / 4, AdaptiveQuadrature.Iterated(F, (0, 1), (0, 1), Decades), 1e-8);                        // first over y
        Near(-Math.PI / 4, AdaptiveQuadrature.Iterated((y, x) => F(x, y), (0, 1), (0, 1), Decades), 1e-8);      // first over x

        // |f| has no integral: in polar coordinates it is |cos 2t| / r dr dt, whose integral over e < r < 1 is ln(1/e).
        double[] sizes = [.. ((double[])[0.1, 0.01, 0.001]).Select(e => AdaptiveQuadrature.Iterated((r, t) => Math.Abs(Math.Cos(2 * t)) / r, (e, 1), (0, Math.PI / 2), _ => [Math.PI / 4]))];
        Assert.All(sizes.Zip(sizes.Skip(1)), pair => Near(Math.Log(10), pair.Second - pair.First, 1e-4));

        static double F(double x, double y) => (x * x - y * y) / Math.Pow(x * x + y * y, 2);

        static double[] Decades(double x) => [.. Enumerable.Range(0, 16).Select(k => x * Math.Pow(100, k))];      // f(x, y) changes over y of the size of x
    }

    [Fact]
    public void What_is_no_simple_function_or_partition_is_refused()
    {
        Refused<ArgumentException>("was given two", () => _ = new SimpleFunction((1, LineSet.Closed(0, 1)), (2, LineSet.Closed(1, 2))));
        Refused<InvalidOperationException>("inf - inf", () => _ = new SimpleFunction((1, LineSet.AtMost(0)), (-1, ~LineSet.AtMost(0))).Integral);
        Refused<ArgumentException>("ascend", () => DarbouxSums.Of([0, 1, 1], (_, _) => (0, 1)));
        Refused<ArgumentException>("at least two nodes", () => DarbouxSums.Of([0], (_, _) => (0, 1)));
        Refused<ArgumentException>("low < high", () => DirichletFunction.Extremes(1, 1));
        Refused<ArgumentException>("finite ends", () => DirichletFunction.Extremes(0, Rational.Infinity));
        Refused<ArgumentException>("finite ends", () => DirichletFunction.Extremes(-Rational.Infinity, Rational.Infinity));
        Refused<ArgumentException>("finite and > 0", () => DirichletFunction.Cover(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => DirichletFunction.Cover(100_000, 1));
        Refused<ArgumentException>("bounded interval", () => DarbouxSums.Of([0, Rational.Infinity], (_, _) => (0, 1)));
        Refused<ArgumentException>("infimum is not above the supremum; on [0, 1] they were 1 and 0", () => DarbouxSums.Of([0, 1], (_, _) => (1, 0)));
        Refused<ArgumentException>("both rational", () => _ = new RootTwoNumber(Rational.Infinity, -Rational.Infinity));
        Refused<ArgumentException>("each step has a set", () => _ = new SimpleFunction((1, null!)));
        Refused<ArgumentException>("above gave null", () => SimpleFunction.Below(2, _ => null!));
        Refused<ArgumentException>("{f >= 1/2} is not a subset of {f >= 1/4}", () => SimpleFunction.Below(2, level => LineSet.Closed(0, level)));
        Refused<ArgumentException>("low <= high", () => AdaptiveQuadrature.Integrate(x => x, 1, 0));
    }
}
