using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

/// <summary>Moebius maps and non-compact projections against their formulas in the paper, and as groups.</summary>
public class MoebiusTests
{
    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void The_sphere_is_carried_to_itself_and_the_center_zero_moves_nothing(int dimensions)
    {
        manual_seed(1);
        var (z, w) = (Unit(randn(50, dimensions, float64)), Unit(randn(50, dimensions, float64)) * rand(50, 1, dtype: float64) * 0.99);
        Assert.InRange(Distance(MoebiusMap.Apply(z, w).norm(1), ones(50, float64)), 0, 1e-12);
        Assert.InRange(Distance(MoebiusMap.Apply(z, zeros(dimensions, float64)), z), 0, 1e-15);
        Assert.True(Distance(MoebiusMap.Apply(z, w), z) > 0.1);
    }

    [Fact]
    public void The_map_is_that_of_its_center_turned_so_that_zero_stays()
    {
        manual_seed(2);
        var (t, v) = (rand(200, dtype: float64) * Math.Tau, randn(200, 2, float64) * (randn(200, 1, float64) * 3).exp());     // centers from 0 to the 0.99 allowed
        var w = v * 0.99 / (1 + v.norm(1, keepdim: true));
        var (y, logSlope) = new MoebiusMap().Forward(t, v);
        var (image, start) = (Complex(MoebiusMap.Apply(Point(t), w)), Complex(MoebiusMap.Apply(Point(zeros_like(t)), w)));
        Assert.InRange(Distance(exp(complex(zeros_like(y), y)).real, (image / start).real), 0, 1e-11);
        Assert.InRange(Distance(exp(complex(zeros_like(y), y)).imag, (image / start).imag), 0, 1e-11);
        Assert.InRange(Distance(logSlope, ((1 - w.square().sum(1)) / (Point(t) - w).square().sum(1)).log()), 0, 1e-10);
    }

    [Fact]
    public void A_Moebius_map_after_another_is_one_and_a_rotation()
    {
        manual_seed(3);
        var z = Unit(randn(100, 2, float64));
        var (w1, w2) = (Unit(randn(2, float64), dim: 0) * 0.8, Unit(randn(2, float64), dim: 0) * 0.6);
        var both = Complex(MoebiusMap.Apply(MoebiusMap.Apply(z, w1), w2));
        var (c1, c2) = (Complex(w1), Complex(w2));
        var w = (c1 + c2) / (c1.conj() * c2 + 1);                             // which the first map carries to w2
        var one = Complex(MoebiusMap.Apply(z, stack([w.real, w.imag], dim: 0)));
        var turn = both / one;
        Assert.InRange((turn - turn[0]).abs().max().ToDouble(), 0, 1e-13);
        Assert.Equal(1, turn[0].abs().ToDouble(), 1e-13);
        Assert.True((turn[0] - 1).abs().ToDouble() > 0.01);                   // not the map alone
    }

    [Fact]
    public void A_non_compact_projection_is_that_of_the_paper()
    {
        manual_seed(4);
        var (t, theta) = ((rand(200, dtype: float64) * 0.98 + 0.01) * Math.Tau, randn(200, 2, float64) * 3);
        var (alpha, beta) = AlphaBeta(theta);
        var (y, logSlope) = new NonCompactProjectionMap().Forward(t, theta);
        Assert.InRange(Distance(y, (alpha * (t / 2 - Math.PI / 2).tan() + beta).atan() * 2 + Math.PI), 0, 1e-10);
        var reciprocal = (1 + beta.square()) / alpha * (t / 2).sin().square() + alpha * (t / 2).cos().square() - beta * t.sin();
        Assert.InRange(Distance(logSlope, -reciprocal.log()), 0, 1e-9);
    }

