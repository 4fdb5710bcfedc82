using CsCheck;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class SplineTests
{
    private static readonly RationalQuadraticSpline[] Splines =
    [
        new(2, -3, 3, SplineEnds.Identity), new(8, -5, 5, SplineEnds.Identity), new(5, -1, 2, SplineEnds.Free), new(6, 0, Math.Tau, SplineEnds.Glued),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Splines.Length)];

    [Fact]
    public void A_tensor_changed_in_place_before_backward_gives_NaN_gradients_and_ends_nothing()
    {
        using var scope = NewDisposeScope();
        var x = randn([4, 1], dtype: float64);
        var theta = randn([4, 23, 1], dtype: float64, requires_grad: true);
        var (value, logSlope) = new RationalQuadraticMap().Forward(x, theta);
        x.add_(1);
        (value.sum() + logSlope.sum()).backward();
        Assert.True(theta.grad!.isnan().all().ToBoolean());
    }

    [Fact]
    public void A_gradient_can_be_differentiated_again_and_again()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn([4, 1], dtype: float64).requires_grad_();
        var theta = randn([4, 23, 1], dtype: float64);
        var (value, _) = new RationalQuadraticMap().Forward(x, theta);
        var first = autograd.grad([value.sum()], [x], create_graph: true, retain_graph: true)[0];
        var second = autograd.grad([first.sum()], [x], create_graph: true, retain_graph: true)[0];
        const double h = 1e-5;
        var numeric = (Slope(x.detach() + h) - Slope(x.detach() - h)) / (2 * h);
        Assert.InRange(Distance(second, numeric), 0, 1e-5);

        Tensor Slope(Tensor at) => new RationalQuadraticMap().Forward(at, theta).LogSlope.exp();
    }

    [Theory, MemberData(nameof(Each))]
    public void The_loop_and_the_tensor_operations_agree_in_values_and_gradients(int which) =>
        Gen.Select(Gen.Double[0, 5], Gen.Int, Gen.Bool).Sample((size, seed, inverse) =>
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            var spline = Splines[which];
            var (x, theta) = Inputs(spline, size, float64, inverse, atKnots: false);   // at a knot the second derivative jumps
            Assert.True(SplineFunction.Takes(x, theta));
            var loop = SplineFunction.Apply(spline, x, theta, inverse);
            var tensors = SplineKernels.Apply(spline, x, theta, inverse);
            Assert.InRange(Distance(loop.Value, tensors.Value), 0, 1e-9);
            Assert.InRange(Distance(loop.LogSlope.nan_to_num(neginf: 0), tensors.LogSlope.nan_to_num(neginf: 0)), 0, 1e-9);
            var weight = randn_like(x);
            foreach (double onSlope in (double[])[0, 1, -2])
            {
                var (ours, theirs) = (Gradients(loop), Gradients(tensors));
                for (int i = 0; i < 2; i++) Assert.True(allclose(ours[i], theirs[i], 1e-6, 1e-6), $"{Distance(ours[i], theirs[i])}");

                IList<Tensor> Gradients((Tensor Value, Tensor LogSlope) it) =>
                    autograd.grad([(it.Value * weight).sum() + (it.LogSlope.nan_to_num(neginf: 0) * weight.sin()).sum() * onSlope], [x, theta], retain_graph: true);
            }
        }, iter: 20, threads: 1);

    [Theory, MemberData(nameof(Each))]
    public void No_theta_and_no_point_give_NaN(int which) =>
        Gen.Select(Gen.Double[0, 50], Gen.Int, Gen.Bool, Gen.Bool).Sample((size, seed, inverse, single) =>
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            var spline = Splines[which];
            var (x, theta) = Inputs(spline, size, single ? float32 : float64, inverse);
            foreach (var apply in (Func<RationalQuadraticSpline, Tensor, Tensor, bool, (Tensor, Tensor)>[])[SplineFunction.Apply, SplineKernels.Apply])
            {
                var (y, logSlope) = apply(spline, x, theta, inverse);
                Assert.True(y.isfinite().all().ToBoolean());
                Assert.False(logSlope.isnan().any().ToBoolean());
                var inside = x.ge(spline.Low).logical_and(x.le(spline.High));
                Assert.True(logSlope[inside].isfinite().all().ToBoolean());
                Assert.True(autograd.grad([y.sum() + logSlope.sum()], [x, theta]).All(gradient => gradient.isfinite().all().ToBoolean()));
            }
        }, iter: 20, threads: 1);

    [Theory, MemberData(nameof(Each))]
    public void Forward_undoes_inverse_for_every_theta(int which) =>
        Gen.Select(Gen.Double[0, 50], Gen.Int).Sample((size, seed) =>
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            var spline = Splines[which];
            var (y, theta) = Inputs(spline, size, float64, knotsOfValues: true);
            var (x, back) = spline.Inverse(y, theta);
            var (again, there) = spline.Forward(x, theta);
            Assert.InRange(Distance(again, spline.Ends == SplineEnds.Identity ? y : y.clamp(spline.Low, spline.High)), 0, 1e-8);
            if (size < 5) Assert.InRange(Distance((there + back).nan_to_num(nan: 0, neginf: 0), zeros_like(y)), 0, 1e-6);
        }, iter: 20, threads: 1);

    [Theory, MemberData(nameof(Each))]
    public void A_gradient_can_be_differentiated_again(int which)
    {
        manual_seed(3);
        var spline = Splines[which];
        var x = (rand(7, 2, dtype: float64) * (0.9 * spline.Range) + spline.Low + 0.05 * spline.Range).requires_grad_();
        var theta = randn(7, spline.ParameterCount, 2, dtype: float64).requires_grad_();
        foreach (bool inverse in (bool[])[false, true])
        {
            var (ours, theirs) = (Second(SplineFunction.Apply), Second(SplineKernels.Apply));
            for (int i = 0; i < 2; i++) Assert.InRange(Distance(ours[i], theirs[i]), 0, 1e-9 * Math.Max(1, theirs[i].abs().max().ToDouble()));

            Tensor[] Second(Func<RationalQuadraticSpline, Tensor, Tensor, bool, (Tensor Y, Tensor LogSlope)> apply)
            {
                var (y, logSlope) = apply(spline, x, theta, inverse);
                var first = autograd.grad([y.sum() + logSlope.sum()], [x, theta], retain_graph: true, create_graph: true);
                return [.. autograd.grad([first[0].square().sum() + first[1].sin().sum()], [x, theta])];
            }
        }
    }

    [Theory, MemberData(nameof(Each))]
    public void Zero_is_the_identity(int which)
    {
        var spline = Splines[which];
        var x = linspace(spline.Low, spline.High, 101, dtype: float64);
        var (y, logSlope) = spline.Forward(x, zeros(101, spline.ParameterCount, float64));
        Assert.InRange(Distance(y, x), 0, 1e-14);
        Assert.InRange(logSlope.abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Outside_the_tail_bound_it_is_exactly_the_identity()
    {
        manual_seed(1);
        var map = new RationalQuadraticMap(4, TailBound: 2);
        var x = tensor([-1e6, -2.0000001, 2.5, 1e6], dtype: float64);
        foreach (var (y, logSlope) in (ValueTuple<Tensor, Tensor>[])[map.Forward(x, randn(4, 11, float64)), map.Inverse(x, randn(4, 11, float64))])
        {
            Assert.Equal(0, Distance(y, x));
            Assert.Equal(0, logSlope.abs().max().ToDouble());
        }
    }

    [Fact]
    public void Outside_its_interval_the_density_is_zero_and_gradients_elsewhere_are_finite()
    {
        manual_seed(1);
        var map = new IntervalRationalQuadraticMap(4, Low: -1, High: 3);
        var x = tensor([-1.0, -1.001, 0.5, 3, 3.001, 1e6], dtype: float64).requires_grad_();
        var (y, logSlope) = map.Forward(x, randn(6, 13, float64));
        Assert.Equal([true, false, true, true, false, false], logSlope.isfinite().data<bool>().ToArray());
        Assert.True(logSlope[tensor([1L, 4, 5], dtype: int64, device: CPU)].eq(double.NegativeInfinity).all().ToBoolean());
        Assert.Equal([-1, -1, 3, 3, 3], y[tensor([0L, 1, 3, 4, 5], dtype: int64, device: CPU)].data<double>().ToArray());
        Assert.True(autograd.grad([logSlope[0] + logSlope[2] + logSlope[3] + y.sum()], [x])[0].isfinite().all().ToBoolean());
    }

    [Fact]
    public void The_circle_closes_smoothly_and_is_covered_once()
    {
        manual_seed(2);
        var map = new CircularRationalQuadraticMap(5, Rotates: true);
        var one = randn(1, map.ParameterCount, dtype: float64);
        var x = linspace(-1e-9, 1e-9, 2, dtype: float64);
        var (y, logSlope) = map.Forward(x, one.expand(2, -1));
        Assert.Equal(0, Math.Sin((y[0] - y[1]).ToDouble()), 1e-8);
        Assert.Equal(logSlope[0].ToDouble(), logSlope[1].ToDouble(), 1e-6);
        Assert.InRange(Distance(map.Forward(x + 1 + 4 * Math.PI, one.expand(2, -1)).Y, map.Forward(x + 1, one.expand(2, -1)).Y), 0, 1e-12);

        var around = (arange(0, 20_000, dtype: float64) + 0.5) * (Math.Tau / 20_000);
        var (all, slopes) = map.Forward(around, one.expand(20_000, -1));
        Assert.Equal(1, slopes.exp().mean().ToDouble(), 1e-6);
        Assert.True(all.ge(0).logical_and(all.lt(Math.Tau)).all().ToBoolean());
        Assert.InRange(Distance(map.Inverse(all, one.expand(20_000, -1)).X, around), 0, 1e-9);
        Assert.InRange(map.Forward(full(1, -1e-20, float64), zeros(1, map.ParameterCount, float64)).Y.ToDouble(), 0, Math.Tau - 1e-12);
    }

    [Fact]
    public void Neither_threads_nor_strides_nor_a_broadcast_theta_change_the_answer()
    {
        manual_seed(4);
        var map = new RationalQuadraticMap(6);
        var (x, theta) = (randn(3, 5000).t(), randn(map.ParameterCount, 3).unsqueeze(0).expand(5000, -1, -1).requires_grad_());
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            var alone = Answer(x.contiguous(), theta.contiguous());
            set_num_threads(3);
            var together = Answer(x, theta);
            for (int i = 0; i < 3; i++) Assert.Equal(0, Distance(alone[i], together[i]));
        }
        finally
        {
            set_num_threads(before);
        }

        Tensor[] Answer(Tensor x, Tensor theta)
        {
            var (y, logSlope) = map.Forward(x, theta);
            return [y, logSlope, autograd.grad([y.sum() + logSlope.sum()], [theta])[0]];
        }
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        foreach (var map in (ElementwiseMap[])[new RationalQuadraticMap(), new IntervalRationalQuadraticMap(), new CircularRationalQuadraticMap()])
        {
            var (y, logSlope) = map.Forward(full(2, double.NaN, float64), zeros(2, map.ParameterCount, float64));
            Assert.True(y.isnan().all().ToBoolean() && logSlope.isnan().all().ToBoolean());
        }
    }

    // Points everywhere, at the ends, far outside, and at every knot and its neighbors.
    private static (Tensor X, Tensor Theta) Inputs(RationalQuadraticSpline spline, double size, ScalarType dtype, bool knotsOfValues = false, bool atKnots = true)
    {
        int bins = spline.Bins;
        var one = randn(spline.ParameterCount, dtype: float64) * size;
        var share = one.narrow(0, knotsOfValues ? bins : 0, bins).softmax(0) * (1 - bins * RationalQuadraticSpline.Minimum) + RationalQuadraticSpline.Minimum;
        double[] knots = [.. share.cumsum(0).narrow(0, 0, bins - 1).data<double>().Select(at => spline.Low + spline.Range * at)];
        double[] sharp = [.. knots, spline.Low, spline.High];
        double[] around = atKnots ? [.. sharp, .. sharp.Select(Math.BitDecrement), .. sharp.Select(Math.BitIncrement)] : [];
        double[] inside = [.. (rand(20, dtype: float64) * spline.Range + spline.Low).data<double>()];
        double[] points = [.. around, .. inside, 1e6, -1e6, spline.Low - 1e-7, spline.High + 1e-7];
        return (tensor(points, dtype: float64).to(dtype).requires_grad_(), one.unsqueeze(0).repeat(points.Length, 1).to(dtype).requires_grad_());
    }
}
