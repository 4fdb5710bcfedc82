using CsCheck;
using FlowKit.Distributions;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class LogisticMixtureTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(8), InlineData(32)]
    public void It_starts_near_the_identity(int components)
    {
        var map = new LogisticMixtureMap(components);
        var x = linspace(-4, 4, 81, dtype: float64);
        var (y, logSlope) = map.Forward(x, zeros(81, map.ParameterCount, float64));
        Assert.InRange(Distance(y, x), 0, components == 1 ? 1e-12 : 0.4);
        Assert.InRange(logSlope.abs().max().ToDouble(), 0, components == 1 ? 1e-12 : 0.2);
    }

    [Fact]
    public void In_the_tails_it_is_the_widest_component()
    {
        var map = new LogisticMixtureMap(3);
        manual_seed(2);
        var theta = randn(1, map.ParameterCount, float64);
        double raw = theta.narrow(1, 6, 3).div(1 + theta.narrow(1, 6, 3).abs() / LogisticMixtureMap.ComponentBound).max().ToDouble();
        double a = theta[0, 9].ToDouble();
        double expected = a / (1 + Math.Abs(a) / map.MaxLogScale) - raw - map.InitialLogScale;
        foreach (double x in (double[])[1e4, -1e4, 1e6, -1e6])
        {
            Assert.Equal(expected, map.Forward(full(1, x, float64), theta).LogSlope.ToDouble(), 1e-9);
            Assert.Equal(expected, map.Forward(full(1, x, float32), theta.to(float32)).LogSlope.ToDouble(), 1e-5);
        }
    }

    [Fact]
    public void Out_to_the_tails_it_rises_its_slope_is_that_of_autograd_and_its_inverse_finds_back()
    {
        manual_seed(3);
        foreach (var (components, reach) in from k in (int[])[1, 4, 32] from reach in (double[])[3, 1000] select (k, reach))
        {
            var map = new LogisticMixtureMap(components);
            var x = linspace(-reach, reach, 1001, dtype: float64).requires_grad_();
            var theta = randn(1, map.ParameterCount, float64).mul_(2).expand(x.size(0), -1);
            var (y, logSlope) = map.Forward(x, theta);
            Assert.True(y.diff().min().ToDouble() > 0);
            Assert.InRange(Distance(autograd.grad([y.sum()], [x], retain_graph: true)[0].log(), logSlope), 0, 1e-9);
            Assert.True((map.Inverse(y, theta).X - x).abs().le(1e-9 * (1 + x.abs())).all().ToBoolean());
        }
    }

    [Fact]
    public void No_theta_and_no_point_give_NaN() =>
        Gen.Select(Gen.Int[1, 6], Gen.Double[0, 50], Gen.Int, Gen.Bool).Sample((components, size, seed, single) =>
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            var map = new LogisticMixtureMap(components);
            var x = tensor([0, 1e-8, 1, -3, 40, -200, 1e4, -1e4, 1e6, -1e6], dtype: single ? float32 : float64).requires_grad_();
            var theta = (randn(10, map.ParameterCount, float64) * size).to(x.dtype).requires_grad_();
            foreach (bool forward in (bool[])[true, false])
            {
                var (y, logSlope) = forward ? map.Forward(x, theta) : map.Inverse(x, theta);
                var gradients = autograd.grad([y.sum() + logSlope.sum()], [x, theta]);
                Assert.True(y.isfinite().all().ToBoolean() && logSlope.isfinite().all().ToBoolean());
                Assert.All(gradients, gradient => Assert.False(gradient.isnan().any().ToBoolean()));
            }
        }, iter: 30, threads: 1);

    [Fact]
    public void Forward_undoes_inverse_for_every_theta() =>
        Gen.Select(Gen.Int[1, 6], Gen.Double[0, 50], Gen.Int).Sample((components, size, seed) =>
        {
            manual_seed(seed);
            var map = new LogisticMixtureMap(components);
            var (y, theta) = (randn(20, float64) * 5, randn(20, map.ParameterCount, float64) * size);
            using var none = no_grad();
            using var scope = NewDisposeScope();
            var x = map.Inverse(y, theta).X;
            var (again, logSlope) = map.Forward(x, theta);
            var (rounding, shift) = (logSlope.exp() * x.abs(), theta.select(1, 3 * components + 1).abs());   // what a rounding of x costs, and of y - b
            Assert.True((again - y).abs().le(1e-12 * (1 + y.abs() + shift) + 1e-14 * rounding).all().ToBoolean(), $"{(again - y).abs().max().ToDouble()}");
        }, iter: 30, threads: 1);

    [Fact]
    public void One_layer_learns_a_bimodal_density_that_no_affine_map_can()
    {
        manual_seed(1);
        var flow = new Flow(new ElementwiseTransform(new LogisticMixtureMap(4), [1]), new StandardLogistic(1));
        Trainer.Fit(flow, () => -flow.LogProb(Draw(512)).mean(), new FitOptions { Steps = 500, LearningRate = 3e-2, Threads = 1 });
        double entropy = 1.418845, bestGaussian = 2.142398;
        Assert.InRange(Trainer.NegativeLogLikelihood(flow, Draw(20_000)).Mean, entropy - 0.02, entropy + 0.03);
        Assert.True(bestGaussian > entropy + 0.7);

        static Tensor Draw(long count) => randn(count, 1) * 0.5 + (randint(0, 2, [count, 1], dtype: float32) * 4 - 2);   // modes at +-2, sd 1/2
    }
}
