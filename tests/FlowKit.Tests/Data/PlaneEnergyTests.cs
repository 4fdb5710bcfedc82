using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Integration;
using MathNet.Numerics.Integration;

namespace FlowKit.Tests.Data;

public class PlaneEnergyTests
{
    [Theory]
    [InlineData(0, 1.87750)]
    [InlineData(1, 2.14287)]
    [InlineData(2, 2.70249)]
    [InlineData(3, 2.76076)]
    public void The_normalizers_with_the_wall_are_known(int i, double logZ) => Assert.Equal(logZ, PlaneEnergy.All[i].LogNormalizer, 6e-6);

    [Theory]
    [InlineData(4, 0, 1.87750, 2.66001)]
    [InlineData(4, 1, 2.08209, 2.58209)]
    [InlineData(4, 2, 2.64171, 2.62671)]
    [InlineData(4, 3, 2.68457, 2.76618)]
    [InlineData(6, 0, 1.87750, 2.66001)]
    [InlineData(6, 1, 2.48755, 2.98755)]
    [InlineData(6, 2, 3.04717, 2.97279)]
    [InlineData(6, 3, 3.11616, 3.23463)]
    public void The_normalizers_and_entropies_in_a_box_are_known(double half, int i, double logZ, double entropy)
    {
        var target = PlaneEnergy.All[i].Within(half);
        Assert.Equal(logZ, target.LogNormalizer, 1.5e-5);
        Assert.Equal(entropy, target.Entropy, 1.5e-5);
    }

    // In a box wide enough across, U2 is uniform along z_1 and normal around its sine.
    [Fact]
    public void The_sine_wave_has_a_normalizer_in_closed_form() =>
        Assert.Equal(Math.Log(8) + Math.Log(0.4 * Math.Sqrt(2 * Math.PI)), PlaneEnergy.U2.Within(4).LogNormalizer, 1e-9);

    [Fact]
    public void Another_quadrature_gives_the_same_normalizers()
    {
        var rule = new GaussLegendreRule(-6, 6, 700);
        using var axis = QuadratureRule.Of(tensor(rule.Abscissas).unsqueeze(1), tensor(rule.Weights));
        using var square = axis.Times(axis);
        foreach (var target in PlaneEnergy.All) Assert.Equal(target.LogNormalizer, square.LogNormalizer(target.LogDensity), 1e-5);
    }

    [Fact]
    public void The_energies_are_those_of_the_table_at_a_point()
    {
        const double x = 0.7, y = -0.4;
        double w1 = Math.Sin(2 * Math.PI * x / 4), w2 = 3 * Bell(x - 1, 0.6), w3 = 3 / (1 + Math.Exp(-(x - 1) / 0.3));
        double[] energies =
        [
            Math.Pow((double.Hypot(x, y) - 2) / 0.4, 2) / 2 - Math.Log(Bell(x - 2, 0.6) + Bell(x + 2, 0.6)),
            Math.Pow((y - w1) / 0.4, 2) / 2,
            -Math.Log(Bell(y - w1, 0.35) + Bell(y - w1 + w2, 0.35)),
            -Math.Log(Bell(y - w1, 0.4) + Bell(y - w1 + w3, 0.35)),
        ];
        var z = tensor(new[] { x, y }, [1, 2]);
        for (int i = 0; i < 4; i++) Assert.Equal(-energies[i], PlaneEnergy.All[i].LogDensity(z).ToDouble(), 1e-12);

        static double Bell(double t, double sd) => Math.Exp(-t * t / (2 * sd * sd));
    }

    [Fact]
    public void The_wall_is_soft_or_hard()
    {
        var z = tensor(new[] { 4.3, Math.Sin(Math.PI / 2 * 4.3) }, [1, 2]);
        Assert.Equal(-Math.Pow(0.3 / 0.2, 2) / 2, PlaneEnergy.U2.LogDensity(z).ToDouble(), 1e-12);
        Assert.Equal(double.NegativeInfinity, PlaneEnergy.U2.Within(4).LogDensity(z).ToDouble());
        Assert.Equal(0, PlaneEnergy.U2.Within(5).LogDensity(z).ToDouble(), 1e-12);
        Assert.Equal(PlaneEnergy.U2.LogDensity(z).ToDouble() - PlaneEnergy.U2.LogNormalizer, PlaneEnergy.U2.LogProb(z).ToDouble(), 1e-12);
    }

    [Fact]
    public void The_entropy_is_the_mean_surprise()
    {
        var target = PlaneEnergy.U4;
        Assert.Equal(target.Entropy, -Quadrature.Integrate(z => target.LogProb(z).exp() * target.LogProb(z), target.Bounds, target.Bounds, 900), 1e-6);
        Assert.Equal(1, Quadrature.Integrate(z => target.LogProb(z).exp(), target.Bounds, target.Bounds, 900), 1e-6);
    }

    // KL(N(0, s² I) || N(0, I)), the target as an energy with a shift that its normalizer takes back.
    [Fact]
    public void The_divergence_of_a_normal_law_from_another_is_the_closed_form()
    {
        manual_seed(1);
        const double s = 0.7;
        var target = new PlaneEnergy("bowl", z => z.square().sum(1) / 2 + 3, half: 10);
        var q = new Normal().Fixed(zeros(2), full(2, s));
        var kl = target.Divergence(q, draws: 50_000);
        Assert.Equal(Math.Log(2 * Math.PI) - 3, target.LogNormalizer, 1e-9);
        Assert.Equal(2 * (s * s / 2 - 0.5 - Math.Log(s)), kl.Mean, 4.5 * kl.StandardError);
        Assert.Throws<ArgumentException>("q", () => target.Divergence(new StandardNormal(3)));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => target.Divergence(q, draws: 1));
    }

    [Fact]
    public void What_is_no_energy_is_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("energy", () => new PlaneEnergy("none", null!));
        Assert.Throws<ArgumentOutOfRangeException>("half", () => new PlaneEnergy("flat", z => z.sum(1) * 0, half: 0));
        Assert.Throws<ArgumentOutOfRangeException>("wall", () => PlaneEnergy.U1.Within(4, wall: -1));
        Assert.Contains("(3, 2)", Assert.Throws<ArgumentException>("energy", () => new PlaneEnergy("square", z => z.square()).LogDensity(zeros(3, 2))).Message);
        Assert.Contains("(B, 2)", Assert.Throws<ArgumentException>("x", () => PlaneEnergy.U1.LogDensity(zeros(3, 3))).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("energy", () => new PlaneEnergy("root", z => z.select(1, 0).sqrt()).LogNormalizer).Message);
    }
}
