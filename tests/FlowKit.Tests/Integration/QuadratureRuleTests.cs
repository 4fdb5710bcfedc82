using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Tests.Integration;

public class QuadratureRuleTests
{
    private static readonly double LogI0Of1 = Math.Log(1.2660658777520084);

    // Angles of the modes: Rezende et al. 2020, section 4.
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Tori = new()
    {
        ["unimodal"] = x => Peak(x, 4.18, 5.96),
        ["multimodal"] = x => stack([Peak(x, 0.21, 2.85), Peak(x, 1.89, 6.18), Peak(x, 3.77, 1.56)]).logsumexp(0) - Math.Log(3),
        ["correlated"] = x => (x.select(1, 0) + x.select(1, 1) - 1.94).cos(),
    };

    [Theory, InlineData("unimodal", 4.147583, 3.254803, 0.47183, 0.4944), InlineData("multimodal", 4.147583, 3.602380, 0.07983, 0.8753), InlineData("correlated", 3.911668, 3.465279, 0.23591, 0.7032)]
    public void The_torus_targets_have_their_known_truths(string name, double logZ, double entropy, double uniformKl, double uniformEss) =>
        Check(QuadratureRule.Torus(100), Tori[name], 4 * Math.PI * Math.PI, logZ, entropy, uniformKl, uniformEss);

    [Fact]
    public void The_torus_normalizers_are_those_in_closed_form()
    {
        Assert.Equal(2 * (Math.Log(2 * Math.PI) + LogI0Of1), QuadratureRule.Torus(64).LogNormalizer(Tori["multimodal"]), 1e-12);
        Assert.Equal(2 * Math.Log(2 * Math.PI) + LogI0Of1, QuadratureRule.Torus(64).LogNormalizer(Tori["correlated"]), 1e-12);
        Assert.Equal(Math.Log(2 * Math.PI) + LogI0Of1, QuadratureRule.Circle(64).LogNormalizer(x => x.select(1, 0).cos()), 1e-12);
    }

    [Fact]
    public void The_sphere_target_has_its_known_truths()
    {
        Check(QuadratureRule.Sphere(64), OnSphere, 4 * Math.PI, 10.921586, 1.758875, 1.565730, 0.3694);
        Assert.Equal(Math.Log(4 * 4 * Math.PI * Math.Sinh(10) / 10), QuadratureRule.Sphere(64).LogNormalizer(OnSphere), 1e-12);
    }

    // The integral of x_1^a x_2^b ... over S^D, all powers even: 2 prod Γ((a + 1)/2) / Γ(sum of (a + 1)/2).
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void The_rule_of_every_sphere_is_exact_for_polynomials(int dimension)
    {
        using var rule = QuadratureRule.Sphere(5, dimension);
        Assert.Equal((dimension + 1, 2 * Math.Pow(5, dimension)), (rule.Dimensions, rule.Count));
        Assert.InRange((rule.Points().norm(1) - 1).abs().max().ToDouble(), 0, 1e-14);
        foreach (var (first, second) in ((int, int)[])[(0, 0), (2, 0), (4, 2), (2, 6), (1, 2), (3, 5)])
        {
            double[] halves = [.. Enumerable.Range(0, dimension + 1).Select(i => ((i == 0 ? second : i == dimension ? first : 0) + 1) / 2.0)];
            double expected = first % 2 + second % 2 > 0 ? 0 : 2 * Math.Exp(halves.Sum(MathNet.Numerics.SpecialFunctions.GammaLn) - MathNet.Numerics.SpecialFunctions.GammaLn(halves.Sum()));
            Assert.Equal(expected, rule.Integrate(x => x.select(1, dimension).pow(first) * x.select(1, 0).pow(second)), 1e-12 * (1 + expected));
        }
    }

    [Fact]
    public void The_four_bumps_on_S3_have_their_known_normalizer()
    {
        var means = tensor(new[] { 1.0, 0, 0, 0, 0.6, 0.8, 0, 0, 0, 0, -1, 0, 0.5, -0.5, 0.5, -0.5 }, [4, 4]);
        using var rule = QuadratureRule.Sphere(32, dimension: 3);
        Assert.Equal(10.649667, rule.LogNormalizer(x => (x.mm(means.t()) * 10).logsumexp(1)), 5e-7);
    }

