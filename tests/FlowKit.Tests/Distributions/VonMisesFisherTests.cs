using FlowKit.Distributions;
using FlowKit.Laws;

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
        Assert.InRange(Expect.Distance(p.LogProb(p.Sample(100)), full(100, -Math.Log(4 * Math.PI))), 0, 1e-7);
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
        Assert.True(x.grad!.narrow(0, 0, 4).isfinite().all().ToBoolean());
    }

    public static TheoryData<int, double> Laws => new(from dimension in (int[])[1, 2, 3, 5] from kappa in (double[])[0, 1e-3, 1, 10, 500, 1e5] select (dimension, kappa));

    // Heights alone: with s = 1 - mu·x the mass is that of S^(D-1) times the integral of e^(-kappa s) (s (2 - s))^(D/2 - 1) ds.
    [Theory, MemberData(nameof(Laws))]
    public void Normalizer_and_entropy_are_those_of_quadrature(int dimension, double kappa)
    {
        var p = Of(dimension, kappa);
        double peak = p.LogProb(Axis(dimension)).ToDouble(), end = Math.Min(Math.PI, kappa == 0 ? Math.PI : 12 / Math.Sqrt(kappa)), mass = 0, fall = 0;
        var rule = new MathNet.Numerics.Integration.GaussLegendreRule(0, end, 256);
        for (int i = 0; i < 256; i++)
        {
            double drop = 2 * Math.Pow(Math.Sin(rule.Abscissas[i] / 2), 2), weight = rule.Weights[i] * Math.Pow(Math.Sin(rule.Abscissas[i]), dimension - 1) * Math.Exp(-kappa * drop);
            mass += weight;
            fall += weight * kappa * drop;
        }
        double around = new UniformSphere(Math.Max(1, dimension - 1)).Entropy;                              // of S^(D-1); S^0 is two points
        double logMass = Math.Log(mass) + (dimension == 1 ? Math.Log(2) : around);
        Assert.Equal(-logMass, peak, 1e-12 * (1 + Math.Abs(logMass)));
        Assert.Equal(logMass + fall / mass, p.Entropy, 1e-11);
    }

    [Fact]
    public void On_the_circle_it_is_the_von_Mises_law()
    {
        manual_seed(3);
        foreach (double kappa in (double[])[0.01, 2, 700])
        {
            var angles = rand(50, 1, dtype: float64) * (2 * Math.PI);
            var circle = new VonMises().Fixed(zeros(1, dtype: float64), full(1, kappa, dtype: float64));
            circle.to(float64);
            var p = new VonMisesFisher(tensor(new[] { 1.0, 0 }), kappa);
            p.to(float64);
            Expect.Near(p.LogProb(cat([angles.cos(), angles.sin()], dim: 1)), circle.LogProb(angles), 1e-9 * (1 + kappa), "The log-density");
        }
    }

    [Fact]
    public void The_sums_of_the_paper_have_their_known_normalizers()
    {
        Assert.Equal(10.921586, Math.Log(4) + FisherIntegral.Log(2, 10) + 10, 5e-7);
        Assert.Equal(9.263373, FisherIntegral.Log(3, 10) + 10, 5e-7);
        Assert.Equal(10.649667, Math.Log(4) + FisherIntegral.Log(3, 10) + 10, 5e-7);
    }

    // E[mu·x] = A, E[1 - (mu·x)²] = D A / kappa, and nothing across the mean.
    [Theory, InlineData(1, 0), InlineData(1, 3), InlineData(3, 0), InlineData(3, 0.4), InlineData(3, 60), InlineData(5, 8), InlineData(9, 1e4)]
    public void Draws_have_their_moments(int dimension, double kappa)
    {
        manual_seed(4);
        const int count = 40_000;
        var x = Of(dimension, kappa).Sample(count);
        Assert.InRange((x.square().sum(1) - 1).abs().max().ToDouble(), 0, 1e-12);
        var height = x.mv(Axis(dimension).squeeze(0));
        double missing = kappa == 0 ? 1 : FisherIntegral.Shortfall(dimension, kappa) / kappa;
        Close(1 - height, missing);
        Close(1 - height.square(), kappa == 0 ? dimension / (dimension + 1.0) : dimension * (1 - missing) / kappa);
        var across = Axis(dimension).roll(1, 1) - Axis(dimension) * (Axis(dimension).roll(1, 1) * Axis(dimension)).sum();
        Close(x.mv(across.squeeze(0)), 0);

        static void Close(Tensor values, double mean) => Assert.InRange(values.mean().ToDouble() - mean, -4.5 * Error(values), 4.5 * Error(values));

        static double Error(Tensor values) => values.std().ToDouble() / Math.Sqrt(count);
    }

    [Fact]
    public void Concentrations_are_found_from_mean_lengths()
    {
        foreach (int dimension in (int[])[1, 2, 3, 7, 40])
            foreach (double kappa in (double[])[1e-6, 0.1, 3, 29, 31, 1000, 1e6])
                Assert.Equal(1, FisherIntegral.Concentration(dimension, FisherIntegral.Shortfall(dimension, kappa) / kappa, most: 1e9) / kappa, 1e-7);
        Assert.Equal(0, FisherIntegral.Concentration(2, 1, most: 100));
        Assert.Equal(100, FisherIntegral.Concentration(2, 0, most: 100));
        Assert.Equal(100, FisherIntegral.Concentration(2, 1e-6, most: 100));
    }

    [Fact]
    public void Series_and_expansion_of_the_Bessel_function_meet()
    {
        foreach (int dimension in (int[])[1, 3, 4, 12, 101])
        {
            double edge = 30 + Math.Pow((dimension - 1) / 2.0, 2), below = FisherIntegral.Log(dimension, edge), above = FisherIntegral.Log(dimension, edge * (1 + 1e-13));
            Assert.Equal(below, above, 1e-11 * (1 + Math.Abs(below)));
            Assert.Equal(FisherIntegral.Shortfall(dimension, edge), FisherIntegral.Shortfall(dimension, edge * (1 + 1e-13)), 1e-9);
        }
    }

    [Fact]
    public void What_is_no_direction_is_refused()
    {
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(zeros(3), 1));
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(ones(1), 1));
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(ones(2, 2), 1));
        Assert.Throws<ArgumentException>("mean", () => new VonMisesFisher(tensor(new[] { 1, double.NaN, 0 }), 1));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new VonMisesFisher(ones(3), -1));
        Assert.Throws<ArgumentOutOfRangeException>("concentration", () => new VonMisesFisher(ones(3), double.NaN));
    }

    private static VonMisesFisher Law(double kappa)
    {
        var p = new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), kappa);
        p.to(float64);
        return p;
    }

    private static VonMisesFisher Of(int dimension, double kappa)
    {
        var p = new VonMisesFisher(Axis(dimension).squeeze(0) * 3, kappa);
        p.to(float64);
        return p;
    }

    // A direction of no particular kind, (1, D + 1).
    private static Tensor Axis(int dimension)
    {
        var axis = arange(1, dimension + 2, dtype: float64).sin();
        return (axis / axis.norm()).unsqueeze(0);
    }
}
