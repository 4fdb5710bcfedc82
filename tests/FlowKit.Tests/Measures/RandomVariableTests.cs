using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.20 to 1.24 and 1.26 to 1.28 on finite probability spaces: random variables, laws, integrals, expectations.</summary>
public class RandomVariableTests
{
    private static readonly FiniteFunction Heads = new(1, 0);                  // of a coin
    private static readonly PositiveMeasure Coin = PositiveMeasure.OnPoints(new Rational(1, 2), new Rational(1, 2));

    private static Gen<(PositiveMeasure P, FiniteFunction X)> RandomVariable =>
        Points.SelectMany(Algebra).SelectMany(algebra => Gen.Select(Probability(algebra), Function(algebra)));

    [Fact]
    public void A_probability_acts_on_sets_of_the_algebra_and_not_on_points()
    {
        Refused<ArgumentException>("defined on the sets of its sigma-algebra", () => new PositiveMeasure(SigmaAlgebra.Trivial(2), 1).Of(FiniteSet.Of(2, 0)));
        Assert.Equal(1, new PositiveMeasure(SigmaAlgebra.Trivial(2), 1).Of(FiniteSet.Whole(2)));
    }

    [Fact]
    public void The_law_is_the_push_forward_of_P() =>
        RandomVariable.Sample((p, x) =>
        {
            var law = p.Law(x);
            Assert.All(law.Values, value => Assert.Equal(p.Of(x.Where(other => other == value)), law.Mass(value)));
            Assert.Equal(p.Of(x.Where(value => value > 0)), law.Probability(value => value > 0));
        });

    [Fact]
    public void Sigma_of_X_is_made_of_pre_images() =>
        RandomVariable.Sample((_, x) =>
        {
            Rational[] values = [.. Enumerable.Range(0, x.Points).Select(point => x[point]).Distinct()];
            var preimages = FiniteSet.All(values.Length).Select(chosen => x.Where(value => chosen.Contains(Array.IndexOf(values, value)))).ToHashSet();
            Assert.True(preimages.SetEquals(x.GeneratedAlgebra().Sets));
        });

    [Fact]
    public void Variables_that_are_equal_almost_surely_have_one_law() =>
        RandomVariable.SelectMany((p, x) => Gen.Select(Gen.Const(p), Gen.Const(x), Function(p.Algebra))).Sample((p, x, noise) =>
        {
            var y = FiniteFunction.Of(x.Points, point => p.Weights[p.Algebra.AtomOf(point)] == 0 ? noise[point] : x[point]);
            Assert.True(p.AlmostEverywhere(point => x[point] == y[point]));
            Assert.Equal(p.Law(x).ToString(), p.Law(y).ToString());
        });

    [Fact]
    public void One_law_does_not_make_variables_equal_X_and_1_minus_X_of_a_fair_coin()
    {
        var tails = Heads.Map(x => 1 - x);
        Assert.Equal(Coin.Law(Heads).ToString(), Coin.Law(tails).ToString());
        Assert.True(Coin.AlmostEverywhere(point => Heads[point] != tails[point]));
    }

    [Fact]
    public void Simple_functions_climb_to_f_and_their_integrals_to_its_integral() =>
        Points.SelectMany(Algebra).SelectMany(algebra => Gen.Select(Measure(algebra, FiniteWeight), Function(algebra, FiniteWeight))).Sample((mu, f) =>
        {
            var (before, total) = (Rational.Zero, mu.Total);
            for (int n = 0; n <= 14; n++)
            {
                var step = f.SimpleBelow(n);
                var integral = mu.Integral(step);
                Assert.True(mu.AlmostEverywhere(point => step[point] <= f[point]));
                Assert.True(before <= integral && integral <= mu.Integral(f));
                before = integral;
            }
            Assert.True(mu.Integral(f) - before <= total / (1 << 14));             // f is below 14 everywhere, so only the floor is left
        });

    [Fact]
    public void The_integral_is_that_of_the_positive_less_that_of_the_negative_part() =>
        RandomVariable.Sample((p, x) => Assert.Equal(p.Integral(x), p.Integral(x.Positive) - p.Integral(x.Negative)));

    [Fact]
    public void An_integral_of_infinity_minus_infinity_is_refused()
    {
        PositiveMeasure mu = new(SigmaAlgebra.Discrete(2), Rational.Infinity, Rational.Infinity);
        Refused<ArgumentException>("inf - inf", () => mu.Integral(new(1, -1)));
        Assert.Equal(Rational.Infinity, mu.Integral(new(1, 0)));
        Assert.Equal(Rational.Zero, new PositiveMeasure(SigmaAlgebra.Discrete(2), 0, 1).Integral(new(Rational.Infinity, 0)));
    }

    [Fact]
    public void Expectation_comes_out_the_same_in_four_ways() =>
        RandomVariable.Sample((p, x) =>
        {
            var law = p.Law(x);
            var overOutcomes = p.Integral(x.Map(Square));
            Assert.Equal(overOutcomes, law.PushForward(Square).Mean);                                     // by the law of u(X)
            Assert.Equal(overOutcomes, law.Expectation(Square));                                          // by the law of X: its density and counting
            Near((double)overOutcomes, law.ToDistributionFunction().Integral(v => v * v), 1e-9);          // by F
        });

    [Fact]
    public void A_discrete_push_forward_sums_the_masses_of_each_fibre()
    {
        var die = DiscreteLaw.Uniform(Enumerable.Range(1, 6).Select(face => (Rational)face));
        var parity = die.PushForward(face => face - 2 * Rational.Floor(face / 2));
        Assert.Equal("0: 1/2, 1: 1/2", parity.ToString());
        Assert.Equal((new Rational(7, 2), new Rational(35, 12)), (die.Mean, die.Variance));
    }

    [Fact]
    public void The_quantile_is_the_smallest_value_whose_CDF_reaches_p() =>
        RandomVariable.SelectMany((p, x) => Gen.Select(Gen.Const(p.Law(x)), Gen.Long[1, 12])).Sample((law, twelfths) =>
        {
            Rational level = new(twelfths, 12);
            var quantile = law.Quantile(level);
            Assert.True(law.Cdf(quantile) >= level && law.Cdf(quantile) - law.Mass(quantile) < level);
        });

    [Fact]
    public void What_is_no_random_variable_or_law_is_refused()
    {
        Refused<ArgumentException>("constant on every atom", () => new PositiveMeasure(SigmaAlgebra.Trivial(2), 1).Law(Heads));
        Refused<ArgumentException>("constant on every atom", () => new PositiveMeasure(SigmaAlgebra.Trivial(2), 1).Integral(Heads));
        Refused<InvalidOperationException>("P(S) = 1; here it is 2", () => PositiveMeasure.Counting(SigmaAlgebra.Discrete(2)).Law(Heads));
        Refused<ArgumentException>("sum to 1", () => _ = new DiscreteLaw((0, new Rational(1, 2))));
        Refused<ArgumentException>(">= 0", () => _ = new DiscreteLaw((0, 2), (1, -1)));
        Refused<ArgumentException>("on the line", () => _ = new DiscreteLaw((Rational.Infinity, 1)));
        Refused<ArgumentException>("from below where f >= 0", () => new FiniteFunction(-1).SimpleBelow(3));
        Refused<ArgumentException>("one space", () => _ = Heads + new FiniteFunction(1));
        Assert.Throws<ArgumentOutOfRangeException>("p", () => DiscreteLaw.Uniform(1).Quantile(0));
    }

    private static Rational Square(Rational x) => x * x;
}
