using CsCheck;
using FlowKit.Integration;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.12 to 1.14 in the plane: area, linear and curved maps.</summary>
public class PolygonTests
{
    private static readonly Polygon Square = new((0, 0), (1, 0), (1, 1), (0, 1));

    private static Gen<Polygon> Triangle => Fraction.Array[6].Where(c => (c[2] - c[0]) * (c[5] - c[1]) != (c[4] - c[0]) * (c[3] - c[1]))
        .Select(c => new Polygon((c[0], c[1]), (c[2], c[3]), (c[4], c[5])));

    [Fact]
    public void A_linear_map_multiplies_areas_by_its_determinant() =>
        Gen.Select(Triangle, Fraction.Array[6]).Sample((polygon, t) =>
            Assert.Equal(Rational.Abs(t[0] * t[3] - t[1] * t[2]) * polygon.Area, polygon.Map(t[0], t[1], t[2], t[3], t[4], t[5]).Area));

    [Fact]
    public void Known_areas_come_out()
    {
        Assert.Equal(1, Square.Area);
        Assert.Equal(new Rational(3, 4), new Polygon((0, 0), (1, 0), (1, 1), (new(1, 2), new(1, 2)), (0, 1)).Area);   // a bite taken out, not convex
        Assert.Equal(new Rational(1, 2), new Polygon((0, 0), (0, 1), (1, 0)).Area);                                // clockwise
    }

    [Fact]
    public void A_polygon_through_the_rows_of_a_tensor_has_their_exact_numbers()
    {
        var polygon = Polygon.Through(tensor(new[,] { { 0.0, 0.0 }, { 0.5, 0.0 }, { 0.5, 0.25 } }));
        Assert.Equal(new Rational(1, 16), polygon.Area);
        Assert.Equal((new(1, 2), new(1, 4)), polygon.Corners[2]);
        Assert.Equal(new Rational(1, 2), Polygon.Through(tensor(new[,] { { 0, 0 }, { 1, 0 }, { 0, 1 } })).Area);
        Assert.Contains("(3, 3)", Assert.Throws<ArgumentException>("corners", () => Polygon.Through(zeros(3, 3))).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>("corners", () => Polygon.Through(full(3, 2, float.NaN))).Message);
        Assert.Throws<ArgumentException>("corners", () => Polygon.Through(zeros(2, 2)));
    }

    [Fact]
    public void A_curved_map_multiplies_area_by_the_integral_of_its_Jacobian_and_not_by_its_value_at_a_point()
    {
        // f(x, y) = (x^2 + y, y) on the unit square is injective with det J = 2x, between 0 and 2. Each edge's image is cut into 64 chords.
        Rational Fold(Rational x, Rational y) => x * x + y;
        (Rational, Rational)[] boundary = [.. Side(t => (t, 0)), .. Side(t => (1, t)), .. Side(t => (1 - t, 1)), .. Side(t => (0, 1 - t))];
        double area = (double)new Polygon(boundary).Area;
        double integral = Quadrature.Integrate(x => 2 * x.select(1, 0), (0, 1), (0, 1), 20);
        Near(1, integral, 1e-12);
        Near(integral, area, 1e-4);
        Assert.All((double[])[0.1, 0.9], x => Assert.True(Math.Abs(2 * x - area) > 0.5));

        IEnumerable<(Rational, Rational)> Side(Func<Rational, (Rational X, Rational Y)> at) =>
            Enumerable.Range(0, 64).Select(k => at(new(k, 64))).Select(p => (Fold(p.X, p.Y), p.Y));
    }

    [Fact]
    public void The_disc_has_the_area_pi_in_polar_coordinates_with_the_Jacobian_r()
    {
        Near(Math.PI, Quadrature.Integrate(PolarJacobian, (0, 1), (0, Math.Tau), 40), 1e-10);
        Near(Math.PI, (double)new Polygon(Enumerable.Range(0, 200).Select(k => Math.SinCos(Math.Tau * k / 200)).Select(p => (Rational.FromDouble(p.Cos), Rational.FromDouble(p.Sin)))).Area, 1e-3);

        static Tensor PolarJacobian(Tensor at) => linalg.det(SmoothMap.Jacobian(
            p => stack([p.select(1, 0) * p.select(1, 1).cos(), p.select(1, 0) * p.select(1, 1).sin()], dim: 1), at)).abs();
    }

    [Fact]
    public void Where_a_map_is_not_injective_the_integral_of_the_Jacobian_counts_each_value_as_often_as_it_is_taken()
    {
        // f(x) = x^2 on [-1, 1] covers (0, 1] twice: its image has length 1, the integral of |f'| is 2.
        double jacobian = AdaptiveQuadrature.Integrate(x => Math.Abs(2 * x), -1, 1, 0);
        double counted = AdaptiveQuadrature.Integrate(y => Enumerable.Range(0, 2).Count(side => Math.Abs(side == 0 ? Math.Sqrt(y) : -Math.Sqrt(y)) <= 1), 0, 1);
        Near(2, jacobian, 1e-12);
        Near(jacobian, counted, 1e-12);
    }

    [Fact]
    public void What_is_no_polygon_is_refused()
    {
        Refused<ArgumentException>("at least 3 corners", () => _ = new Polygon((0, 0), (1, 1)));
        Refused<ArgumentException>("does not meet itself", () => _ = new Polygon((0, 0), (1, 1), (1, 0), (0, 1)));
        Refused<ArgumentException>("point of the plane", () => _ = new Polygon((0, 0), (1, 1), (Rational.Infinity, 0)));
        Refused<ArgumentException>("finite numbers", () => Square.Map(1, 0, Rational.Infinity, 1));
    }

    [Fact]
    public void A_polygon_that_touches_itself_is_refused_as_its_two_halves_may_cancel()
    {
        Refused<ArgumentException>("does not meet itself; its edges 0 and 4", () => _ = new Polygon((0, 0), (1, 1), (2, 2), (2, 0), (1, 1), (0, 2)));     // two triangles crossing at a corner: shoelace 0
        Refused<ArgumentException>("does not meet itself", () => _ = new Polygon((0, 0), (2, 2), (2, 0), (1, 1), (0, 2)));                 // the same, a corner on an edge
        Refused<ArgumentException>("does not meet itself", () => _ = new Polygon((0, 0), (1, 0), (0, 1), (0, 0), (1, 0), (0, 1)));         // twice around: shoelace 1
        Refused<ArgumentException>("does not meet itself", () => _ = new Polygon((0, 0), (2, 0), (1, 0)));                                 // there and back
        Refused<ArgumentException>("does not meet itself", () => _ = new Polygon((0, 0), (1, 0), (1, 0), (0, 1)));                         // a corner named twice
        Assert.Equal(1, new Polygon((0, 0), (new(1, 2), 0), (1, 0), (1, 1), (0, 1)).Area);                                                  // a corner in the middle of a side is none of these
    }

    [Fact]
    public void A_singular_map_flattens_a_polygon_to_area_zero() => Assert.Equal(0, Square.Map(1, 2, 2, 4).Area);
}
