using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class CircleMapTests
{
    private static readonly Dictionary<string, CircleMap> Maps = new()
    {
        ["spline"] = new CircularRationalQuadraticMap(5),
        ["Moebius map"] = new MoebiusMap(),
        ["two Moebius maps"] = new MoebiusMap(2),
        ["twelve Moebius maps"] = new MoebiusMap(12),
        ["non-compact projection"] = new NonCompactProjectionMap(),
        ["four non-compact projections"] = new NonCompactProjectionMap(4),
        ["a map of one's own"] = new SineMap(1),
        ["three maps of one's own"] = new SineMap(3),
    };

    public static TheoryData<string> Names => [.. Maps.Keys];

    public static TheoryData<string> Smooth => [.. Maps.Keys.Where(name => name != "spline")];

    [Theory, MemberData(nameof(Names))]
    public void The_ends_stay_where_they_are_and_have_one_slope(string name)
    {
        var map = Maps[name];
        foreach (var (dtype, near, tolerance) in (ValueTuple<ScalarType, double, double>[])[(float64, 1e-9, 1e-6), (float32, 1e-5, 0.05)])
            foreach (var one in Thetas(map, dtype))
            {
                var x = tensor([0, near, Math.Tau - near, Math.Tau], dtype: dtype);
                var (y, logSlope) = map.Forward(x, one.expand(4, -1));
                double slope = logSlope[0].exp().ToDouble(), exactNear = Math.Tau - x[2].ToDouble();
                Assert.Equal(0, y[0].ToDouble());
                Assert.Equal(slope * x[1].ToDouble(), y[1].ToDouble(), slope * near * tolerance);
                Assert.Equal(slope * exactNear, Around(y[2], zeros(1, dtype)).ToDouble(), slope * near * tolerance + (dtype == float64 ? 6e-15 : 3e-6));
                Assert.InRange(Around(y[3], zeros(1, dtype)).ToDouble(), 0, dtype == float64 ? 1e-14 : 1e-6 * (1 + slope));
                Assert.InRange(Distance(logSlope, logSlope[0].expand(4)), 0, dtype == float64 ? 1e-4 : 0.5);
            }
    }

    [Theory, MemberData(nameof(Names))]
    public void Log_slopes_are_those_of_autograd_also_at_the_ends(string name)
    {
        var map = Maps[name];
        foreach (var (dtype, tolerance) in (ValueTuple<ScalarType, double>[])[(float64, 1e-9), (float32, 2e-3)])
            foreach (var one in Thetas(map, dtype))
            {
                var x = cat([rand(50, dtype: dtype) * Math.Tau, tensor([0, 1e-9, 1e-30, Math.Tau - 1e-9, Math.BitDecrement(Math.Tau), MathF.BitDecrement(MathF.Tau), Math.PI], dtype: dtype)], dim: 0).requires_grad_();
                var (y, logSlope) = map.Forward(x, one.expand(x.size(0), -1));
                Assert.InRange(Distance(autograd.grad([y.sum()], [x])[0].log(), logSlope), 0, tolerance);
            }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_circle_is_covered_once(string name)
    {
        var map = Maps[name];
        using var none = no_grad();
        foreach (var one in Thetas(map, float64))
        {
            var x = (arange(20_000, dtype: float64) + 0.5) / 20_000 * Math.Tau;
            var (y, logSlope) = map.Forward(x, one.expand(20_000, -1));
            Assert.Equal(1, logSlope.exp().mean().ToDouble(), name == "spline" ? 1e-4 : 1e-9);       // the mean slope is the integral over 2 pi
            Assert.True(y.diff(dim: 0).gt(0).all().ToBoolean());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Forward_and_inverse_undo_each_other(string name)
    {
        var map = Maps[name];
        using var none = no_grad();
        foreach (var one in Thetas(map, float64))
        {
            var y = cat([rand(60, dtype: float64) * Math.Tau, tensor([0, 1e-9, Math.Tau - 1e-9, Math.BitDecrement(Math.Tau)])], dim: 0);
            var theta = one.expand(64, -1);
            var (x, logSlope) = map.Inverse(y, theta);
            Assert.True(x.ge(0).logical_and(x.lt(Math.Tau)).all().ToBoolean());
            var (again, forward) = map.Forward(x, theta);
            Assert.True(Around(again, y).le((forward.exp() + 1) * 2e-14).all().ToBoolean(), $"{Around(again, y).max().ToDouble()}");
            Assert.InRange(Distance(forward, -logSlope), 0, 1e-7);

            var single = map.Inverse(y.to(float32), theta.to(float32)).X;
            Assert.True(Around(map.Forward(single, theta.to(float32)).Y, y.to(float32)).le((forward.exp() + 1) * 2e-5).all().ToBoolean());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Gradients_through_the_inverse_are_those_of_finite_differences(string name)
    {
        var map = Maps[name] with { Rotates = true };
        manual_seed(3);
        var (y, theta) = ((rand(4, 2, dtype: float64) * 0.9 + 0.05) * Math.Tau, randn(4, map.ParameterCount, 2, float64));
        var (a, b) = (randn(4, 2, float64), randn(4, 2, float64));
        foreach (bool inverse in (bool[])[true, false])
        {
            Tensor[] at = [y.clone().requires_grad_(), theta.clone().requires_grad_()];
            var gradients = autograd.grad([Value(at[0], at[1])], at);
            foreach (var (part, gradient) in at.Zip(gradients))
            {
                var direction = randn_like(part).detach();
                double slope = (gradient * direction).sum().ToDouble(), difference = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
                Assert.True(Math.Abs(slope - difference) < 1e-6 * (1 + Math.Abs(difference)), $"{slope} and {difference}");

                double Moved(double step)
                {
                    using var none = no_grad();
                    var moved = part + direction * step;
                    return (ReferenceEquals(part, at[0]) ? Value(moved, at[1]) : Value(at[0], moved)).ToDouble();
                }
            }

            Tensor Value(Tensor y, Tensor theta)
            {
                var (x, logSlope) = inverse ? map.Inverse(y, theta) : map.Forward(y, theta);
                return (a * x.cos() + b * logSlope).sum();
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void It_starts_at_the_identity_or_near_it_with_maps_that_differ(string name)
    {
        var map = Maps[name];
        bool isOne = name is not ("two Moebius maps" or "twelve Moebius maps" or "four non-compact projections" or "three maps of one's own");
        var theta = zeros(50, map.ParameterCount, float64).requires_grad_();
        var x = linspace(0.1, 6, 50, dtype: float64);
        var (y, logSlope) = map.Forward(x, theta);
        Assert.InRange(Distance(y, x), 0, isOne ? 1e-12 : 0.4);
        Assert.InRange(logSlope.abs().max().ToDouble(), 0, isOne ? 1e-12 : 0.7);
        var gradient = autograd.grad([(y.cos() + logSlope.sin()).sum()], [theta])[0].sum(dim: 0);
        Assert.True(gradient.isfinite().all().ToBoolean());
        if (map is MoebiusMap { Centers: > 1 } many)
            Assert.True((gradient.narrow(0, many.Centers, many.Centers).unsqueeze(0) - gradient.narrow(0, many.Centers, many.Centers).unsqueeze(1) + eye(many.Centers, dtype: float64)).abs().min().ToDouble() > 1e-9);
    }

    [Theory, MemberData(nameof(Smooth))]
    public void Log_slopes_have_no_kink_at_the_seam(string name)
    {
        var map = Maps[name];
        manual_seed(4);
        var theta = randn(1, map.ParameterCount, float64);
        Assert.Equal(Slope(1e-9), Slope(Math.Tau - 1e-9), 1e-5);

        double Slope(double at)
        {
            var x = full(1, at, dtype: float64).requires_grad_();
            return autograd.grad([map.Forward(x, theta).LogSlope.sum()], [x])[0].ToDouble();
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_rotation_adds_its_angle(string name)
    {
        var (map, turned) = (Maps[name], Maps[name] with { Rotates = true });
        manual_seed(5);
        var (x, theta, angle) = (rand(9, dtype: float64) * Math.Tau, randn(9, map.ParameterCount, float64), randn(9, 1, float64) * 5);
        var (y, logSlope) = map.Forward(x, theta);
        var (z, turnedSlope) = turned.Forward(x, cat([theta, angle], dim: 1));
        Assert.InRange(Around(z, new PhaseShift().Forward(y, angle).Y).max().ToDouble(), 0, 1e-14);
        Assert.InRange(Around(z, y + angle.squeeze(1)).max().ToDouble(), 0, 1e-14);
        Assert.InRange(Distance(turnedSlope, logSlope), 0, 0);
        Assert.True(z.ge(0).logical_and(z.lt(Math.Tau)).all().ToBoolean());
    }

    [Theory, MemberData(nameof(Names))]
    public void Angles_of_any_range_are_taken_and_NaN_stays_NaN(string name)
    {
        var map = Maps[name];
        manual_seed(6);
        var (x, theta) = (rand(9, dtype: float64) * Math.Tau, randn(9, map.ParameterCount, float64));
        foreach (double turns in (double[])[-3, 1, 50])
        {
            Assert.InRange(Around(map.Forward(x + turns * Math.Tau, theta).Y, map.Forward(x, theta).Y).max().ToDouble(), 0, 1e-11);
            Assert.InRange(Around(map.Inverse(x + turns * Math.Tau, theta).X, map.Inverse(x, theta).X).max().ToDouble(), 0, 1e-11);
        }
        foreach (var (y, logSlope) in (ValueTuple<Tensor, Tensor>[])[map.Forward(x * double.NaN, theta), map.Inverse(x * double.NaN, theta)])
            Assert.True(y.isnan().all().ToBoolean() && logSlope.isnan().all().ToBoolean());
    }

    [Theory, MemberData(nameof(Names))]
    public void No_theta_gives_NaN(string name)
    {
        var map = Maps[name];
        foreach (var dtype in (ScalarType[])[float64, float32])
            foreach (double size in (double[])[1e-30, 50, 1e6])
            {
                manual_seed(7);
                var x = tensor([0, 1e-9, 1, 3, 6.28, Math.Tau, -1, 100], dtype: dtype).requires_grad_();
                var theta = (randn(8, map.ParameterCount, float64) * size).to(dtype).requires_grad_();
                foreach (bool forward in (bool[])[true, false])
                {
                    var (y, logSlope) = forward ? map.Forward(x, theta) : map.Inverse(x, theta);
                    Assert.True(y.isfinite().all().ToBoolean() && logSlope.isfinite().all().ToBoolean());
                    Assert.All(autograd.grad([y.sum() + logSlope.sum()], [x, theta]), gradient => Assert.True(gradient.isfinite().all().ToBoolean()));
                }
            }
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Centers", () => new MoebiusMap(0));
        Assert.Throws<ArgumentOutOfRangeException>("Components", () => new NonCompactProjectionMap(-1));
    }

    // The three kinds of theta: moderate, far out, and at its start.
    private static IEnumerable<Tensor> Thetas(CircleMap map, ScalarType dtype)
    {
        foreach (double size in (double[])[0, 1, 1, 4])
        {
            manual_seed((int)(10 + size));
            yield return (randn(1, map.ParameterCount, float64) * size).to(dtype);
        }
    }

    // The way from one angle to another on the circle.
    private static Tensor Around(Tensor a, Tensor b) => ((a - b + Math.PI).remainder(Math.Tau) - Math.PI).abs();

    // x + c sin(x + b) - c sin(b), with the inverse that the base finds.
    private sealed record SineMap(int Count) : CircleMap
    {
        protected override int Terms => Count;

        protected override int TermParameters => 2;

        protected override double Start(int parameter, int term) => 0.2 * (parameter + term);

        protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters)
        {
            var (c, b) = (parameters.select(1, 0).tanh() * 0.9, parameters.select(1, 1));
            return (x + c * ((x + b).sin() - b.sin()), (c * (x + b).cos()).log1p());
        }
    }
}
