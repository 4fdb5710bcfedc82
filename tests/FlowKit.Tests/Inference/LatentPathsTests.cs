using FlowKit.Inference;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Inference;

public class LatentPathsTests
{
    [Fact]
    public void The_grid_is_the_formula_of_the_paper()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var z = randn(4, 6, float64);
        var grid = LatentPaths.Grid(z, side: 4);
        Assert.Equal([4, 4, 6], grid.shape);
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < 4; c++)
            {
                double phi = Math.PI / 6 * r, psi = Math.PI / 6 * c;
                var expected = (z[0] * Math.Cos(psi) + z[1] * Math.Sin(psi)) * Math.Cos(phi) + (z[2] * Math.Cos(psi) + z[3] * Math.Sin(psi)) * Math.Sin(phi);
                Assert.InRange(Distance(grid[r, c], expected), 0, 1e-14);
            }
    }

    [Fact]
    public void An_arc_of_normal_latents_stays_standard_normal()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var arc = LatentPaths.Arc(randn(20_000, float64), randn(20_000, float64), points: 5);
        Assert.Equal([5, 20_000], arc.shape);
        double fourErrors = 4 * Math.Sqrt(2.0 / 20_000);                          // of a mean of squares of standard normals
        Assert.All(arc.square().mean([1]).data<double>().ToArray(), variance => Assert.InRange(variance, 1 - fourErrors, 1 + fourErrors));
    }

    [Fact]
    public void A_line_goes_straight_from_one_to_the_other()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (a, b) = (randn(2, 3, float64), randn(2, 3, float64));
        var line = LatentPaths.Line(a, b, points: 5);
        Assert.Equal([5, 2, 3], line.shape);
        for (int i = 0; i < 5; i++) Assert.InRange(Distance(line[i], a + (b - a) * (i / 4.0)), 0, 1e-14);
        Assert.Throws<ArgumentException>("second", () => LatentPaths.Line(zeros(3), zeros(4), 2));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("expected (3,)", Assert.Throws<ArgumentException>("second", () => LatentPaths.Arc(zeros(3), zeros(4), 2)).Message);
        Assert.Contains("(4, ...)", Assert.Throws<ArgumentException>("corners", () => LatentPaths.Grid(zeros(3, 2), 2)).Message);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>("first", () => LatentPaths.Line(tensor([0L]), tensor([10L]), 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("points", () => LatentPaths.Arc(zeros(3), zeros(3), 1));
    }
}
