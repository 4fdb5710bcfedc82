using CsCheck;
using FlowKit.Integration;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>(1.27) to (1.29): laws of functions that are not injective, by sums and integrals over fibres; and Kendall's distribution.</summary>
public class FibreTests
{
    private static readonly (double, double) Turn = (0, Math.Tau), Line = (double.NegativeInfinity, double.PositiveInfinity);

    [Fact]
    public void The_length_of_a_normal_vector_of_the_plane_has_Rayleighs_density() =>
        Gen.Double[0.01, 6].Sample(y => Near(y * Math.Exp(-y * y / 2), Rayleigh(y), 1e-9), iter: 40);

    [Fact]
    public void The_sum_of_two_normals_needs_the_division_by_the_gradient() =>
        Gen.Double[-5, 5].Sample(y =>
        {
            double g = Coarea.Density(Plane, (_, _) => (1, 1), t => ((y / 2 + t, y / 2 - t), (1, -1)), Line);
            double truth = Math.Exp(-y * y / 4) / Math.Sqrt(2 * Math.Tau);
            Near(truth, g, 1e-10);
            double without = Coarea.Density(Plane, (_, _) => (1, 0), t => ((y / 2 + t, y / 2 - t), (1, -1)), Line);
            Near(Math.Sqrt(2) * truth, without, 1e-10);                         // a gradient of 1 instead of sqrt 2
        }, iter: 20);

    [Fact]
    public void The_ratio_of_two_normals_is_Cauchy() =>
        Gen.Double[-4, 4].Sample(y => Near(1 / (Math.PI * (1 + y * y)),
            Coarea.Density(Plane, (x1, x2) => (1 / x2, -x1 / (x2 * x2)), t => ((y * t, t), (y, 1)), Line), 1e-9), iter: 20);

    [Fact]
    public void A_level_curve_has_measure_zero_so_that_the_plain_integral_over_it_is_zero()
    {
        // Over the ring y < |x| < y + h the integral of f goes to 0 with h; divided by h it goes to the density.
        double[] widths = [0.1, 0.01, 0.001];
        double[] masses = [.. widths.Select(h => AdaptiveQuadrature.Integrate(r => AdaptiveQuadrature.Integrate(t => Plane(r * Math.Cos(t), r * Math.Sin(t)) * r, 0, Math.Tau), 1, 1 + h))];
        Assert.All(masses.Zip(widths), pair => Assert.True(pair.First < pair.Second));
        Assert.All(masses.Zip(widths), pair => Near(Rayleigh(1), pair.First / pair.Second, pair.Second));
    }

    [Fact]
    public void A_discrete_function_of_a_continuous_variable_has_the_integrals_over_its_fibres_as_masses()
    {
        // floor(X) of an exponential X is geometric.
        var law = DistributionFunction.WithDensity(x => Math.Exp(-x), 0, double.PositiveInfinity);
        for (int k = 0; k < 10; k++)
        {
            Near((1 - Math.Exp(-1)) * Math.Exp(-k), law.Measure(LineSet.RightOpen(k, k + 1)), 1e-10);
            Near((1 - Math.Exp(-1)) * Math.Exp(-k), law.Integral(x => Math.Floor(x) == k ? 1 : 0, breaks: [k, k + 1]), 1e-10);
        }
    }