    [Fact]
    public void A_sphere_has_a_dimension_and_a_resolution()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => QuadratureRule.Sphere(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => QuadratureRule.Sphere(0, 3));
        string message = Assert.Throws<ArgumentException>("resolution", () => QuadratureRule.Sphere(dimension: 5)).Message;
        Assert.Contains("resolution 64 in dimension 5 makes 2 * 64^5 = 2.15E+09 points; at most 1E+08 are possible, a resolution of up to 34 there", message);
        Assert.Throws<ArgumentException>("resolution", () => QuadratureRule.Sphere(int.MaxValue, 1));
        using var single = QuadratureRule.Sphere(1, 3);
        Assert.Equal(2 * Math.PI * Math.PI, single.Integrate(x => ones_like(x.select(1, 0))), 1e-12);
    }

    [Fact]
    public void The_sphere_rule_is_exact_for_polynomials()
    {
        var rule = QuadratureRule.Sphere(4);
        Assert.Equal(32, rule.Count);
        Assert.Equal(4 * Math.PI, rule.Integrate(x => x.square().sum(1)), 1e-13);
        Assert.Equal(4 * Math.PI / 5, rule.Integrate(x => x.select(1, 2).pow(4)), 1e-13);
        Assert.Equal(4 * Math.PI / 105, rule.Integrate(x => x.square().prod(1)), 1e-13);
        Assert.Equal(0, rule.Integrate(x => x.select(1, 0).pow(3) * x.select(1, 1)), 1e-13);
    }

    [Theory, InlineData(1, 4, 1.87750, 2.66001), InlineData(2, 4, 2.08209, 2.58209), InlineData(3, 4, 2.64171, 2.62671), InlineData(4, 4, 2.68457, 2.76618),
        InlineData(1, 6, 1.87750, 2.66001), InlineData(2, 6, 2.48755, 2.98755), InlineData(3, 6, 3.04717, 2.97279), InlineData(4, 6, 3.11616, 3.23463)]
    public void The_energies_of_planar_flows_have_their_known_truths(int energy, double side, double logZ, double entropy)
    {
        var rule = QuadratureRule.Rectangle((-side, side), (-side, side), 400);
        double seen = rule.LogNormalizer(x => -Energy(energy, x));
        Assert.Equal(logZ, seen, 6e-6);
        Assert.Equal(entropy, seen + rule.Integrate(x => (-Energy(energy, x) - seen).exp() * Energy(energy, x)), 6e-6);
    }

    [Fact]
    public void The_interval_and_its_logarithm_agree_also_where_exp_overflows()
    {
        var rule = QuadratureRule.Interval((-9, 9), 1000);
        Assert.Equal(0.5 * Math.Log(2 * Math.PI), rule.LogNormalizer(x => x.select(1, 0).square() * -0.5), 1e-12);
        Assert.Equal(0.5 * Math.Log(2 * Math.PI) + 5000, rule.LogNormalizer(x => x.select(1, 0).square() * -0.5 + 5000), 1e-9);
        Assert.Equal(0.5 * Math.Log(2 * Math.PI) - 5000, rule.LogNormalizer(x => x.select(1, 0).square() * -0.5 - 5000), 1e-9);
        Assert.Equal(double.NegativeInfinity, rule.LogNormalizer(x => full_like(x.select(1, 0), double.NegativeInfinity)));
        Assert.Equal(Math.Sqrt(2 * Math.PI), rule.Integrate(x => (x.select(1, 0).square() * -0.5).exp()), 1e-12);
    }

    [Fact]
    public void The_Gauss_rule_of_an_interval_is_exact_for_polynomials_and_for_products_of_them()
    {
        using var rule = QuadratureRule.Gauss((-1, 2), 3);
        Assert.Equal((1, 3), (rule.Dimensions, rule.Count));
        foreach (int power in (int[])[0, 1, 4, 5])
            Assert.Equal((Math.Pow(2, power + 1) - Math.Pow(-1, power + 1)) / (power + 1), rule.Integrate(x => x.select(1, 0).pow(power)), 1e-12);
        using var box = rule.Times(QuadratureRule.Gauss((0, 1), 2));
        Assert.Equal(33 / 5.0 / 4, box.Integrate(x => x.select(1, 0).pow(4) * x.select(1, 1).pow(3)), 1e-12);
    }

    [Fact]
    public void Many_points_are_taken_in_batches()
    {
        int largest = 0, calls = 0;
        double area = QuadratureRule.Rectangle((0, 2), (0, 3), 200).Integrate(x =>
        {
            (largest, calls) = ((int)Math.Max(largest, x.size(0)), calls + 1);
            return ones_like(x.select(1, 0));
        });
        Assert.Equal(6, area, 1e-10);
        Assert.True(calls > 1 && largest <= 16384);
    }

    [Fact]
    public void Rules_without_points_or_with_empty_intervals_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => QuadratureRule.Circle(0));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => QuadratureRule.Torus(0));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => QuadratureRule.Sphere(0));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => QuadratureRule.Interval((0, 1), 0));
        Assert.Throws<ArgumentException>("x", () => QuadratureRule.Interval((1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>("nodes", () => QuadratureRule.Gauss((0, 1), 0));
        Assert.Throws<ArgumentException>("x", () => QuadratureRule.Gauss((1, 1)));
        Assert.Contains("(64,)", Assert.Throws<ArgumentException>("f", () => QuadratureRule.Circle(64).Integrate(x => x)).Message);
    }

    [Fact]
    public void Two_von_Mises_laws_are_the_unimodal_target()
    {
        var p = new VonMises().Fixed(tensor([4.18, 5.96]), tensor([1.0, 1.0]));
        p.to(float64);
        Assert.Equal(3.254803, p.Entropy().ToDouble(), 5e-7);
    }

    private static void Check(QuadratureRule rule, Func<Tensor, Tensor> logF, double volume, double logZ, double entropy, double uniformKl, double uniformEss)
    {
        double seen = rule.LogNormalizer(logF);
        Assert.Equal(logZ, seen, 6e-7);
        Assert.Equal(entropy, seen - rule.Integrate(x => (logF(x) - seen).exp() * logF(x)), 6e-7);
        Assert.Equal(uniformKl, seen - Math.Log(volume) - rule.Integrate(logF) / volume, 6e-6);
        Assert.Equal(uniformEss, 1 / (volume * rule.Integrate(x => ((logF(x) - seen) * 2).exp())), 6e-5);
    }

    private static Tensor Peak(Tensor x, double a, double b) => (x.select(1, 0) - a).cos() + (x.select(1, 1) - b).cos();

    // Spherical (azimuth, polar angle) of the four centers.
    private static Tensor OnSphere(Tensor x)
    {
        (double Azimuth, double Polar)[] centers = [(0.7, 1.5), (-1, 1), (0.6, 0.5), (-0.7, 4)];
        var mu = stack(centers.Select(c => tensor([Math.Cos(c.Azimuth) * Math.Sin(c.Polar), Math.Sin(c.Azimuth) * Math.Sin(c.Polar), Math.Cos(c.Polar)])));
        return (x.matmul(mu.transpose(0, 1)) * 10).logsumexp(1);
    }

    // Rezende, Mohamed 2015, table 1.
    private static Tensor Energy(int which, Tensor x)
    {
        var (a, b) = (x.select(1, 0), x.select(1, 1));
        var w1 = (a * (Math.PI / 2)).sin();
        return which switch
        {
            1 => Half((x.square().sum(1).sqrt() - 2) / 0.4) - LogAdd(Half((a - 2) / 0.6), Half((a + 2) / 0.6)),
            2 => Half((b - w1) / 0.4),
            3 => -LogAdd(Half((b - w1) / 0.35), Half((b - w1 + Half((a - 1) / 0.6).neg().exp() * 3) / 0.35)),
            _ => -LogAdd(Half((b - w1) / 0.4), Half((b - w1 + ((a - 1) / 0.3).sigmoid() * 3) / 0.35)),
        };

        static Tensor Half(Tensor t) => t.square() / 2;
        static Tensor LogAdd(Tensor s, Tensor t) => logaddexp(-s, -t);
    }
}
