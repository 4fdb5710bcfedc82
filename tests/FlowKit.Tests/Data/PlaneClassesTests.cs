using FlowKit.Data;
using FlowKit.Integration;

namespace FlowKit.Tests.Data;

public class PlaneClassesTests
{
    [Fact]
    public void Each_density_of_the_four_has_mass_one_and_its_entropy_by_quadrature()
    {
        foreach (var density in PlaneClasses.Four().Classes)
        {
            density.to(float64);
            Assert.Equal(1, Quadrature.Integrate(x => density.LogProb(x).exp(), (-9, 9), (-9, 9), resolution: 500), 1e-6);
            Assert.Equal(density.Entropy, -Quadrature.Integrate(
                x => density.LogProb(x).exp() * density.LogProb(x).clamp_min(-700), (-9, 9), (-9, 9), resolution: 500), 1e-5);
        }
    }

    [Fact]
    public void The_posterior_is_how_often_a_point_near_there_is_of_the_class()
    {
        manual_seed(2);
        var plane = PlaneClasses.Four();
        var (x, label) = plane.Sample(200_000);
        var posterior = plane.Posterior(x);
        for (int c = 0; c < 4; c++)
        {
            var is_c = label.eq(c).to(float64);
            Assert.Equal(0.25, is_c.mean().ToDouble(), 4.5 * Math.Sqrt(0.1875 / 200_000));
            var unsure = posterior.select(1, c).gt(0.2).logical_and(posterior.select(1, c).lt(0.8));
            long count = unsure.sum().ToInt64();
            Assert.True(count > 2000);                                        // the classes overlap
            Assert.Equal(posterior.select(1, c)[unsure].mean().ToDouble(), is_c[unsure].mean().ToDouble(), 4.5 * 0.5 / Math.Sqrt(count));
        }
    }

    [Fact]
    public void A_turn_by_the_distance_changes_no_entropy_and_none_of_it_is_a_normal_law()
    {
        manual_seed(3);
        Assert.Equal(new Spiral(1, 0.3, 0).Entropy, new Spiral(1, 0.3, 5).Entropy, 1e-12);
        var straight = new Spiral(2, 0.5, 0);
        straight.to(float64);
        var x = randn(50, 2, dtype: float64);
        var normal = (x.select(1, 0) / 2).square() * -0.5 - (x.select(1, 1) / 0.5).square() * 0.5 - Math.Log(Math.Tau);
        Assert.True(straight.LogProb(x).allclose(normal, atol: 1e-10));
    }

    [Fact]
    public void A_segments_draws_have_its_radius_and_its_angle()
    {
        manual_seed(4);
        var x = new RingSegment(radius: 2, sd: 0.2, angle: 1 + 2 * Math.PI, width: 0.5).Sample(100_000).to(float64);
        Assert.Equal(2, x.square().sum(1).sqrt().mean().ToDouble(), 4.5 * 0.2 / Math.Sqrt(100_000));
        Assert.Equal(1, atan2(x.select(1, 1), x.select(1, 0)).mean().ToDouble(), 4.5 * 0.5 / Math.Sqrt(100_000));
    }

    [Fact]
    public void Bad_numbers_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new RingSegment(radius: 1, sd: 0.2));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new RingSegment(width: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => new Spiral(length: 0));
        Assert.ThrowsAny<ArgumentException>(() => new Spiral(twist: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => new PlacedDensity(new Banana(), scale: 0));
        Assert.Throws<ArgumentException>("classes", () => new PlaneClasses(new Banana()));
    }
}
