using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class PlanarArmTests
{
    [Fact]
    public void The_arm_of_six_links_has_its_known_normalizer() => Assert.Equal(5.2850459006, new PlanarArm().LogNormalizer, 1e-8);

    // E[exp(log p~)], E[|f - y|² / (2 sigma²)] and E[cos x_i] by uniform angles and their weights.
    [Theory]
    [InlineData(6, 3, 0, 0.2, true)]
    [InlineData(6, 3, 0, 0.2, false)]
    [InlineData(6, -1.2, 1.6, 0.5, true)]
    [InlineData(3, 0, 0, 0.3, true)]
    [InlineData(1, 0.6, -0.8, 0.4, true)]
    [InlineData(2, 1.9, 0.3, 0.1, false)]
    public void Uniform_angles_find_the_same_normalizer_entropy_and_mean_cosines(int links, double x, double y, double sigma, bool relative)
    {
        manual_seed(1);
        const int n = 1_000_000;
        var arm = new PlanarArm(links, x, y, sigma, relative);
        var angles = rand([n, links], dtype: float64, device: CPU) * (2 * Math.PI);
        var logDensity = arm.LogDensity(angles);
        var w = logDensity.exp();
        Agrees(arm.LogNormalizer - links * Math.Log(2 * Math.PI), w, ones_like(w), logarithm: true);
        Agrees(arm.Entropy - arm.LogNormalizer, -logDensity * w, w);
        for (int i = 0; i < links; i++) Agrees(arm.MeanCosines[i], angles.select(1, i).cos() * w, w);

        // A quotient of means against a number, by the spread of what is linear in both.
        static void Agrees(double expected, Tensor above, Tensor below, bool logarithm = false)
        {
            double quotient = above.mean().ToDouble() / below.mean().ToDouble(), error = (above - below * quotient).std().ToDouble() / below.mean().ToDouble() / Math.Sqrt(n);
            Assert.Equal(logarithm ? Math.Exp(expected) : expected, quotient, 4.5 * error + 1e-12);
            Assert.True(error < 0.02);
        }
    }

    [Fact]
    public void Two_links_have_the_normalizer_that_quadrature_finds()
    {
        using var torus = FlowKit.Integration.QuadratureRule.Torus(400);
        var arm = new PlanarArm(2, 0.5, 1, 0.2);
        Assert.Equal(torus.LogNormalizer(arm.LogDensity), arm.LogNormalizer, 1e-9);
        Assert.Equal(-torus.Integrate(x => arm.LogProb(x).exp() * arm.LogProb(x)), arm.Entropy, 1e-8);
        for (int i = 0; i < 2; i++) Assert.Equal(torus.Integrate(x => arm.LogProb(x).exp() * x.select(1, i).cos()), arm.MeanCosines[i], 1e-8);
    }

    [Fact]
    public void Counting_angles_from_the_link_before_is_a_shear_that_leaves_normalizer_and_entropy_as_they_are()
    {
        manual_seed(2);
        var (relative, absolute) = (new PlanarArm(5, 2, 1), new PlanarArm(5, 2, 1, relative: false));
        var x = rand(20, 5, dtype: float64) * 6;
        Assert.Equal(0, (relative.LogDensity(x) - absolute.LogDensity(x.cumsum(1))).abs().max().ToDouble(), 1e-10);
        Assert.Equal(absolute.LogNormalizer, relative.LogNormalizer);
        Assert.Equal(absolute.Entropy, relative.Entropy);
        Assert.NotEqual(absolute.MeanCosines[1], relative.MeanCosines[1], 1e-3);
    }

    [Fact]
    public void Joints_are_a_link_apart_and_the_last_is_the_end()
    {
        var arm = new PlanarArm(3);
        var joints = arm.Joints(tensor(new[,] { { 0, Math.PI / 2, Math.PI / 2 } }));
        double[] expected = [0, 0, 1, 0, 1, 1, 0, 1];
        Assert.Equal(expected, [.. joints[0].flatten().data<double>()], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(joints[0, 3].npstr(), arm.End(tensor(new[,] { { 0, Math.PI / 2, Math.PI / 2 } }))[0].npstr());
        Assert.Equal(-(9 + 1) / 0.08, arm.LogDensity(tensor(new[,] { { 0, Math.PI / 2, Math.PI / 2 } })).ToDouble(), 1e-9);
        Assert.Equal(-(1 + 1) / 0.08, new PlanarArm(3, relative: false).LogDensity(tensor(new[,] { { 0, Math.PI / 2, 0 } })).ToDouble(), 1e-9);     // ends at (2, 1)
    }

    [Fact]
    public void Draws_are_of_the_density()
    {
        manual_seed(3);
        var arm = new PlanarArm();
        var draws = arm.Sample(2000);
        Assert.Equal([2000L, 6], draws.shape);
        for (int i = 0; i < 6; i++)
        {
            var cosine = Estimate.Of(draws.select(1, i).cos());
            Assert.Equal(arm.MeanCosines[i], cosine.Mean, 4.5 * cosine.StandardError);
        }
        var energy = Estimate.Of(-arm.LogDensity(draws));
        Assert.Equal(arm.Entropy - arm.LogNormalizer, energy.Mean, 4.5 * energy.StandardError);
        Assert.Equal([0L, 6], arm.Sample(0).shape);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("links", () => new PlanarArm(0));
        Assert.Contains("out of reach", Assert.Throws<ArgumentOutOfRangeException>("x", () => new PlanarArm(2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("sigma", () => new PlanarArm(6, sigma: 0));
        Assert.Throws<ArgumentOutOfRangeException>("y", () => new PlanarArm(6, y: double.NaN));
        Assert.Contains("cancel", Assert.Throws<NotSupportedException>(() => new PlanarArm(40, 40).LogNormalizer).Message);
        Assert.Contains("HamiltonianMonteCarlo", Assert.Throws<NotSupportedException>(() => new PlanarArm(8, 7.9, sigma: 0.1).Sample(1_000_000)).Message);
        Assert.Contains("(B, 6)", Assert.Throws<ArgumentException>("angles", () => new PlanarArm().End(ones(4, 3))).Message);
        Assert.Throws<ArgumentException>("angles", () => new PlanarArm().Joints(ones(4, 6, dtype: int64)));
    }
}
