using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Integration;
using FlowKit.Models;
using FlowKit.Transforms;
using MathNet.Numerics.Integration;

namespace FlowKit.Tests.Data;

public class SphereEnergyTests
{
    [Fact]
    public void The_target_on_S2_has_its_known_normalizer_entropy_mode_masses_and_distance_from_the_uniform_law()
    {
        var target = SphereEnergy.S2;
        using var sphere = QuadratureRule.Sphere(200);
        double area = Math.Log(4 * Math.PI);
        Assert.Equal(Math.Log(4 * 4 * Math.PI * Math.Sinh(10) / 10), target.LogNormalizer, 1e-12);
        Assert.Equal(target.LogNormalizer, sphere.LogNormalizer(target.LogDensity), 1e-10);
        Assert.Equal(1.758875, target.Entropy, 6e-7);
        Assert.Equal(target.Entropy, -sphere.Integrate(x => target.LogProb(x).exp() * target.LogProb(x)), 1e-9);
        Assert.Equal(1.565730, sphere.Integrate(x => -area - target.LogProb(x)) / Math.Exp(area), 2e-6);
        Assert.Equal(0.3694, Math.Exp(-area) / sphere.Integrate(x => (target.LogProb(x) * 2).exp()), 6e-5);

        double[] masses = [0.2503, 0.2502, 0.2494, 0.2500];
        var exact = ModeMasses.OnSphere(target.LogDensity, sphere, target.Means);
        for (int k = 0; k < 4; k++) Assert.Equal(masses[k], exact.Masses[k], 5e-4);
        Assert.Equal(1, exact.Masses.Sum(), 1e-12);
    }

    [Fact]
    public void The_target_on_S3_has_its_known_normalizer_and_distance_from_the_uniform_law()
    {
        var target = SphereEnergy.S3;
        using var sphere = OverS3(60);
        double area = Math.Log(2 * Math.PI * Math.PI);
        Assert.Equal(Math.Exp(area), sphere.Integrate(x => x.square().sum(1)), 1e-10);
        Assert.Equal(10.649667, target.LogNormalizer, 6e-7);
        Assert.Equal(target.LogNormalizer, sphere.LogNormalizer(target.LogDensity), 1e-9);
        Assert.Equal(target.Entropy, -sphere.Integrate(x => target.LogProb(x).exp() * target.LogProb(x)), 1e-7);
        Assert.Equal(0.2318, Math.Exp(-area) / sphere.Integrate(x => (target.LogProb(x) * 2).exp()), 6e-5);
    }

