using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowKit.Transforms;

namespace FlowKit.Tests.Transforms.Elementwise;

/// <summary>Maps over tiles against the same maps in ordinary operations and autograd, in every width of vectors that this hardware has.</summary>
public unsafe class TileMapTests
{
    private delegate (Tensor Value, Tensor LogSlope) Operations(Tensor at, Tensor theta, bool inverse);

    private sealed record Subject(ITileMap Tiles, int Parameters, Operations Ordinary);

    private static readonly Dictionary<string, Subject> Subjects = new()
    {
        ["affine, rational"] = Of(new AffineMap(2)),
        ["affine, arctangent"] = Of(new AffineMap(3, ScaleBound.Arctangent)),
        ["additive"] = Of(new AdditiveMap()),
        ["spline of 2 bins"] = Of(new RationalQuadraticSpline(2, -3, 3, SplineEnds.Identity)),
        ["spline of 8 bins"] = Of(new RationalQuadraticSpline(8, -3, 3, SplineEnds.Identity)),
        ["spline with free ends"] = Of(new RationalQuadraticSpline(5, -1, 2, SplineEnds.Free)),
        ["spline with glued ends"] = Of(new RationalQuadraticSpline(6, 0, Math.Tau, SplineEnds.Glued)),
        ["mixture of 1"] = Of(new LogisticMixtureMap(1)),
        ["mixture of 5"] = Of(new LogisticMixtureMap(5)),
    };

    public static TheoryData<string, int, bool, bool> Each => [.. from name in Subjects.Keys from width in Enumerable.Range(0, TileKernels<float>.All.Count) from single in (bool[])[false, true]
        from inverse in (bool[])[false, true] select (name, width, single, inverse)];

