using FlowKit.Distributions;

namespace FlowKit.Tests.Distributions;

public class VonMisesFisherTests
{
    [Fact]
    public void Draws_lie_on_the_sphere()
    {
        manual_seed(1);
        foreach (double kappa in (double[])[0, 1e-9, 0.3, 60, 1e4])
            Assert.InRange((Law(kappa).Sample(40_000).square().sum(1) - 1).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void The_uniform_law_is_the_same_everywhere()
    {
        var p = VonMisesFisher.Uniform();
        p.to(float64);
        Assert.Equal(Math.Log(4 * Math.PI), p.Entropy, 1e-15);
        Assert.InRange(FlowKit.Laws.Expect.Distance(p.LogProb(p.Sample(100)), full(100, -Math.Log(4 * Math.PI))), 0, 1e-7);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Off_the_sphere_there_is_nothing_and_NaN_stays(bool wide)
    {
        var p = Law(2);
        p.to(wide ? float64 : float32);
        var x = tensor(new[] { 0.0, 0, 1, 0, 0, 1.01, 0, 0, 0, double.PositiveInfinity, 0, 0, double.NaN, 0, 1 }, [5, 3]).to(wide ? float64 : float32).requires_grad_();
        var logP = p.LogProb(x);
        Assert.True(logP[0].isfinite().ToBoolean());
        Assert.True(logP.narrow(0, 1, 3).eq(double.NegativeInfinity).all().ToBoolean());
        Assert.True(logP[4].isnan().ToBoolean());
        Assert.True(p.LogProb(p.Sample(1000)).isfinite().all().ToBoolean());
        logP[0].backward();
        Assert.True(x.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void What_is_no_direction_is_refused()
    {
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(zeros(3), 1));
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(ones(2), 1));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new VonMisesFisher(ones(3), -1));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new VonMisesFisher(ones(3), double.NaN));
    }

    private static VonMisesFisher Law(double kappa)
    {
        var p = new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), kappa);
        p.to(float64);
        return p;
    }
}