    [Fact]
    public void The_means_are_the_papers_spherical_coordinates()
    {
        double[] s2 = [.. SphereEnergy.S2.Means[3].data<double>()], s3 = [.. SphereEnergy.S3.Means[2].data<double>()];
        Assert.Equal([Math.Sin(4) * Math.Cos(-0.7), Math.Sin(4) * Math.Sin(-0.7), Math.Cos(4)], s2, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([0.8253356149096783, -0.4838357851266309, 0.06135717012034053, 0.2845335717756053], s3, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    // One bump: Z is the sphere's share below times a one-dimensional integral over t = x·m.
    [Theory]
    [InlineData(2, 1e-4)]
    [InlineData(2, 30)]
    [InlineData(3, 0.5)]
    [InlineData(5, 7)]
    [InlineData(8, 0.0009)]
    [InlineData(8, 900)]
    public void Every_sphere_and_concentration_has_the_normalizer_of_an_integral_over_one_angle(int coordinates, double kappa)
    {
        var target = new SphereEnergy("bump", ones(1, coordinates) * 3, kappa);
        double below = 1;                                                                  // of S^(D-1): 2, 2 pi, 4 pi, ...
        for (int d = 0; d < coordinates - 1; d++) below = d switch { 0 => 2, 1 => 2 * Math.PI, _ => below * GaussLegendreRule.Integrate(a => Math.Pow(Math.Sin(a), d - 1), 0, Math.PI, 64) };
        double bump = GaussLegendreRule.Integrate(a => Math.Exp(kappa * (Math.Cos(a) - 1)) * Math.Pow(Math.Sin(a), coordinates - 2), 0, Math.PI, 1024);
        Assert.Equal(Math.Log(below * bump) + kappa, target.LogNormalizer, 1e-9 * Math.Max(1, kappa));
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(100)]
    public void The_entropy_of_a_bump_is_the_closed_form(double kappa)
    {
        double mean = kappa < 1 ? kappa / 3 : 1 / Math.Tanh(kappa) - 1 / kappa;
        var target = new SphereEnergy("bump", tensor(new[,] { { 1.0, 2, -2 } }), kappa);
        Assert.Equal(target.LogNormalizer - kappa * mean, target.Entropy, 1e-8);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Draws_have_the_moments_of_the_density(int dimension)
    {
        manual_seed(1);
        var target = dimension == 2 ? SphereEnergy.S2 : SphereEnergy.S3;
        var draws = target.Sample(40_000);
        using var sphere = dimension == 2 ? QuadratureRule.Sphere(60) : OverS3(50);
        Assert.Equal(float64, draws.dtype);
        for (int i = 0; i <= dimension; i++)
        {
            var mean = Estimate.Of(draws.select(1, i));
            Assert.Equal(sphere.Integrate(x => target.LogProb(x).exp() * x.select(1, i)), mean.Mean, 4.5 * mean.StandardError);
        }
        Assert.Empty(ModeMasses.OnSphere(draws, target.Means).Dropped());
        Assert.Equal([0L, dimension + 1], target.Sample(0).shape);
    }

    [Fact]
    public void Bumps_far_apart_have_the_entropy_of_one_and_of_the_choice()
    {
        var three = new SphereEnergy("three", tensor(new[,] { { 1.0, 0 }, { 0, 1 }, { -1, -1 } }), 200);
        var one = new SphereEnergy("one", tensor(new[,] { { 1.0, 0 } }), 200);
        Assert.Equal(one.Entropy + Math.Log(3), three.Entropy, 1e-8);
    }

    [Fact]
    public void Off_the_sphere_there_is_nothing_and_near_it_the_nearest_point_counts()
    {
        var target = SphereEnergy.S2;
        var x = target.Sample(4);
        var mixed = x.clone();
        mixed[1] = x[1] * 1.0002;
        mixed[2] = 0;
        mixed[3, 1] = double.NaN;
        mixed.requires_grad_();
        var (logDensity, logP) = (target.LogDensity(mixed), target.LogProb(mixed));
        Assert.Equal(target.LogProb(x)[0].ToDouble(), logP[0].ToDouble(), 1e-12);
        Assert.True(logDensity.narrow(0, 1, 2).eq(double.NegativeInfinity).all().ToBoolean());
        Assert.True(logP.narrow(0, 1, 2).eq(double.NegativeInfinity).all().ToBoolean());
        Assert.True(logP[3].isnan().ToBoolean());
        logP[0].backward();
        Assert.True(mixed.grad!.narrow(0, 0, 3).isfinite().all().ToBoolean());
        Assert.True(mixed.grad[0].norm().ToDouble() > 1e-3);
        Assert.InRange((target.LogProb(x * 1.00009) - target.LogProb(x)).abs().max().ToDouble(), 0, 1e-9);
    }

    [Fact]
    public void Models_on_the_sphere_have_a_divergence_and_others_are_refused()
    {
        manual_seed(3);
        var known = SphereEnergy.S2.Divergence(new UniformSphere(2), draws: 100_000);
        Assert.Equal(1.565730, known.Mean, 4.5 * known.StandardError);
        var one = new SphereEnergy("one", tensor(new[,] { { 1.0, 2, -2 } }), 5);
        Distribution[] same = [new VonMisesFisher(tensor(new[] { 1.0, 2, -2 }), 5), new Flow(Permutation.Reverse(3), new VonMisesFisher(tensor(new[] { -2.0, 2, 1 }), 5))];
        foreach (var q in same) Assert.Equal(0, one.Divergence(q.to(float64), draws: 100).Mean, 1e-12);
        Assert.True(double.IsFinite(one.Divergence(SphereFlow.Recursive(2, layers: 2, bins: 4, hidden: [4]), draws: 100).Mean));
        Assert.Contains("sphere", Assert.Throws<ArgumentException>("q", () => one.Divergence(new StandardNormal(3), draws: 100)).Message);
        Assert.Throws<ArgumentException>("q", () => one.Divergence(new Mixture([1, 1], new UniformSphere(2), new StandardNormal(3)), draws: 100));
    }

    [Fact]
    public void What_is_no_target_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("means", () => new SphereEnergy("point", ones(2, 1), 3));
        Assert.Throws<ArgumentException>("means", () => new SphereEnergy("nowhere", zeros(2, 3), 3));
        Assert.Throws<ArgumentException>("means", () => new SphereEnergy("flat", ones(3), 3));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new SphereEnergy("flat", ones(2, 3), 0));
        Assert.Throws<NotSupportedException>(() => new SphereEnergy("far", ones(2, 7), 3).Entropy);
        Assert.Contains("(B, 3)", Assert.Throws<ArgumentException>("x", () => SphereEnergy.S2.LogDensity(ones(4, 4))).Message);
    }

    // Hopf's coordinates (sqrt(1 - u) e^(i a), sqrt(u) e^(i b)), u in [0, 1]: dx = du da db / 2.
    private static QuadratureRule OverS3(int resolution)
    {
        var legendre = new GaussLegendreRule(0, 1, resolution);
        using var along = QuadratureRule.Of(tensor(legendre.Abscissas).unsqueeze(1), tensor(legendre.Weights) / 2);
        using var torus = QuadratureRule.Torus(resolution);
        using var all = along.Times(torus);
        return all.Map(p =>
        {
            var (u, a, b) = (p.select(1, 0), p.select(1, 1), p.select(1, 2));
            return stack([(1 - u).sqrt() * a.cos(), (1 - u).sqrt() * a.sin(), u.sqrt() * b.cos(), u.sqrt() * b.sin()], dim: 1);
        });
    }
}
