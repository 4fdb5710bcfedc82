using CsCheck;
using FlowKit.Integration;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>(1.38) to (1.42): laws of sums.</summary>
public class SumTests
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly DiscreteLaw Die = DiscreteLaw.Uniform(1, 2, 3, 4, 5, 6);

    private static Gen<DiscreteLaw> Law => Gen.Select(Fraction.Array[3], Gen.Long[1, 5].Array[3]).Select((values, weights) =>
        new DiscreteLaw(values.Zip(weights, (value, weight) => (value, new Rational(weight, weights.Sum())))));

    [Fact]
    public void Two_dice_sum_to_seven_with_probability_a_sixth()
    {
        var sum = Die + Die;
        Assert.Equal(Enumerable.Range(2, 11).Select(total => new Rational(6 - Math.Abs(total - 7), 36)), sum.Values.Select(sum.Mass));
        Assert.Equal((7, 2 * Die.Variance), (sum.Mean, sum.Variance));
    }

    [Fact]
    public void Convolution_of_laws_commutes_associates_and_adds_means_and_variances() =>
        Gen.Select(Law, Law, Law).Sample((x, y, z) =>
        {
            Assert.Equal((x + y).ToString(), (y + x).ToString());
            Assert.Equal((x + (y + z)).ToString(), ((x + y) + z).ToString());
            Assert.Equal(x.ToString(), (x + new DiscreteLaw((0, 1))).ToString());
            Assert.Equal(x.Mean + y.Mean, (x + y).Mean);
            Assert.Equal(x.Variance + y.Variance, (x + y).Variance);
        }, iter: 100);

    [Fact]
    public void The_convolution_is_the_law_of_the_sum_on_the_product_space()
    {
        var space = PositiveMeasure.OnPoints(Enumerable.Repeat(new Rational(1, 6), 6));
        var both = space.Product(space);
        var sum = FiniteFunction.Of(36, point => point / 6 + point % 6 + 2);
        Assert.Equal(both.Law(sum).ToString(), (Die + Die).ToString());
    }

    [Fact]
    public void The_sum_of_a_die_and_its_negative_is_zero_which_is_not_the_convolution_of_their_laws()
    {
        var space = PositiveMeasure.OnPoints(Enumerable.Repeat(new Rational(1, 6), 6));
        var x = FiniteFunction.Of(6, point => point + 1);
        var negative = x.Map(value => -value);
        Assert.Equal("0: 1", space.Law(x + negative).ToString());
        Assert.Equal(new Rational(1, 6), (space.Law(x) + space.Law(negative)).Mass(0));
    }

    [Fact]
    public void Two_uniforms_sum_to_a_triangle() =>
        Gen.Double[-0.5, 2.5].Sample(z => Near(Math.Max(0, 1 - Math.Abs(z - 1)), Convolution.At(_ => 1, (0, 1), _ => 1, (0, 1), z), 1e-12));

    [Fact]
    public void Gammas_of_one_rate_sum_to_a_gamma_of_the_sum_of_shapes() =>
        Gen.Select(Gen.Double[0.6, 4], Gen.Double[0.6, 4], Gen.Double[0.2, 10]).Sample((a, b, z) =>
            Near(Gamma(a + b, z), Convolution.At(x => Gamma(a, x), (0, Infinity), x => Gamma(b, x), (0, Infinity), z), 1e-7), iter: 30);

    [Fact]
    public void Normals_sum_to_a_normal_by_quadrature() =>
        Gen.Double[-6, 6].Sample(z =>
            Near(Normal(z - 1, Math.Sqrt(5)), Convolution.At(x => Normal(x, 1), (-Infinity, Infinity), x => Normal(x - 1, 2), (-Infinity, Infinity), z), 1e-9), iter: 20);

    [Fact]
    public void Normals_sum_to_a_normal_by_Fourier_transforms_to_the_last_digits()
    {
        const int Count = 200;
        double low = -15, step = 0.15;
        double[] x = [.. Enumerable.Range(0, Count).Select(i => low + (i + 0.5) * step)];
        double[] sum = Convolution.Fft([.. x.Select(at => Normal(at, 1))], [.. x.Select(at => Normal(at - 1, 2))], step);
        Assert.Equal(2 * Count - 1, sum.Length);
        for (int k = 0; k < sum.Length; k++) Near(Normal(2 * low + (k + 1) * step - 1, Math.Sqrt(5)), sum[k], 1e-11);
    }

    [Fact]
    public void The_Fourier_way_and_the_definition_give_the_same_sums() =>
        Gen.Select(Gen.Double[0, 1].Array[7], Gen.Double[0, 1].Array[7]).Sample((f, g) =>
        {
            double[] direct = [.. Enumerable.Range(0, 13).Select(k => Enumerable.Range(0, 7).Where(i => k - i is >= 0 and < 7).Sum(i => f[i] * g[k - i]) * 0.1)];
            Assert.All(direct.Zip(Convolution.Fft(f, g, 0.1)), pair => Near(pair.First, pair.Second, 1e-13));
        }, iter: 20);

    [Fact]
    public void The_change_from_x_and_y_to_x_and_their_sum_has_determinant_1()
    {
        var determinants = linalg.det(SmoothMap.Jacobian(p => stack([p.select(1, 0), p.select(1, 1) - p.select(1, 0)], dim: 1), randn(9, 2, dtype: float64)));
        Assert.True((determinants - 1).abs().max().ToDouble() < 1e-15);

        // On {z in A, x in D_z} it gives P(X + Y in A): two exponentials, A = [1, 2].
        double byArea = AdaptiveQuadrature.Iterated((z, x) => Math.Exp(-x) * Math.Exp(-(z - x)), (1, 2), (0, 2), z => [z]);
        double overAll = AdaptiveQuadrature.Integrate(z => AdaptiveQuadrature.Integrate(x => Math.Exp(-x) * Math.Exp(-(z - x)), 0, z), 1, 2);
        Near(2 * Math.Exp(-1) - 3 * Math.Exp(-2), overAll, 1e-10);
        Assert.True(byArea > overAll + 0.1);                                    // a rectangle T x A takes x outside D_z = [0, z]
    }

    [Fact]
    public void What_cannot_be_convolved_is_refused()
    {
        Refused<ArgumentException>("same places", () => Convolution.Fft([1, 2], [1], 0.1));
        Refused<ArgumentException>("at least one", () => Convolution.Fft([], [], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => Convolution.Fft([1], [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => Convolution.Fft([1], [1], double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => Convolution.Fft([1], [1], -double.NaN));
        Refused<ArgumentException>("low <= high; it was (1, 0)", () => Convolution.At(_ => 1, (1, 0), _ => 1, (0, 1), 0.5));
        Refused<ArgumentException>("low <= high", () => Convolution.At(_ => 1, (0, 1), _ => 1, (0, double.NaN), 0.5));
        Assert.Equal(0, Convolution.At(_ => 1, (0, 1), _ => 1, (0, 1), 5));
        Assert.Equal(0, Convolution.At(x => Normal(x, 1), (-Infinity, Infinity), x => Normal(x, 1), (-Infinity, Infinity), Infinity));
        Assert.Equal(double.NaN, Convolution.At(_ => 1, (0, 1), _ => 1, (0, 1), double.NaN));
    }

    private static double Gamma(double shape, double x) => MathNet.Numerics.Distributions.Gamma.PDF(shape, 1, x);

    private static double Normal(double x, double sd) => MathNet.Numerics.Distributions.Normal.PDF(0, sd, x);
}