    [Fact]
    public void Non_compact_projections_are_closed_under_composition_and_are_Moebius_maps()
    {
        manual_seed(5);
        var map = new NonCompactProjectionMap();
        var (t, first, second) = (rand(200, dtype: float64) * Math.Tau, randn(200, 2, float64), randn(200, 2, float64));
        var ((a1, b1), (a2, b2)) = (AlphaBeta(first), AlphaBeta(second));
        var (y, logSlope) = map.Forward(t, first);
        var (z, more) = map.Forward(y, second);
        var (alpha, beta) = (a1 * a2, a2 * b1 + b2);
        var (one, slope) = ProjectiveCircle.Bend(t, stack([alpha, beta], dim: 1));
        Assert.InRange(Distance(z, one), 0, 1e-11);
        Assert.InRange(Distance(logSlope + more, slope), 0, 1e-11);

        // 1/f' = A - B cos t - beta sin t is (1 + r² - 2 w z)/(1 - r²) of the center w.
        var whole = ((1 + beta.square()) / alpha + alpha) / 2;
        var w = stack([((1 + beta.square()) / alpha - alpha) / 2, beta], dim: 1) / (whole + 1).unsqueeze(1);
        var (image, start) = (Complex(MoebiusMap.Apply(Point(t), w)), Complex(MoebiusMap.Apply(Point(zeros_like(t)), w)));
        Assert.InRange(Distance((image / start).real, one.cos()), 0, 1e-10);
        Assert.InRange(Distance((image / start).imag, one.sin()), 0, 1e-10);
    }

    [Fact]
    public void Centers_that_do_not_lie_inside_the_disc_are_refused()
    {
        var z = Unit(randn(4, 2, float64));
        foreach (double length in (double[])[1, 1.5, double.NaN, double.PositiveInfinity])
            Assert.Contains("inside the open unit ball", Assert.Throws<ArgumentException>("w", () => MoebiusMap.Apply(z, tensor([length, 0]))).Message);
        Assert.Contains("(4, 2)", Assert.Throws<ArgumentException>("w", () => MoebiusMap.Apply(z, zeros(3, float64))).Message);
        Assert.Throws<ArgumentException>("w", () => MoebiusMap.Apply(z, zeros(3, 2, float64)));
        Assert.Throws<ArgumentNullException>("z", () => MoebiusMap.Apply(null!, zeros(2, float64)));
    }

    [Fact]
    public void Points_off_the_sphere_are_refused_and_rounded_ones_are_taken_for_points()
    {
        manual_seed(6);
        var (z, w) = (Unit(randn(6, 3, float64)), Unit(randn(3, float64), dim: 0) * 0.7);
        Assert.InRange(Distance(MoebiusMap.Apply(z * 1.00005, w), MoebiusMap.Apply(z, w)), 0, 1e-14);
        Assert.True(MoebiusMap.Apply(z * double.NaN, w).isnan().all().ToBoolean());
        Assert.InRange(Distance(MoebiusMap.Apply(tensor(new long[] { 0, 1, 0 }), w), MoebiusMap.Apply(tensor([0.0, 1, 0]), w)), 0, 0);
        foreach (var off in (Tensor[])[z * 2, z.view(2, 3, 3) * 2, z[0] * 2])
            Assert.Contains("z has norm 2 in row 0", Assert.Throws<ArgumentException>("z", () => MoebiusMap.Apply(off, w)).Message);
        z[4] *= 0.5;
        Assert.Contains("z has norm 0.5 in row 4", Assert.Throws<ArgumentException>("z", () => MoebiusMap.Apply(z.view(2, 3, 3), w)).Message);
    }

    private static (Tensor Alpha, Tensor Beta) AlphaBeta(Tensor theta)
    {
        var (a, b) = (theta.select(1, 0), theta.select(1, 1));
        return ((a / (1 + a.abs() / NonCompactProjectionMap.MostLogAlpha)).exp(), b / (1 + b.abs() / NonCompactProjectionMap.MostBeta));
    }

    private static Tensor Unit(Tensor x, int dim = 1) => x / x.norm(dim, keepdim: true);

    private static Tensor Point(Tensor t) => stack([t.cos(), t.sin()], dim: 1);

    private static Tensor Complex(Tensor points) => complex(points.select(-1, 0), points.select(-1, 1));
}
