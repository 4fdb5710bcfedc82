using FlowKit.Distributions;
using FlowKit.Integration;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class FamilyTests
{
    [Fact]
    public void Normal_and_logistic_at_theta_zero_are_the_standard_laws()
    {
        var x = randn(20, 3, dtype: float64) * 3;
        Assert.InRange(Distance(F64(new Normal().Learned(3)).LogProb(x), F64(new StandardNormal(3)).LogProb(x)), 0, 1e-12);
        Assert.InRange(Distance(F64(new Logistic().Learned(3)).LogProb(x), F64(new StandardLogistic(3)).LogProb(x)), 0, 1e-12);
    }

    [Fact]
    public void Fixed_parameters_keep_double_precision()
    {
        var p = F64(new Normal().Fixed(V(0.1), V(0.3)));
        Assert.Equal(-Math.Log(0.3) - Math.Log(2 * Math.PI) / 2, p.LogProb(V(0.1).unsqueeze(0)).ToDouble(), 1e-15);
        Assert.Empty(p.state_dict());
        Assert.Equal(0, p.ParameterCount);
    }

    [Fact]
    public void Student_t_has_known_values_and_tends_to_the_normal_law()
    {
        Assert.Equal(-Math.Log(Math.PI) - Math.Log(5), LogProb(new StudentT().Fixed(V(1), V(0), V(1)), 2), 1e-14);        // Cauchy at 2: 1 / (5 pi)
        Assert.Equal(-1.5 * Math.Log(1.5) - Math.Log(2 * Math.Sqrt(2)), LogProb(new StudentT().Fixed(V(2), V(0), V(1)), 1), 1e-14);
        var x = linspace(-6, 6, 25, dtype: float64).unsqueeze(1);
        var normal = F64(new StandardNormal(1)).LogProb(x);
        Assert.InRange(Distance(F64(new StudentT().Fixed(V(1e15), V(0), V(1))).LogProb(x), normal), 0, 1e-11);
    }

    [Fact]
    public void Student_t_keeps_its_power_law_where_squares_overflow()
    {
        var p = new StudentT().Fixed(V(3), V(0), V(1));
        Assert.Equal(-4 * Math.Log(10) * 200, LogProb(p, 1e300) - LogProb(p, 1e100), 1e-9);
    }

    [Fact]
    public void The_gamma_step_is_that_of_lgamma_and_of_its_series()
    {
        var a = V(0.01, 1, 10, 29.99, 30.01, 31, 100, 1000);
        Assert.InRange(Distance(SpecialFunctions.LogGammaHalfStep(a), (a + 0.5).lgamma() - a.lgamma()), 0, 1e-12);
        Assert.Equal(Math.Log(1e12) / 2, SpecialFunctions.LogGammaHalfStep(V(1e12)).ToDouble(), 1e-12);
    }

    [Theory, InlineData(1e-6), InlineData(0.5), InlineData(20.0), InlineData(700.0), InlineData(1e4)]
    public void Von_Mises_is_normalized_for_every_concentration(double kappa)
    {
        var p = F64(new VonMises().Fixed(V(1), V(kappa)));
        Assert.Equal(0, QuadratureRule.Circle(2000).LogNormalizer(x => p.LogProb(x)), 1e-10);
    }

    [Fact]
    public void Von_Mises_is_normal_around_its_mean_when_concentrated()
    {
        // ln I0(k) = k - ln(2 pi k) / 2 + 1 / (8k) + O(1/k²).
        Assert.Equal(Math.Log(1e4 / (2 * Math.PI)) / 2 - 1.0 / 8e4, LogProb(new VonMises().Fixed(V(2), V(1e4)), 2), 1e-9);
    }

    [Theory, InlineData(1e-4), InlineData(0.5), InlineData(5.0), InlineData(1e4), InlineData(1e9)]
    public void Von_Mises_draws_have_its_mean_direction_and_length(double kappa)
    {
        manual_seed(2);
        const int draws = 60_000;
        var x = F64(new VonMises().Fixed(V(6), V(kappa))).Sample(draws);
        Assert.True(x.ge(0).logical_and(x.lt(2 * Math.PI)).all().ToBoolean());
        double lack = SpecialFunctions.OneMinusResultant(V(kappa)).ToDouble();
        var (miss, sine) = (1 - (x - 6).cos(), (x - 6).sin());
        Assert.InRange(miss.mean().ToDouble() - lack, -4.5 * Error(miss), 4.5 * Error(miss));
        Assert.InRange(sine.mean().ToDouble(), -4.5 * Error(sine), 4.5 * Error(sine));

        static double Error(Tensor values) => values.std().ToDouble() / Math.Sqrt(draws);
    }

    [Fact]
    public void Von_Mises_in_single_precision_draws_below_the_full_turn()
    {
        manual_seed(3);
        var x = new VonMises().Fixed(V(0), V(1e10)).Sample(20_000);
        Assert.True(x.lt(2 * Math.PI).all().ToBoolean());
        Assert.True(x.gt(3).any().ToBoolean());
        Assert.True(new VonMises().Fixed(V(0), V(1e10)).LogProb(x).isfinite().all().ToBoolean());
    }

    [Theory, InlineData(300.0), InlineData(499.0), InlineData(501.0), InlineData(2e3)]
    public void Von_Mises_entropy_is_that_of_the_sum_over_the_circle(double kappa)
    {
        var p = F64(new VonMises().Fixed(V(3), V(kappa)));
        using var circle = QuadratureRule.Circle(4000);
        double entropy = -circle.Integrate(x => p.LogProb(x).exp() * p.LogProb(x));
        Assert.Equal(entropy, p.Entropy().ToDouble(), 1e-12);
    }

    [Theory, InlineData(1e4), InlineData(1e7), InlineData(1e12)]
    public void Von_Mises_entropy_divergence_and_gradient_are_exact_when_concentrated(double kappa)
    {
        foreach (bool wide in (bool[])[true, false])
        {
            double tolerance = wide ? 1e-9 + 1 / (kappa * kappa) : 3e-6;      // of the law's next term; of single precision
            var (p, q) = (new VonMises().Fixed(V(3), V(kappa)), new VonMises().Fixed(V(3), V(2 * kappa)));
            p.to(wide ? float64 : float32);
            q.to(wide ? float64 : float32);
            Assert.Equal(0.5 * Math.Log(2 * Math.PI * Math.E / kappa) + 1 / (4 * kappa), p.Entropy().ToDouble(), tolerance * 5);
            Assert.Equal((1 - Math.Log(2)) / 2 + 1 / (16 * kappa), Kl.Divergence(p, q).ToDouble(), tolerance * 5 + 1 / (4 * kappa * kappa));

            // At the mean, d ln p / d ln kappa = kappa (1 - A) = 1/2 + 1/(8 kappa).
            var theta = tensor(new[] { 3, Math.Log(kappa) }, [1, 2, 1], dtype: wide ? float64 : float32).requires_grad_();
            new VonMises().LogProb(full(1, 1, 3.0, dtype: theta.dtype), theta).sum().backward();
            Assert.Equal(0.5 + 1 / (8 * kappa), theta.grad![0, 1, 0].ToDouble(), tolerance);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Beta_draws_crowd_at_both_ends_when_its_parameters_are_tiny(bool wide)
    {
        manual_seed(1);
        foreach (double a in (double[])[0.01, 0.001])
        {
            var p = new Beta().Fixed(V(a), V(a));
            p.to(wide ? float64 : float32);
            var x = p.Sample(40_000).to(float64);
            double mass = 0.25 * a * (2 * Math.Log(3) * 2);                   // of (1/4, 3/4): the density is a / (2 x (1 - x)) to first order in a
            double seen = x.gt(0.25).logical_and(x.lt(0.75)).to(float64).mean().ToDouble();
            Assert.InRange(seen, 0, mass * 1.05 + 4.5 * Math.Sqrt(mass / 40_000));
            Assert.Equal(0.5, x.gt(0.5).to(float64).mean().ToDouble(), 4.5 * 0.5 / 200);
            Assert.True(p.LogProb(x.to(wide ? float64 : float32)).isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void Student_t_draws_have_the_tails_of_few_degrees_of_freedom()
    {
        // P(|x| > e^r) ~ e^(-nu r): the logarithm of a large draw is exponential of rate nu.
        manual_seed(1);
        const double nu = 0.05;
        var x = F64(new StudentT().Fixed(V(nu), V(0), V(1))).Sample(40_000).abs().log();
        double Above(double r) => x.gt(r).to(float64).mean().ToDouble();
        Assert.Equal(Math.Exp(-nu * 40), Above(90) / Above(50), 0.03);
        Assert.True(x.isfinite().all().ToBoolean());
    }

    [Fact]
    public void A_discretized_logistic_is_the_difference_of_two_sigmoids_without_its_cancellation()
    {
        var k = arange(-30, 31, dtype: float64).unsqueeze(1);
        var p = F64(new DiscretizedLogistic().Fixed(V(0.4), V(3)));
        Assert.InRange(Distance(p.LogProb(k).exp(), (((k + 0.5 - 0.4) / 3).sigmoid() - ((k - 0.5 - 0.4) / 3).sigmoid()).squeeze(1)), 0, 1e-15);
        Assert.Equal(-(1000 - 0.5 - 0.4) / 3 + Math.Log(1 - Math.Exp(-1.0 / 3)), LogProb(p, 1000), 1e-9);
        Assert.Equal(LogProb(new DiscretizedLogistic().Fixed(V(0), V(2)), -999), LogProb(new DiscretizedLogistic().Fixed(V(0), V(2)), 999), 1e-9);
    }

    [Fact]
    public void A_discretized_logistic_sums_to_one_over_400_scales()
    {
        var p = F64(new DiscretizedLogistic().Fixed(V(1000.3), V(50)));
        Assert.Equal(1, p.LogProb(arange(1000 - 20_000, 1000 + 20_000, dtype: float64).unsqueeze(1)).exp().sum().ToDouble(), 1e-11);
    }

    [Fact]
    public void The_end_levels_take_the_tails()
    {
        var p = new DiscretizedLogistic(4).Fixed(V(1.2), V(0.8));
        Assert.Equal(Math.Log(1 / (1 + Math.Exp((1.2 - 0.5) / 0.8))), LogProb(p, 0), 1e-12);
        Assert.Equal(Math.Log(1 / (1 + Math.Exp(-(1.2 - 2.5) / 0.8))), LogProb(p, 3), 1e-12);
    }

    [Fact]
    public void Outside_a_bounded_support_there_is_nothing()
    {
        foreach (double x in (double[])[-0.1, 2 * Math.PI + 1e-9, 100]) Assert.Equal(double.NegativeInfinity, LogProb(new VonMises().Fixed(V(1), V(2)), x));
        foreach (double x in (double[])[-0.1, 0, 1, 1.5]) Assert.Equal(double.NegativeInfinity, LogProb(new Beta().Fixed(V(0.5), V(2)), x));
        foreach (double x in (double[])[-1.001, 3.001]) Assert.Equal(double.NegativeInfinity, LogProb(new Uniform(V(-1), V(3)), x));
        foreach (double x in (double[])[-1, 0, 3]) Assert.Equal(-Math.Log(4), LogProb(new Uniform(V(-1), V(3)), x), 1e-15);
    }

    [Fact]
    public void Components_of_a_learned_mixture_start_apart()
    {
        var p = new MixtureFamily(new Normal(), 3).Learned(1);
        p.LogProb(randn(50, 1)).sum().backward();
        var means = p.parameters().Single().grad!.narrow(0, 3, 3).flatten();
        Assert.True((means[0] - means[1]).abs().ToDouble() > 0.1 && (means[1] - means[2]).abs().ToDouble() > 0.1);
    }

    [Fact]
    public void A_mixture_of_one_is_its_component()
    {
        var x = randn(9, 2, dtype: float64);
        Assert.InRange(Distance(F64(new MixtureFamily(new Logistic(), 1).Learned(2)).LogProb(x), F64(new Logistic().Learned(2)).LogProb(x)), 0, 1e-13);
    }

    [Fact]
    public void A_network_reads_a_mixtures_values_as_its_components()
    {
        var gray = tensor(new[] { 0f, 255, 51 });
        Assert.InRange(Distance(new MixtureFamily(new DiscretizedLogistic(256), 5).Encode(gray), tensor(new[] { -1f, 1, -0.6f })), 0, 1e-6);
        Assert.InRange(Distance(new MixtureFamily(new Normal(), 2).Encode(gray), gray), 0, 0);
    }

    [Fact]
    public void Impossible_thetas_give_no_NaN()
    {
        foreach (Family family in (Family[])[new Normal(), new Logistic(), new StudentT(), new VonMises(), new Bernoulli(), new DiscretizedLogistic(), new DiscretizedLogistic(16), new Categorical(3), new MixtureFamily(new Normal(), 2)])
            foreach (double extreme in (double[])[1e6, -1e6, 100, -100])
                foreach (var dtype in (ScalarType[])[float32, float64])
                {
                    var logP = family.LogProb(tensor(new[] { 0.0, 1.0, 2.0, 1e6 }).to(dtype).unsqueeze(1), full([1, family.ParameterCount, 1], extreme, dtype: dtype));
                    Assert.False(logP.isnan().any().ToBoolean(), $"{family} at {extreme} in {dtype}");
                }
    }

    [Fact]
    public void Families_with_the_same_settings_are_equal()
    {
        Assert.Equal(new MixtureFamily(new DiscretizedLogistic(256), 5), new MixtureFamily(new DiscretizedLogistic(256), 5));
        Assert.NotEqual<Family>(new DiscretizedLogistic(), new DiscretizedLogistic(256));
    }

    [Fact]
    public void An_entropy_without_a_closed_form_is_refused() =>
        Assert.Contains("MixtureFamily", Assert.Throws<NotSupportedException>(() => new MixtureFamily(new Normal(), 2).Learned(1).Entropy()).Message);

    private static Tensor V(params double[] values) => tensor(values, dtype: float64);

    private static double LogProb(Distribution p, double x) => F64(p).LogProb(V(x).unsqueeze(0)).ToDouble();

    private static T F64<T>(T p) where T : Distribution
    {
        p.to(float64);
        return p;
    }
}
