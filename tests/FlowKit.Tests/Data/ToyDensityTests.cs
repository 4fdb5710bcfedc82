using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Models;

namespace FlowKit.Tests.Data;

public class ToyDensityTests
{
    [Fact]
    public void The_ring_of_eight_has_the_known_truths()
    {
        var ring = new GaussianRing();
        Assert.Equal(1.69806, ring.Entropy, 5e-6);
        Assert.Equal(3.55083, ring.BestGaussianNll, 5e-6);
        Assert.Equal(0.31215, new GaussianRing(sd: 0.1).Entropy, 5e-6);
    }

    [Fact]
    public void The_entropies_in_closed_form_are_known()
    {
        Assert.Equal(2.837877, new Banana().Entropy, 1e-6);
        Assert.Equal(2.837877, new Banana(bend: 2, shift: -3).Entropy, 1e-6);
        Assert.Equal(Math.Log(8), new Checkerboard().Entropy, 1e-12);
    }

    [Theory]
    [InlineData(8, 2, 0.02)]
    [InlineData(8, 2, 0.01)]
    [InlineData(5, 10, 0.05)]
    public void Far_apart_Gaussians_have_the_entropy_of_one_and_of_the_choice(int modes, double radius, double sd) =>
        Assert.Equal(Math.Log(modes) + Math.Log(2 * Math.PI * Math.E * sd * sd), new GaussianRing(modes, radius, sd).Entropy, 1e-8);

    [Fact]
    public void Noise_too_fine_for_a_grid_is_refused() =>
        Assert.Contains("cells per side", Assert.Throws<NotSupportedException>(() => new GaussianRing(sd: 0.001).Entropy).Message);

    [Theory]
    [InlineData(0.1, 0.3, 0.8)]
    [InlineData(0.03, 0, 1.1)]
    [InlineData(0.03, 0.98, -0.05)]
    public void The_moons_density_is_that_of_a_fine_sum_along_the_arcs(double sd, double x, double y)
    {
        const int points = 2_000_000;
        var moons = new TwoMoons(sd);
        double[] at = [x, y];
        double sum = 0;
        for (int i = 0; i < points; i++)
        {
            double a = Math.PI * (i + 0.5) / points;
            sum += Kernel(at[0] - Math.Cos(a), at[1] - Math.Sin(a)) + Kernel(at[0] - 1 + Math.Cos(a), at[1] - 0.5 + Math.Sin(a));
        }
        Assert.Equal(Math.Log(sum / (2.0 * points)), moons.LogProb(tensor(at).unsqueeze(0)).ToDouble(), 1e-9);

        double Kernel(double dx, double dy) => Math.Exp(-(dx * dx + dy * dy) / (2 * sd * sd)) / (2 * Math.PI * sd * sd);
    }

    [Fact]
    public void A_single_gaussian_fitted_to_draws_reaches_the_rings_gaussian_truth()
    {
        manual_seed(5);
        var x = new GaussianRing().Sample(100_000).to(float64);
        var covariance = (x - x.mean([0])).transpose(0, 1).mm(x - x.mean([0])) / x.size(0);
        double nll = 0.5 * linalg.slogdet(covariance).Item2.ToDouble() + Math.Log(2 * Math.PI * Math.E);
        Assert.Equal(new GaussianRing().BestGaussianNll, nll, 4.5 * 0.005);   // sd of the log-det at this size is below 0.005
    }

    // -E[log q] of N(0, s²) under the banana: ln 2 pi s² + (1 + Var x2 + (E x2)²) / 2 s², with x2 = e2 + e1²/2 - 1.
    [Fact]
    public void The_cross_entropy_of_a_Gaussian_under_the_banana_is_known()
    {
        manual_seed(6);
        var banana = new Banana();
        double truth = Math.Log(2 * Math.PI) + (1 + 1.5 + 0.25) / 2;
        var estimate = banana.CrossEntropy(new StandardNormal(2), draws: 100_001);
        Assert.Equal(100_001, estimate.Count);
        Assert.InRange(estimate.Mean - truth, -4 * estimate.StandardError, 4 * estimate.StandardError);
        Assert.InRange(estimate.StandardError, 0.001, 0.01);

        var itself = banana.CrossEntropy(new Banana());
        Assert.Equal(banana.Entropy, itself.Mean, 1e-12);
        Assert.Equal(0, itself.StandardError, 1e-12);
    }