    [Fact]
    public void Expectation_of_a_continuous_variable_comes_out_the_same_in_four_ways()
    {
        // E X² for an exponential X: over outcomes w in (0, 1) with X(w) the quantile; by F; by the density; by the law of Y = X².
        var law = DistributionFunction.WithDensity(x => Math.Exp(-x), 0, double.PositiveInfinity);
        var square = DistributionFunction.WithDensity(y => Math.Exp(-Math.Sqrt(y)) / (2 * Math.Sqrt(y)), 0, double.PositiveInfinity);
        Near(2, AdaptiveQuadrature.Integrate(w => Math.Pow(Math.Log(1 - w), 2), 0, 1), 1e-8);
        Near(2, law.Integral(x => x * x), 1e-9);
        Near(2, AdaptiveQuadrature.Integrate(x => x * x * Math.Exp(-x), 0, double.PositiveInfinity), 1e-9);
        Near(2, square.Integral(y => y), 1e-8);
        Gen.Double[0.02, 0.98].Sample(w => Near(-Math.Log(1 - w), law.Quantile(w), 1e-8), iter: 10);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Kendalls_distribution_of_independent_components_fits_draws(int dimensions)
    {
        manual_seed(dimensions);
        const int Count = 4000;
        double[] values = Kendall.Pseudo(randn(Count, dimensions));
        double distance = values.Select((w, i) => (w, Share: (i + 1.0) / Count)).Where(one => one.w > 0.02).Max(one => Math.Abs(one.Share - Kendall.Independent(one.w, dimensions)));
        Assert.InRange(distance, 0, 0.045);                                     // a sample tells no F apart below a few 1 / N; above, about 1.63 / sqrt N and the error of F

        Near(1 - Math.Pow(2, -dimensions), AdaptiveQuadrature.Integrate(t => Kendall.Independent(t, dimensions), 0, 1), 1e-8);   // E F(X) = 2^-d
    }

    [Fact]
    public void The_joint_distribution_function_at_its_own_vector_is_not_uniform_in_two_dimensions()
    {
        Assert.Equal(0.5 + 0.5 * Math.Log(2), Kendall.Independent(0.5), 1e-15);
        manual_seed(2);
        var x = randn(4000, 2);
        double[] joint = Kendall.Pseudo(x), margin = Kendall.Pseudo(x.narrow(1, 0, 1));
        Near(0.5, margin.Count(w => w <= 0.5) / 4000.0, 1e-3);
        Near(Kendall.Independent(0.5), joint.Count(w => w <= 0.5) / 4000.0, 0.03);
    }

    [Fact]
    public void Kendalls_distribution_of_comonotone_components_is_uniform() =>
        Assert.All(Kendall.Pseudo(arange(1, 101, dtype: float64).unsqueeze(1).expand(100, 2)).Select((w, i) => (w, i)), one => Near((one.i + 1) / 100.0, one.w, 1e-15));

    [Fact]
    public void Kendalls_distribution_refuses_what_is_no_sample()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimensions", () => Kendall.Independent(0.5, 0));
        Refused<ArgumentException>("expected (B, *)", () => Kendall.Pseudo(randn(3)));
        Refused<ArgumentException>("at least one row", () => Kendall.Pseudo(zeros(0, 2)));
        Refused<ArgumentException>("at least one component", () => Kendall.Pseudo(zeros(3, 0)));
        Refused<ArgumentException>("holds NaN", () => Kendall.Pseudo(full(3, 2, double.NaN)));
        Refused<ArgumentException>("expected real numbers", () => Kendall.Pseudo(ones(3, 2, dtype: complex64)));
        Assert.Equal((0, 1), (Kendall.Independent(-1), Kendall.Independent(2)));
    }

    [Fact]
    public async Task Kendalls_distribution_of_very_many_components_is_1_and_comes_at_once() =>
        Near(1, await InTime(() => Kendall.Independent(0.5, int.MaxValue), seconds: 2), 1e-14);

    private static double Rayleigh(double y) => Coarea.Density(Plane, Unit, t => ((y * Math.Cos(t), y * Math.Sin(t)), (-y * Math.Sin(t), y * Math.Cos(t))), Turn);

    private static double Plane(double x1, double x2) => Math.Exp(-(x1 * x1 + x2 * x2) / 2) / Math.Tau;

    private static (double, double) Unit(double x1, double x2) => (x1 / Math.Sqrt(x1 * x1 + x2 * x2), x2 / Math.Sqrt(x1 * x1 + x2 * x2));
}
