using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class RecursiveSphereTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void It_starts_at_the_identity_and_keeps_unit_norms(long dimension)
    {
        var f = new RecursiveSphere(dimension, new CircularRationalQuadraticMap(Rotates: true));
        var x = Points(200, dimension).to(float32);
        var (z, logDet) = f.Forward(x);
        Assert.InRange(Distance(z, x), 0, 1e-5);
        Assert.InRange(Distance(logDet, zeros(200)), 0, 1e-5);

        f = Shaken(dimension);
        x = Points(200, dimension);
        foreach (var y in (Tensor[])[f.Forward(x).Z, f.Inverse(x).X])
            Assert.InRange(Distance(y.norm(1), ones(200)), 0, 1e-14);
    }

    // Central differences along the tangents, so that neither autograd nor the projection has a part in it.
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void The_log_det_is_that_of_finite_differences_between_the_tangent_spaces(long dimension)
    {
        const double h = 1e-5;
        var f = Shaken(dimension);
        var x = Points(50, dimension);
        var (z, logDet) = f.Forward(x);
        var columns = Space.Sphere.Tangent(x).unbind(1).Select(e => (f.Forward(Moved(x, e * h)).Z - f.Forward(Moved(x, e * -h)).Z) / (2 * h)).ToArray();
        var jacobian = Space.Sphere.Tangent(z).matmul(stack(columns, dim: 2));
        Assert.InRange(logDet.abs().max().ToDouble(), 0.3, 20);
        Assert.InRange((linalg.slogdet(jacobian).Item2 - logDet).abs().median().ToDouble(), 0, 1e-7);      // a spline has kinks in its slope
        Assert.InRange(Distance(linalg.slogdet(jacobian).Item2, logDet), 0, 1e-3);
    }

    [Fact]
    public void On_the_circle_it_is_the_circle_map()
    {
        manual_seed(1);
        var map = new CircularRationalQuadraticMap(6, Rotates: true);
        var (f, plain) = (Shaken(new RecursiveSphere(1, map, hidden: []), 0.5), new ElementwiseTransform(map, [1]));
        plain.to(float64);
        using (no_grad()) plain.parameters().Single().copy_(Linear(f, 0, ones(1, 1, dtype: float64)).mT);
        var angle = rand(50, 1, dtype: float64) * (2 * Math.PI);
        var ((z, logDet), (turned, slope)) = (f.Forward(Circle(angle)), plain.Forward(angle));
        Assert.InRange(Distance(z, Circle(turned)), 0, 1e-13);
        Assert.InRange(Distance(logDet, slope), 0, 1e-12);

        static Tensor Circle(Tensor angle) => cat([angle.cos(), angle.sin()], dim: 1);
    }

    // D = 2 by hand: no factor of the surface element, a spline of the height, a circle map given it.
    [Fact]
    public void On_the_sphere_it_is_a_spline_of_the_height_and_a_circle_map_given_it()
    {
        manual_seed(2);
        var map = new CircularRationalQuadraticMap(5);
        var f = Shaken(new RecursiveSphere(2, map, bins: 6, hidden: []), 0.5);
        var x = Points(30, 2);
        var (r, angle) = (x.narrow(1, 2, 1), atan2(x.narrow(1, 1, 1), x.narrow(1, 0, 1)));

        var (height, slope) = new IntervalRationalQuadraticMap(6, Low: -1, High: 1).Forward(r, Linear(f, 0, ones_like(r)).unsqueeze(2));
        var (turned, turn) = map.Forward(angle, Linear(f, 1, r).unsqueeze(2));
        var radius = (1 - height.square()).sqrt();

        var (z, logDet) = f.Forward(x);
        Assert.InRange(Distance(z, cat([radius * turned.cos(), radius * turned.sin(), height], dim: 1)), 0, 1e-12);
        Assert.InRange(Distance(logDet, (slope + turn).squeeze(1)), 0, 1e-11);
    }

    // Beside a pole the height rounds to 1; what it lost must not be missed.
    [Theory, InlineData(2, 1), InlineData(3, 1), InlineData(3, -1), InlineData(5, 1)]
    public void At_the_poles_and_beside_them_values_and_gradients_are_finite_and_exact(long dimension, double side)
    {
        var f = Shaken(dimension);
        double[] distances = [0, 1e-300, 1e-20, 1e-12, 1e-9, 1e-6, 1e-4];
        var direction = Points(1, dimension - 1).expand(distances.Length, -1);
        var radius = tensor(distances, dtype: float64).unsqueeze(1);
        var x = cat([direction * radius, (1 - radius.square()).sqrt() * side], dim: 1);
        foreach (bool forward in (bool[])[true, false])
        {
            var (z, logDet) = Finite(f, x, forward);
            Assert.InRange(z.select(1, -1)[0].ToDouble() * side, 1 - 1e-15, 1);
            Assert.InRange(Distance((forward ? f.Inverse(z) : f.Forward(z)).Item1, x), 0, 1e-13);
            Assert.InRange((logDet.narrow(0, 3, 4) - logDet[5]).abs().max().ToDouble(), 0, 1e-3);      // one limit, along one meridian
            Assert.True(logDet.narrow(0, 0, 3).isfinite().all().ToBoolean());

            f.to(float32);
            var (single, singleDet) = Finite(f, x.to(float32), forward);
            f.to(float64);
            Assert.InRange(Distance(single, z), 0, 1e-5);
            Assert.InRange(Distance(singleDet.narrow(0, 5, 2), logDet.narrow(0, 5, 2)), 0, 1e-3);
        }

        static (Tensor, Tensor) Finite(RecursiveSphere f, Tensor x, bool forward)
        {
            f.zero_grad();
            var at = x.detach().clone().requires_grad_();
            var (y, logDet) = forward ? f.Forward(at) : f.Inverse(at);
            (y.sum() + logDet.sum()).backward();
            foreach (var gradient in f.parameters().Select(parameter => parameter.grad!).Append(at.grad!))
                Assert.True(gradient.isfinite().all().ToBoolean());
            return (y.detach(), logDet.detach());
        }
    }

    [Fact]
    public void Gradients_are_right_on_the_equator_too()
    {
        const double h = 1e-6;
        var f = Shaken(3);
        var at = tensor(new[,] { { 0.6, 0.8, 0, 0 }, { -0.8, 0.6, 0, 0 }, { 0.48, 0.64, 0.6, 0 }, { 0.48, 0.64, 0, -0.6 } }, dtype: float64).requires_grad_();
        f.Forward(at).LogDet.sum().backward();
        foreach (var e in Space.Sphere.Tangent(at.detach()).unbind(1))
        {
            using var none = no_grad();
            var slope = (f.Forward(Moved(at, e * h)).LogDet - f.Forward(Moved(at, e * -h)).LogDet) / (2 * h);
            Assert.InRange(Distance((at.grad! * e).sum(1), slope), 0, 1e-6);
        }
    }

    [Fact]
    public void Points_off_the_sphere_are_refused_with_their_norm_and_nearer_ones_projected()
    {
        var f = Shaken(2);
        var x = Points(5, 2);
        var off = x.clone();
        off[3] = off[3] * 1.5;
        foreach (var (name, call) in new (string, Action)[] { ("x", () => f.Forward(off)), ("z", () => f.Inverse(off)), ("z", () => f.Inverted.Forward(off)) })
            Assert.Contains("has norm 1.5 in row 3; expected points of the unit sphere, norm 1", Assert.Throws<ArgumentException>(name, call).Message);
        Assert.Contains("norm 0 in row 0", Assert.Throws<ArgumentException>("x", () => f.Forward(zeros_like(x))).Message);
        Assert.Throws<ArgumentException>("x", () => f.Forward(x * 1.00011));
        Assert.InRange(Distance(f.Forward(x * 1.00009).Z, f.Forward(x).Z), 0, 1e-12);
        Assert.InRange(Distance(f.Forward(x * 0.99991).LogDet, f.Forward(x).LogDet), 0, 1e-10);

        x[1, 0] = double.NaN;
        Assert.True(f.Forward(x).Z[1].isnan().all().ToBoolean());
        Assert.True(f.Forward(x).LogDet[1].isnan().ToBoolean());
        Assert.True(f.Forward(x).Z.narrow(0, 2, 3).isfinite().all().ToBoolean());
    }

    [Fact]
    public void Sizes_without_a_sphere_are_refused()
    {
        var map = new CircularRationalQuadraticMap();
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new RecursiveSphere(0, map));
        Assert.Throws<ArgumentNullException>("circle", () => new RecursiveSphere(2, null!));
        Assert.Throws<ArgumentOutOfRangeException>("Bins", () => new RecursiveSphere(2, map, bins: 1));
        Assert.Throws<ArgumentOutOfRangeException>("hidden", () => new RecursiveSphere(2, map, hidden: [0]));
        Assert.Contains("expected (B, 3)", Assert.Throws<ArgumentException>("x", () => new RecursiveSphere(2, map).Forward(ones(1, 2))).Message);
    }

    // What a network without hidden layers gives.
    private static Tensor Linear(RecursiveSphere f, int network, Tensor x)
    {
        var parameters = f.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        return nn.functional.linear(x, parameters[$"networks.{network}.layers.0.weight"], parameters[$"networks.{network}.layers.0.bias"]);
    }

    private static RecursiveSphere Shaken(long dimension)
    {
        manual_seed(dimension);
        return Shaken(new RecursiveSphere(dimension, new CircularRationalQuadraticMap(5, Rotates: true), bins: 6, hidden: [8], activation: Activation.Tanh), 0.5);
    }

    private static RecursiveSphere Shaken(RecursiveSphere f, double by) => Expect.Shaken(f, by);

    private static Tensor Points(long rows, long dimension) => nn.functional.normalize(randn([rows, dimension + 1], dtype: float64));

    private static Tensor Moved(Tensor x, Tensor by) => nn.functional.normalize(x + by);
}
