using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

public class RationalTests
{
    private static readonly Rational Infinity = Rational.Infinity;

    [Fact]
    public void Fractions_are_kept_in_lowest_terms_with_a_positive_denominator()
    {
        Rational x = new(6, -4);
        Assert.Equal((-3, 2), ((int)x.Numerator, (int)x.Denominator));
        Assert.Equal(new Rational(-3, 2), x);
        Assert.Equal("-3/2", x.ToString());
    }

    [Fact]
    public void Arithmetic_obeys_the_laws_of_a_field() =>
        Gen.Select(Fraction, Fraction, Fraction).Sample((x, y, z) =>
        {
            Assert.Equal(x * y + x * z, x * (y + z));
            Assert.Equal(x + (y + z), (x + y) + z);
            Assert.Equal(x, (x - y) + y);
            if (y != 0) Assert.Equal(x, x / y * y);
            Assert.Equal(x < y, (y - x).Sign > 0);
        });

    [Fact]
    public void Every_double_is_a_fraction_and_comes_back() =>
        Gen.Double.Where(double.IsFinite).Sample(x => Assert.Equal(x, (double)Rational.FromDouble(x)));

    [Fact]
    public void The_floor_is_the_largest_whole_number_not_above() =>
        Fraction.Sample(x => Assert.Equal((long)Math.Floor((double)x), Rational.Floor(x)));

    [Fact]
    public void Infinity_follows_the_conventions_of_measure_theory()
    {
        Assert.Equal(Rational.Zero, 0 * Infinity);
        Assert.Equal(-Infinity, -2 * Infinity);
        Assert.Equal(Infinity, Infinity + 5);
        Assert.Equal(Rational.Zero, 3 / Infinity);
        Assert.True(Infinity > 1_000_000 && -Infinity < 0);
        Assert.Equal(double.PositiveInfinity, (double)Infinity);
    }

    [Fact]
    public void Infinity_minus_infinity_has_no_value()
    {
        Refused<ArithmeticException>("inf - inf", () => _ = Infinity - Infinity);
        Refused<ArithmeticException>("inf / inf", () => _ = Infinity / Infinity);
        Refused<DivideByZeroException>("1 / 0", () => _ = Rational.One / 0);
        Refused<ArgumentException>("NaN", () => Rational.FromDouble(double.NaN));
    }
}
