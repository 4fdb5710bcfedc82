using FlowKit.Data;
using FlowKit.Inference;

namespace FlowKit.Tests.Inference;

public class LangevinTests
{
    // z' = (1 - h) z + sqrt(2 h) e: variance 1 / (1 - h / 2).
    [Fact]
    public void The_rule_has_the_stationary_variance_of_its_recursion()
    {
        manual_seed(1);
        const double h = 0.4;
        const int chains = 100_000;
        var z = Langevin.Run(z => z.square().sum(1) * -0.5, randn(chains, 1, float64) * 3 + 1, h, steps: 40);
        double variance = z.var().ToDouble(), exact = 1 / (1 - h / 2);
        Assert.Equal(exact, variance, 4.5 * exact * Math.Sqrt(2.0 / chains));
        Assert.Equal(0, z.mean().ToDouble(), 4.5 * Math.Sqrt(exact / chains));
    }

    [Fact]
    public void From_a_standard_normal_the_diffusion_reaches_the_stationary_density_of_Fokker_and_Planck()
    {
        manual_seed(2);
        var target = PlaneEnergy.U1;
        var start = randn(20_000, 2);
        var before = HistogramKl.Of(start, target.LogProb, target.Bounds);
        var after = HistogramKl.Of(Langevin.Run(target.LogDensity, start, step: 0.005, steps: 600), target.LogProb, target.Bounds);
        Assert.True(before.Divergence > 0.5);
        Assert.InRange(after.Divergence, after.Floor / 2, after.Floor + 0.01);
    }

    [Fact]
    public void No_step_leaves_the_points_where_they_are()
    {
        var start = randn(3, 2);
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(Langevin.Run(z => z.sum(1), start, 0.1, steps: 0), start));
    }

    [Fact]
    public void What_is_no_log_density_is_refused_by_name_and_gradients_stay_as_they_were()
    {
        Func<Tensor, Tensor> log = z => z.square().sum(1) * -0.5;
        var start = ones(4, 2);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("logDensity", () => Langevin.Run(z => (z.sum(1) - 5).sqrt(), start, 0.1, 3)).Message);
        Assert.Contains("(4, 2)", Assert.Throws<ArgumentException>("logDensity", () => Langevin.Run(z => z, start, 0.1, 3)).Message);
        Assert.Contains("gradient", Assert.Throws<ArgumentException>("logDensity", () => Langevin.Run(z => zeros(4), start, 0.1, 3)).Message);
        Assert.Contains("too long", Assert.Throws<ArgumentException>("step", () => Langevin.Run(z => -z.pow(4).sum(1), start * 100, 1, 50)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("step", () => Langevin.Run(log, start, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => Langevin.Run(log, start, 0.1, -1));
        Assert.Throws<ArgumentException>("start", () => Langevin.Run(log, start / 0, 0.1, 3));
        Assert.Throws<ArgumentException>("start", () => Langevin.Run(log, ones(4), 0.1, 3));
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void A_histogram_of_the_law_itself_is_as_far_as_chance_makes_it()
    {
        manual_seed(3);
        var law = new Banana();
        var kl = HistogramKl.Of(law.Sample(200_000), x => law.LogProb(x), (-6, 10), cells: 30);
        Assert.InRange(kl.Divergence, 0.7 * kl.Floor, 1.3 * kl.Floor);
    }

    // Half of the draws in each of two cells, against 3/4 and 1/4.
    [Fact]
    public void A_histogram_of_two_cells_is_the_closed_form()
    {
        var draws = tensor(new[] { -0.5, 0.1, 0.5, 0.1, -0.5, -0.1, 0.5, -0.1 }, [4, 2]);
        Func<Tensor, Tensor> law = x => where(x.select(1, 0).lt(0), full_like(x.select(1, 0), Math.Log(3.0 / 8)), full_like(x.select(1, 0), Math.Log(1.0 / 8)));
        var kl = HistogramKl.Of(draws, law, (-1, 1), cells: 2);
        Assert.Equal((Math.Log(0.25 / 0.375) + Math.Log(0.25 / 0.125)) / 2, kl.Divergence, 1e-12);

        var outside = HistogramKl.Of(cat([draws, full([1, 2], 9.0, dtype: float64)]), x => law(x) - Math.Log(2), (-1, 1), cells: 2);
        Assert.Equal(0.4 * Math.Log(0.2 / 0.1875) + 0.4 * Math.Log(0.2 / 0.0625) + 0.2 * Math.Log(0.2 / 0.5), outside.Divergence, 1e-12);
    }

    [Fact]
    public void Draws_and_densities_that_do_not_fit_are_refused_by_name()
    {
        var law = new Banana();
        Assert.Throws<ArgumentException>("draws", () => HistogramKl.Of(randn(5, 3), x => law.LogProb(x), (-1, 1)));
        Assert.Throws<ArgumentException>("draws", () => HistogramKl.Of(randn(5, 2) / 0, x => law.LogProb(x), (-1, 1)));
        Assert.Throws<ArgumentException>("bounds", () => HistogramKl.Of(randn(5, 2), x => law.LogProb(x), (1, 1)));
        Assert.Contains("normalized", Assert.Throws<ArgumentException>("logProb", () => HistogramKl.Of(randn(5, 2), x => law.LogProb(x) + 3, (-6, 10))).Message);
    }
}