    [Fact]
    public void Every_map_that_has_tiles_is_tested_here()
    {
        var types = typeof(ElementwiseMap).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ITileMap)) && !type.IsInterface).ToHashSet();
        Assert.Equal(types, Subjects.Values.Select(subject => subject.Tiles.GetType()).ToHashSet());
        Assert.All((ElementwiseMap[])[new AffineMap(), new AdditiveMap(), new RationalQuadraticMap(), new IntervalRationalQuadraticMap(), new LogisticMixtureMap()], map => Assert.NotNull(map.Tiles));
        Assert.Null(new GatedAffineMap().Tiles);
    }

    // float32 is held to the float64 results for the same numbers. What its 6e-8 grows to is the slope's logarithm in a narrow bin of a spline and the residual of a numerical inverse.
    [Theory, MemberData(nameof(Each))]
    public void Values_log_slopes_and_gradients_are_those_of_ordinary_operations(string name, int width, bool single, bool inverse)
    {
        foreach (int n in (int[])[1, 2, 5])
        {
            using var scope = NewDisposeScope();
            manual_seed(n);
            var (subject, dtype) = (Subjects[name], single ? float32 : float64);
            var at = (randn(64, n, float64) * 2).to(dtype);
            var theta = randn(64, subject.Parameters, n, float64).to(dtype);
            var (gradValue, gradLogDet, before) = (randn(64, n, dtype), randn(64, dtype), randn(64, dtype));
            double tolerance = single ? 2e-4 : 1e-10;

            var (x, t) = (at.to(float64).requires_grad_(), theta.to(float64).requires_grad_());
            var (value, logSlope) = subject.Ordinary(x, t, inverse);
            var finite = logSlope.isfinite();                                 // beyond an interval the log-slope is -inf, with gradient 0
            var expected = autograd.grad([(value * gradValue).sum() + (logSlope.where(finite, zeros_like(logSlope)) * gradLogDet.unsqueeze(1)).sum()], [x, t]);

            var (ours, logDet) = Forward(subject, at, theta, before, width, inverse);
            Close(value, ours, tolerance);
            Close(before + logSlope.sum(dim: 1), logDet, tolerance);
            var (gradAt, gradTheta) = Backward(subject, at, theta, gradValue, gradLogDet, width, inverse);
            Close(expected[0], gradAt, tolerance);
            Close(expected[1], gradTheta, tolerance);
        }
    }

    [Theory, MemberData(nameof(Each))]
    public void The_inverse_undoes_the_map(string name, int width, bool single, bool inverse)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (subject, dtype) = (Subjects[name], single ? float32 : float64);
        var at = name.StartsWith("spline with", StringComparison.Ordinal) ? rand(64, 3, dtype) * 1.9 : randn(64, 3, dtype) * 2;
        var theta = randn(64, subject.Parameters, 3, dtype);
        var (there, logDet) = Forward(subject, at, theta, zeros(64, dtype), width, inverse);
        var (back, total) = Forward(subject, there, theta, logDet, width, !inverse);
        Close(at, back, single ? 1e-4 : 1e-11);
        Close(zeros_like(total), total, single ? 5e-4 : 1e-11);
    }

    [Theory, MemberData(nameof(Each))]
    public void Results_may_take_the_place_of_what_they_come_from(string name, int width, bool single, bool inverse)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (subject, dtype) = (Subjects[name], single ? float32 : float64);
        var (at, theta, gradValue, gradLogDet) = (randn(64, 2, dtype), randn(64, subject.Parameters, 2, dtype), randn(64, 2, dtype), randn(64, dtype));
        Same(Forward(subject, at, theta, zeros(64, dtype), width, inverse), Forward(subject, at, theta, zeros(64, dtype), width, inverse, inPlace: true));
        Same(Backward(subject, at, theta, gradValue, gradLogDet, width, inverse), Backward(subject, at, theta, gradValue, gradLogDet, width, inverse, inPlace: true));
    }

    [Theory, MemberData(nameof(Each))]
    public void A_lane_depends_on_itself_alone(string name, int width, bool single, bool inverse)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (subject, dtype) = (Subjects[name], single ? float32 : float64);
        var (at, theta, gradValue, gradLogDet) = (randn(64, 2, dtype) * 3, randn(64, subject.Parameters, 2, dtype) * 3, randn(64, 2, dtype), randn(64, dtype));
        at[0, 0] = double.NaN;
        at[1, 1] = double.PositiveInfinity;
        theta[2] = theta[2] * 40;
        var places = randperm(64, dtype: int64);
        double ulps = single ? 0 : 1e-13;                                     // .NET's exponential of float64 takes another way where one of its lanes would overflow
        var (value, logDet) = Forward(subject, at, theta, zeros(64, dtype), width, inverse);
        Same((value[places], logDet[places]), Forward(subject, at[places], theta[places], zeros(64, dtype), width, inverse), ulps);
        var (gradAt, gradTheta) = Backward(subject, at, theta, gradValue, gradLogDet, width, inverse);
        Same((gradAt[places], gradTheta[places]), Backward(subject, at[places], theta[places], gradValue[places], gradLogDet[places], width, inverse), ulps);
    }

    [Theory, MemberData(nameof(Each))]
    public void Anything_else_goes_where_ordinary_operations_take_it(string name, int width, bool single, bool inverse)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (subject, dtype) = (Subjects[name], single ? float32 : float64);
        double[] points = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, -2.9, 1.9, 40, -200, 1e4, -1e4, 1e6, -1e6, 1e20, -1e20];
        var at = tensor([.. Enumerable.Range(0, 64).Select(lane => points[lane % points.Length])], dtype: float64).to(dtype).unsqueeze(1);
        foreach (double size in (double[])[1, 10, 80])
        {
            var theta = (rand(64, subject.Parameters, 1, float64) * 2 - 1).sign().mul(size).to(dtype);      // each parameter -size or size
            if (size < 80) theta = theta * rand_like(theta);
            using var none = no_grad();
            var (value, logSlope) = subject.Ordinary(at.to(float64), theta.to(float64), inverse);
            var (ours, logDet) = Forward(subject, at, theta, zeros(64, dtype), width, inverse);
            Close(value, ours, single ? 1e-4 : 1e-10);
            Close(logSlope.squeeze(1), logDet, single ? 1e-3 : 1e-9);
            Assert.True(ours[at.isnan()].isnan().all().ToBoolean());

            var (gradAt, gradTheta) = Backward(subject, at, theta, ones(64, 1, dtype), ones(64, dtype), width, inverse);
            var moderate = at.abs().lt(1e5).squeeze(1);
            Assert.True(gradAt[moderate].isfinite().all().ToBoolean() && gradTheta[moderate].isfinite().all().ToBoolean());
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void A_spline_is_continuous_at_its_knots_and_ends(int which)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        RationalQuadraticSpline spline = ((RationalQuadraticSpline[])[new(8, -3, 3, SplineEnds.Identity), new(5, -1, 2, SplineEnds.Free), new(6, 0, Math.Tau, SplineEnds.Glued)])[which];
        var theta = randn(1, spline.ParameterCount, 1, float64);
        double[] xs = Knots(0), ys = Knots(spline.Bins);
        double[] knots = [.. xs, .. xs.Select(Math.BitDecrement), .. xs.Select(Math.BitIncrement), spline.Low, spline.High], reached = [.. ys, .. ys, .. ys, spline.Low, spline.High];
        var (at, expected) = (Padded(knots), Padded(reached));
        theta = theta.expand(64, -1, -1).contiguous();
        for (int width = 0; width < TileKernels<double>.All.Count; width++)
        {
            var subject = Of(spline);
            var (there, logDet) = Forward(subject, at, theta, zeros(64, float64), width, inverse: false);
            var (back, minus) = Forward(subject, expected, theta, zeros(64, float64), width, inverse: true);
            Close(expected, there, 1e-13);
            Close(at, back, 1e-13);
            Close(SplineKernels.Apply(spline, at, theta, inverse: false).LogSlope.squeeze(1), logDet, 1e-12);
            Close(SplineKernels.Apply(spline, expected, theta, inverse: true).LogSlope.squeeze(1), minus, 1e-12);
        }

        double[] Knots(int from)
        {
            var share = theta.narrow(1, from, spline.Bins).flatten().softmax(0) * (1 - spline.Bins * RationalQuadraticSpline.Minimum) + RationalQuadraticSpline.Minimum;
            return [.. share.cumsum(0).narrow(0, 0, spline.Bins - 1).data<double>().Select(at => spline.Low + spline.Range * at)];
        }

        Tensor Padded(double[] points) => tensor([.. points, .. Enumerable.Repeat(spline.Low, 64 - points.Length)], dtype: float64).unsqueeze(1);
    }

    private static Subject Of(ElementwiseMap map) => new(map.Tiles!, map.ParameterCount, (at, theta, inverse) => inverse ? map.Inverse(at, theta) : map.Forward(at, theta));

    private static Subject Of(RationalQuadraticSpline spline) => new(new SplineTiles(spline), spline.ParameterCount, (at, theta, inverse) => SplineKernels.Apply(spline, at, theta, inverse));

    // at (64, n), theta (64, P, n): a tile, in which the samples are the lanes.
    private static (Tensor Value, Tensor LogDet) Forward(Subject subject, Tensor at, Tensor theta, Tensor logDet, int width, bool inverse, bool inPlace = false)
    {
        var (x, t, sum) = (Lanes(at), Lanes(theta), logDet.clone());
        var value = inPlace ? x : full_like(x, double.NaN);
        if (x.dtype == float32) Run<float>();
        else Run<double>();
        return (Rows(value, at), sum);

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            TileKernels<T>.All[width].Forward(subject.Tiles, Memory<T>(x), Memory<T>(t), Memory<T>(value), Memory<T>(sum), (int)at.size(1), inverse);
    }

    private static (Tensor At, Tensor Theta) Backward(Subject subject, Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogDet, int width, bool inverse, bool inPlace = false)
    {
        var (x, t, value) = (Lanes(at), Lanes(theta), Lanes(gradValue));
        var (gradAt, gradTheta) = (inPlace ? value : full_like(x, double.NaN), full_like(t, double.NaN));
        if (x.dtype == float32) Run<float>();
        else Run<double>();
        return (Rows(gradAt, at), Rows(gradTheta, theta));

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            TileKernels<T>.All[width].Backward(subject.Tiles, Memory<T>(x), Memory<T>(t), Memory<T>(value), Memory<T>(gradLogDet), Memory<T>(gradAt), Memory<T>(gradTheta), (int)at.size(1), inverse);
    }

    private static Tensor Lanes(Tensor rows) => rows.flatten(1).t().contiguous().clone();

    private static Tensor Rows(Tensor lanes, Tensor like) => lanes.t().reshape(like.shape).contiguous();

    private static T* Memory<T>(Tensor x) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x.bytes));

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        var (theirs, ours) = (expected.detach().to(float64), actual.to(float64));
        var off = ours.isclose(theirs, tolerance, tolerance, true).logical_not();
        Assert.False(off.any().ToBoolean(), $"expected {theirs[off].npstr()}, got {ours[off].npstr()}, at {off.nonzero().npstr()}");
    }

    private static void Same((Tensor, Tensor) expected, (Tensor, Tensor) actual, double tolerance = 0)
    {
        Close(expected.Item1, actual.Item1, tolerance);
        Close(expected.Item2, actual.Item2, tolerance);
    }
}
