using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Integration;

namespace FlowKit.Tests.Data;

public class TorusEnergyTests
{
    [Theory]
    [InlineData(0, 4.147583, 3.254803, 0.47183, 0.4944)]
    [InlineData(1, 4.147583, 3.602380, 0.07983, 0.8753)]
    [InlineData(2, 3.911668, 3.465279, 0.23591, 0.7032)]
    public void The_papers_targets_have_known_normalizers_entropies_and_distances_from_the_uniform_law(int i, double logZ, double entropy, double kl, double ess)
    {
        var target = TorusEnergy.All[i];
        using var torus = QuadratureRule.Torus();
        Assert.Equal(logZ, target.LogNormalizer, 6e-7);
        Assert.Equal(target.LogNormalizer, torus.LogNormalizer(target.LogDensity), 1e-12);
        Assert.Equal(entropy, target.Entropy, 6e-7);
        Assert.Equal(target.Entropy, -torus.Integrate(x => target.LogProb(x).exp() * target.LogProb(x)), 1e-9);

        const double uniform = -2 * 1.8378770664093453;                                    // -2 ln 2 pi
        Assert.Equal(kl, torus.Integrate(x => (uniform - target.LogProb(x)) * Math.Exp(uniform)), 6e-6);
        Assert.Equal(ess, Math.Exp(uniform) / torus.Integrate(x => (target.LogProb(x) * 2).exp()), 6e-5);       // (E w)² / E w² of w = p / u is 1 / ∫ p² / u
    }

    [Fact]
    public void The_densities_are_those_of_the_paper_at_a_point()
    {
        const double a = 0.7, b = 5.1;
        var x = tensor(new[] { a, b }, [1, 2]);
        Assert.Equal(Math.Cos(a - 4.18) + Math.Cos(b - 5.96), TorusEnergy.Unimodal.LogDensity(x).ToDouble(), 1e-12);
        double three = Math.Exp(Math.Cos(a - 0.21) + Math.Cos(b - 2.85)) + Math.Exp(Math.Cos(a - 1.89) + Math.Cos(b - 6.18)) + Math.Exp(Math.Cos(a - 3.77) + Math.Cos(b - 1.56));
        Assert.Equal(Math.Log(three / 3), TorusEnergy.Multimodal.LogDensity(x).ToDouble(), 1e-12);
        Assert.Equal(Math.Cos(a + b - 1.94), TorusEnergy.Correlated.LogDensity(x).ToDouble(), 1e-12);
        foreach (var target in TorusEnergy.All) Assert.Equal(target.LogDensity(x).ToDouble(), target.LogDensity(x + tensor(new[] { 2 * Math.PI, -4 * Math.PI })).ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(3)]
    [InlineData(40)]
    public void Other_angles_and_concentrations_have_the_normalizer_and_entropy_that_quadrature_finds(double kappa)
    {
        var mixture = new TorusEnergy("circle", tensor(new[,] { { 0.5 }, { 2 }, { 5 } }), kappa);
        var sum = TorusEnergy.OfSum("plane", mean: -1, kappa, angles: 3);
        var cube = new TorusEnergy("cube", tensor(new[,] { { 0.5, 1, 2 }, { 3, 3, 6 } }), concentration: 0.5);
        using var circle = QuadratureRule.Circle(1500);
        using var rough = QuadratureRule.Circle(80);
        using var square = rough.Times(rough);
        using var torus = square.Times(rough);
        Check(mixture, circle, 1e-9);
        Check(cube, torus, 1e-9);
        if (kappa < 10) Check(sum, torus, 1e-9);

        static void Check(TorusEnergy target, QuadratureRule rule, double tolerance)
        {
            Assert.Equal(target.LogNormalizer, rule.LogNormalizer(target.LogDensity), tolerance);
            Assert.Equal(target.Entropy, -rule.Integrate(x => target.LogProb(x).exp() * target.LogProb(x)), tolerance);
        }
    }

    [Fact]
    public void Draws_have_the_moments_and_the_mode_masses_of_the_density()
    {
        manual_seed(1);
        const int n = 40_000;
        using var torus = QuadratureRule.Torus();
        Func<Tensor, Tensor>[] statistics = [x => x.select(1, 0).cos(), x => x.select(1, 1).sin(), x => x.sum(1).cos(), x => (x.select(1, 0) - x.select(1, 1)).sin()];
        foreach (var target in TorusEnergy.All)
        {
            var draws = target.Sample(n);
            Assert.True(draws.ge(0).logical_and(draws.lt(2 * Math.PI)).all().ToBoolean());
            foreach (var f in statistics)
            {
                var mean = Estimate.Of(f(draws));
                Assert.Equal(torus.Integrate(x => target.LogProb(x).exp() * f(x)), mean.Mean, 4.5 * mean.StandardError);
            }
        }
        var drawn = ModeMasses.OnTorus(TorusEnergy.Multimodal.Sample(n), TorusEnergy.Multimodal.Means);
        var exact = ModeMasses.OnTorus(TorusEnergy.Multimodal.LogDensity, torus, TorusEnergy.Multimodal.Means);
        for (int k = 0; k < 3; k++) Assert.Equal(exact.Masses[k], drawn.Masses[k], 4.5 * drawn.StandardErrors[k] + 2e-3);
    }

    [Fact]
    public void The_divergence_of_the_uniform_law_is_the_known_one_in_either_precision()
    {
        manual_seed(2);
        var kl = TorusEnergy.Unimodal.Divergence(Uniform.Angles(2), draws: 100_000);
        Assert.Equal(0.47183, kl.Mean, 4.5 * kl.StandardError);
        var x = rand(50, 2) * 6;
        Assert.Equal(float32, TorusEnergy.Multimodal.LogDensity(x).dtype);
        Assert.True((TorusEnergy.Multimodal.LogDensity(x) - TorusEnergy.Multimodal.LogDensity(x.to(float64)).to(float32)).abs().max().ToDouble() < 1e-5);
        Assert.Throws<ArgumentException>("q", () => TorusEnergy.Unimodal.Divergence(Uniform.Angles(3)));
    }

    [Fact]
    public void What_is_no_target_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("means", () => new TorusEnergy("flat", ones(3)));
        Assert.Throws<ArgumentException>("means", () => new TorusEnergy("far", ones(3, 2) / 0));
        Assert.Throws<ArgumentNullException>("means", () => new TorusEnergy("none", null!));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new TorusEnergy("flat", ones(3, 2), 0));
        Assert.Throws<ArgumentOutOfRangeException>("angles", () => TorusEnergy.OfSum("none", 0, 1, angles: 0));
        Assert.Contains("(B, 2)", Assert.Throws<ArgumentException>("x", () => TorusEnergy.Correlated.LogDensity(ones(4, 3))).Message);
        Assert.Throws<NotSupportedException>(() => new TorusEnergy("many", ones(2, 4)).Entropy);
        Assert.Equal([0L, 2], TorusEnergy.Correlated.Means.shape);
        Assert.Throws<ArgumentException>("means", () => ModeMasses.OnTorus(TorusEnergy.Correlated.Sample(5), TorusEnergy.Correlated.Means));
        Assert.Equal([0L, 2], TorusEnergy.Correlated.Sample(0).shape);
    }
}
