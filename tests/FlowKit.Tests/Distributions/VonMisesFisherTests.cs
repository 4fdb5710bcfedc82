using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Tests.Distributions;

public class VonMisesFisherTests
{
    private static readonly double[] Concentrations = [0, 1e-9, 9.9e-5, 1.1e-4, 0.3, 5, 60, 1e4];

    public static TheoryData<double> Kappas => [.. Concentrations];

    [Theory, MemberData(nameof(Kappas))]
    public void It_integrates_to_one_over_the_sphere_and_has_its_entropy(double kappa)
    {
        var p = Law(kappa);
        using var sphere = QuadratureRule.Sphere(kappa < 100 ? 64 : 500);
        Assert.Equal(1, sphere.Integrate(x => p.LogProb(x).exp()), 1e-9);
        Assert.Equal(p.Entropy, -sphere.Integrate(x => p.LogProb(x).exp() * p.LogProb(x)), 1e-7);
    }

    [Theory, MemberData(nameof(Kappas))]
    public void Draws_lie_on_the_sphere_where_the_density_says(double kappa)
    {
        const int draws = 40_000;
        manual_seed(1);
        var p = Law(kappa);
        var x = p.Sample(draws);
        Assert.InRange((x.square().sum(1) - 1).abs().max().ToDouble(), 0, 1e-12);
        var logP = p.LogProb(x);
        Assert.InRange(logP.mean().ToDouble() + p.Entropy, -Error(logP), Error(logP));
        using var sphere = QuadratureRule.Sphere(kappa < 100 ? 64 : 500);
        foreach (var f in (Func<Tensor, Tensor>[])[x => x.select(1, 0), x => x.select(1, 1), x => x.select(1, 2), x => x.select(1, 0) * x.select(1, 1)])
        {
            double exact = sphere.Integrate(x => p.LogProb(x).exp() * f(x));
            Assert.InRange(f(x).mean().ToDouble() - exact, -Error(f(x)), Error(f(x)));
        }

        static double Error(Tensor values) => 4.5 * values.std().ToDouble() / Math.Sqrt(draws) + 1e-9;
    }

    [Fact]
    public void The_uniform_law_is_the_same_everywhere()
    {
        var p = VonMisesFisher.Uniform();
        p.to(float64);
        Assert.Equal(Math.Log(4 * Math.PI), p.Entropy, 1e-15);
        Assert.InRange(Laws.Numeric.Distance(p.LogProb(p.Sample(100)), full(100, -Math.Log(4 * Math.PI))), 0, 1e-7);
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
    public void Only_the_results_outlive_a_call() => Laws.MemoryLaw.OnlyTheResultsOutliveACall(Law(3));

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