    [Fact]
    public void The_cross_entropy_leaves_a_model_in_its_mode_and_refuses_other_events()
    {
        var flow = RealNvp.Create(features: 2, layers: 1);
        flow.train();
        new Banana().CrossEntropy(flow, draws: 10);
        Assert.True(flow.training);
        Assert.Contains("events (3)", Assert.Throws<ArgumentException>("model", () => new Banana().CrossEntropy(new StandardNormal(3))).Message);
        Assert.Throws<ArgumentException>("model", () => new Banana().CrossEntropy(RealNvp.Create(features: 2, contextShape: 1)));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => new Banana().CrossEntropy(flow, draws: 1));
    }

    // Read rightly, an affine coupling reaches the entropy, and so does the banana's additive one; E[e^{a x1}] = e^{a²/2} is what the heteroscedastic one lacks. Read wrongly: known values.
    [Theory]
    [InlineData(null, 0, 2.837877, 2.837877)]
    [InlineData(null, 1, 3.040610, 2.921813)]
    [InlineData(1.0, 0, 2.837877 + 0.25, 2.837877)]
    [InlineData(2.0, 0, 2.837877 + 1, 2.837877)]
    [InlineData(1.0, 1, 2.940199, 2.922140)]
    public void The_best_single_couplings_are_known(double? strength, int reads, double additive, double affine)
    {
        ToyDensity density = strength is { } a ? new Heteroscedastic(a) : new Banana();
        var floors = density.SingleCouplingFloors(reads);
        Assert.Equal(additive, floors.Additive, 2e-6);
        Assert.Equal(affine, floors.Affine, 2e-6);
    }

    [Fact]
    public void A_single_coupling_reads_one_of_two_features_of_a_density_that_the_grid_resolves()
    {
        Assert.Throws<ArgumentOutOfRangeException>("reads", () => new Banana().SingleCouplingFloors(reads: 2));
        Assert.Contains("too fine", Assert.Throws<NotSupportedException>(() => new Checkerboard().SingleCouplingFloors(reads: 0)).Message);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("modes", () => new GaussianRing(modes: 0));
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new GaussianRing(radius: -1));
        Assert.Throws<ArgumentOutOfRangeException>("sd", () => new GaussianRing(sd: 0));
        Assert.Throws<ArgumentOutOfRangeException>("sd", () => new TwoMoons(sd: 0.001));
        Assert.Throws<ArgumentOutOfRangeException>("bend", () => new Banana(bend: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("squares", () => new Checkerboard(squares: 3));
        Assert.Throws<ArgumentOutOfRangeException>("side", () => new Checkerboard(side: 0));
        Assert.Throws<NotSupportedException>(() => new GaussianRing(modes: 2).BestGaussianNll);
    }

    [Fact]
    public void Quadrature_refuses_what_is_no_box_and_no_function()
    {
        Assert.Throws<ArgumentException>("x", () => Quadrature.Integrate(x => x.sum(1), (1, 1), (0, 1)));
        Assert.Throws<ArgumentException>("y", () => Quadrature.Integrate(x => x.sum(1), (0, 1), (0, double.PositiveInfinity)));
        Assert.Contains("(100, 2)", Assert.Throws<ArgumentException>("f", () => Quadrature.Integrate(x => x, (0, 1), (0, 1), resolution: 10)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => Quadrature.Integrate(x => x.sum(1), (0, 1), (0, 1), resolution: 0));
    }

    [Fact]
    public void Quadrature_leaves_no_tensor_behind()
    {
        long before = FlowKit.Laws.Expect.LiveTensors;
        Quadrature.Integrate(x => x.sum(1), (0, 1), (0, 1), resolution: 10);
        Quadrature.Evaluate(x => x.sum(1), (0, 1), (0, 1), resolution: 10);
        Assert.Equal(before, FlowKit.Laws.Expect.LiveTensors);
    }

    [Fact]
    public void Quadrature_evaluates_row_by_row_from_the_lower_left()
    {
        double[] values = Quadrature.Evaluate(x => x.select(1, 0) + 10 * x.select(1, 1), (0, 2), (0, 2), resolution: 2);
        Assert.Equal([5.5, 6.5, 15.5, 16.5], values);
    }
}
