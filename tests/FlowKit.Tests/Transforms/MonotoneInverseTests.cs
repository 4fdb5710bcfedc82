using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class MonotoneInverseTests
{
    [Theory, InlineData(1e-6), InlineData(1), InlineData(1e6)]
    public void The_root_is_found_wherever_it_lies(double scale)
    {
        var y = linspace(-1, 1, 41, dtype: float64) * scale;
        var theta = full_like(y, 0.3);
        var (x, logSlope) = MonotoneInverse.Solve(x => Cubic(x, theta), y);
        Assert.InRange(Distance(Cubic(x, theta).Y, y), 0, 1e-14 * Math.Max(1, scale));
        Assert.InRange(Distance(logSlope, -Cubic(x, theta).LogSlope), 0, 1e-12);
    }

    [Fact]
    public void Flat_stretches_and_steps_do_not_stop_the_search()
    {
        var y = tensor([-1.5, -0.5, -1e-3, 0.7, 1.5, 30.0], dtype: float64);
        foreach (double steepness in (double[])[1, 10, 200])
        {
            var (x, _) = MonotoneInverse.Solve(x => (1e-3 * x + (x * steepness).tanh(), (1e-3 + steepness * (1 - (x * steepness).tanh().square())).log()), y);
            Assert.InRange(Distance(1e-3 * x + (x * steepness).tanh(), y), 0, 1e-11);
        }
    }

    [Fact]
    public void A_known_bracket_is_not_left()
    {
        var y = linspace(0, 1, 11, dtype: float64);
        var (x, _) = MonotoneInverse.Solve(x => (x.square(), (2 * x).log()), y, (zeros_like(y), ones_like(y) * 3));   // increasing on [0, 3] only
        Assert.InRange(Distance(x, y.sqrt()), 0, 1e-7);
        Assert.True(x.ge(0).all().ToBoolean());
    }

    [Fact]
    public void Float32_comes_as_near_as_float32_can()
    {
        var y = linspace(-5, 5, 21, dtype: float32);
        var (x, _) = MonotoneInverse.Solve(x => Cubic(x, full_like(y, 0.3)), y);
        Assert.Equal(float32, x.dtype);
        Assert.InRange(Distance(Cubic(x, full_like(y, 0.3)).Y, y), 0, 5e-6);
    }

    [Fact]
    public void NaN_stays_NaN_and_harms_no_neighbor()
    {
        var y = tensor([1.0, double.NaN, 2.0], dtype: float64);
        var (x, _) = MonotoneInverse.Solve(x => Cubic(x, full_like(y, 0.3)), y);
        Assert.Equal([false, true, false], x.isnan().data<bool>().ToArray());
        Assert.Equal(1.0, Cubic(x, full_like(y, 0.3)).Y[0].ToDouble(), 1e-14);
    }

    [Fact]
    public void Gradients_of_root_and_log_slope_are_those_of_finite_differences()
    {
        manual_seed(1);
        var (y, theta) = (randn(6, float64).requires_grad_(), rand(6, float64).requires_grad_());
        var loss = Loss(y, theta);
        var gradients = autograd.grad([loss], [y, theta]);
        const double h = 1e-6;
        for (int i = 0; i < 6; i++)
        {
            var nudge = zeros(6, float64);
            nudge[i] = h;
            Assert.Equal(((Loss(y + nudge, theta) - Loss(y - nudge, theta)) / (2 * h)).ToDouble(), gradients[0][i].ToDouble(), 1e-7);
            Assert.Equal(((Loss(y, theta + nudge) - Loss(y, theta - nudge)) / (2 * h)).ToDouble(), gradients[1][i].ToDouble(), 1e-7);
        }

        static Tensor Loss(Tensor y, Tensor theta)
        {
            var (x, logSlope) = MonotoneInverse.Solve(x => Cubic(x, theta), y);
            return (x.square() * 3 + logSlope.sin()).sum();
        }
    }

    [Fact]
    public void Second_derivatives_of_root_and_log_slope_are_those_of_finite_differences()
    {
        manual_seed(1);
        var (y, direction) = (randn(12, float64), randn(12, float64));
        Assert.InRange(Distance(Curvature.Along(Loss, y, direction), Curvature.Numeric(Loss, y, direction)), 0, 1e-6);

        static Tensor Loss(Tensor both)
        {
            var (x, logSlope) = MonotoneInverse.Solve(x => Cubic(x, both.narrow(0, 6, 6).sigmoid()), both.narrow(0, 0, 6));
            return (x.pow(3) + logSlope.sin()).sum();
        }
    }

    private static (Tensor Y, Tensor LogSlope) Cubic(Tensor x, Tensor theta) => (x + theta * x.pow(3), (1 + 3 * theta * x.square()).log());
}
