using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

/// <summary>What the distribution function and the quantiles of every family obey, in float64.</summary>
public class FamilyLaws
{
    private static readonly double[] Probabilities = [1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-10, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 1 - 1e-3, 1 - 1e-10, 1 - 1e-16];

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void The_two_tails_sum_to_one_and_are_the_exponentials_of_their_logarithms(string name)
    {
        var (it, theta, x) = Setting(name);
        var (below, above) = (it.Family.Cdf(x, theta), it.Family.Survival(x, theta));
        Assert.InRange(Distance(below + above, ones_like(x)), 0, 1e-15);
        Assert.Equal(0, Distance(it.Family.LogCdf(x, theta).exp(), below));
        Assert.Equal(0, Distance(it.Family.LogSurvival(x, theta).exp(), above));
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void The_distribution_function_rises(string name)
    {
        var (it, theta, x) = Setting(name);
        var sorted = x.sort(0).Values;
        foreach (var values in (Tensor[])[it.Family.LogCdf(sorted, theta), -it.Family.LogSurvival(sorted, theta)])
        {
            var (before, after) = (values.narrow(0, 0, values.size(0) - 1), values.narrow(0, 1, values.size(0) - 1));
            Assert.True(after.ge(before - before.abs().nan_to_num(nan: 0, posinf: 0, neginf: 0) * 4e-15 - 4e-15).all().ToBoolean());
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void The_slope_of_the_distribution_function_is_the_density(string name)
    {
        var (it, theta, x) = Setting(name);
        x = x.masked_select(x.isfinite().logical_and(x.gt(it.Ends.Low + 1e-300)).logical_and(x.lt(it.Ends.High))).unsqueeze(1).requires_grad_();
        var density = it.Family.LogProb(x, theta).exp();
        foreach (bool upper in (bool[])[false, true])
        {
            var p = upper ? -it.Family.Survival(x, theta) : it.Family.Cdf(x, theta);
            var slope = autograd.grad([p.sum()], [x], retain_graph: true, create_graph: true)[0];
            Near(density, slope, (1e-11 + it.Rounding) * density + 1e-14 * p.abs() * Scale(x));
            var (bend, exact) = (autograd.grad([slope.sum()], [x], retain_graph: true)[0], autograd.grad([density.sum()], [x], retain_graph: true)[0]);
            Near(exact, bend, (1e-7 + it.Rounding) * (exact.abs() + density * Scale(x)) + 1e-10 * p.abs() * Scale(x) * Scale(x));
        }

        Tensor Scale(Tensor x) => (it.Family.Quantile(full(1, 1, 0.9, float64), theta) - it.Family.Quantile(full(1, 1, 0.1, float64), theta)).reciprocal() + x.detach().abs().reciprocal() + (it.Ends.High - x.detach()).reciprocal();
    }

    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void The_distribution_function_of_a_quantile_is_the_probability(string name)
    {
        var it = FamilyCatalog.Get(name);
        foreach (double p in Probabilities)
            foreach (bool upper in (bool[])[false, true])
            {
                double error = RoundTrip(it, p, upper);
                Assert.True(error <= 1e-12, $"{(upper ? "upper" : "lower")} tail, p = {p}: {error}");
            }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void Quantiles_rise_and_both_kinds_agree(string name)
    {
        var it = FamilyCatalog.Get(name);
        var p = linspace(0.001, 0.999, 60, dtype: float64).unsqueeze(1);
        var x = it.Family.Quantile(p, it.Theta);
        Assert.True(x.narrow(0, 1, 59).ge(x.narrow(0, 0, 59)).all().ToBoolean());
        var upper = it.Family.SurvivalQuantile(1 - p, it.Theta);
        Assert.True((x - upper).abs().le(1e-11 * (x.abs() + upper.abs()) + 4e-16 * it.Family.LogProb(x, it.Theta).neg().exp()).all().ToBoolean());
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Draws_seen_through_their_distribution_function_are_uniform(string name)
    {
        const int draws = 20_000;
        manual_seed(1);
        var it = FamilyCatalog.Get(name);
        if (it.IsCoarse) return;
        var x = it.Family.Sample(it.Theta.expand(draws, it.Parameters.Length, 1));
        var u = it.Family.Cdf(x, it.Theta);
        if (it.Family.IsDiscrete) u -= rand_like(u) * it.Family.LogProb(x, it.Theta).exp();    // uniform within the step
        var sorted = u.flatten().sort(0).Values;
        var rank = arange(draws, dtype: float64) / draws;
        double distance = Math.Max((sorted - rank).max().ToDouble(), (rank + 1.0 / draws - sorted).max().ToDouble());
        Assert.InRange(distance * Math.Sqrt(draws), 0, 2.3);                 // Kolmogorov's law exceeds it with probability 5e-5: four standard errors
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Infinities_have_all_mass_on_one_side_and_NaN_stays(string name)
    {
        var it = FamilyCatalog.Get(name);
        var x = tensor([double.NegativeInfinity, double.PositiveInfinity, double.NaN, -1e300, 1e300], [5, 1], dtype: float64).requires_grad_();
        var theta = it.Theta.requires_grad_();
        Assert.Equal([0, 1, double.NaN], it.Family.Cdf(x, theta).data<double>().ToArray()[..3]);
        Assert.Equal([1, 0, double.NaN], it.Family.Survival(x, theta).data<double>().ToArray()[..3]);
        Assert.Equal([double.NegativeInfinity, 0, double.NaN], it.Family.LogCdf(x, theta).data<double>().ToArray()[..3]);
        Assert.Equal([0, double.NegativeInfinity, double.NaN], it.Family.LogSurvival(x, theta).data<double>().ToArray()[..3]);
        Assert.False(it.Family.LogCdf(x, theta).narrow(0, 3, 2).isnan().any().ToBoolean());
        if (!it.Family.LogProb(x, theta).narrow(0, 0, 1).isnan().any().ToBoolean() && it.Parameters.All(double.IsFinite))
            Assert.True(autograd.grad([it.Family.Cdf(x, theta).nansum()], [theta], allow_unused: true)[0].isfinite().all().ToBoolean());
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Quantiles_at_zero_and_one_are_the_ends_and_no_probability_has_none(string name)
    {
        var it = FamilyCatalog.Get(name);
        var (low, high) = Ends(it);
        var p = tensor([0, 1, double.NaN, -0.1, 1.1], [5, 1], dtype: float64);
        Assert.Equal([low, high, double.NaN, double.NaN, double.NaN], it.Family.Quantile(p, it.Theta).data<double>().ToArray());
        if (it.Family.IsDiscrete && double.IsFinite(high)) high = Least(it, k => it.Family.Survival(k, it.Theta).ToDouble() == 0);
        Assert.Equal([high, low, double.NaN, double.NaN, double.NaN], it.Family.SurvivalQuantile(p, it.Theta).data<double>().ToArray());
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Known_values_are_met_in_both_tails(string name)
    {
        var it = FamilyCatalog.Get(name);
        foreach (var (x, below, above) in FamilyOracle.Of(name))
        {
            var at = full(1, 1, x, float64);
            double slack = (it.Family.LogProb(at, it.Theta).ToDouble() is var logP && double.IsFinite(logP) ? logP : -1e9);
            Assert.Equal(below, it.Family.LogCdf(at, it.Theta).ToDouble(), 1e-12 + Math.Exp(slack - below) * Math.BitIncrement(Math.Abs(x)) * 4e-16);
            Assert.Equal(above, it.Family.LogSurvival(at, it.Theta).ToDouble(), 1e-12 + Math.Exp(slack - above) * Math.BitIncrement(Math.Abs(x)) * 4e-16);
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Gradients_to_theta_are_those_of_differences(string name)
    {
        var it = FamilyCatalog.Get(name);
        if (!it.Parameters.All(double.IsFinite)) return;
        var x = Inside(it);
        var p = it.Family.IsDiscrete ? null : it.Family.Cdf(x, it.Theta);
        Check(theta => it.Family.LogCdf(x, theta));
        Check(theta => it.Family.LogSurvival(x, theta));
        if (p is not null) Check(theta => it.Family.Quantile(p, theta));

        void Check(Func<Tensor, Tensor> f)
        {
            var theta = it.Theta.repeat(x.size(0), 1, 1).requires_grad_();
            var value = f(theta);
            var exact = autograd.grad([value.sum()], [theta])[0];
            double h = it.Step;
            for (int i = 0; i < it.Parameters.Length; i++)
            {
                var slope = (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
                Near(slope, exact.select(1, i), 1e-6 * slope.abs().clamp_min(1) + value.detach().abs() * 4e-15 / h);

                Tensor At(double step)
                {
                    var moved = it.Theta.clone();
                    moved[0, i, 0] = it.Parameters[i] + step;
                    return f(moved);
                }
            }
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void Gradients_of_quantiles_are_the_density_s_reciprocal(string name)
    {
        var it = FamilyCatalog.Get(name);
        var p = tensor([1e-12, 1e-3, 0.2, 0.5, 0.8, 0.99], [6, 1], dtype: float64).requires_grad_();
        var x = it.Family.Quantile(p, it.Theta);
        var keep = x.detach().gt(0).logical_and(x.detach().ne(it.Ends.High)).logical_or(x.detach().lt(0)).logical_and(x.detach().isfinite());
        var slope = autograd.grad([x.masked_select(keep).sum()], [p])[0].masked_select(keep);
        var exact = it.Family.LogProb(x, it.Theta).neg().exp().masked_select(keep);
        Near(exact, slope, exact * (1e-9 + it.Rounding));
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Every_theta_gives_probabilities_and_finite_gradients(string name)
    {
        var it = FamilyCatalog.Get(name);
        manual_seed(3);
        foreach (double size in (double[])[3, 100])
        {
            var theta = (randn(40, it.Parameters.Length, 1, dtype: float64) * size).requires_grad_();
            var x = (randn(40, 1, dtype: float64) * (randn(40, 1, dtype: float64) * 4).exp()).requires_grad_();
            var (below, above) = (it.Family.Cdf(x, theta), it.Family.Survival(x, theta));
            Assert.True(below.ge(0).logical_and(below.le(1)).all().ToBoolean());
            Assert.InRange(Distance(below + above, ones_like(below)), 0, 1e-14);
            Assert.True(autograd.grad([below.sum() + above.sum()], [theta], allow_unused: true)[0].isfinite().all().ToBoolean());
            Assert.False(it.Family.Quantile(rand(40, 1, dtype: float64), theta).isnan().any().ToBoolean());
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Rows_share_one_theta_or_have_their_own_and_keep_their_precision(string name)
    {
        var it = FamilyCatalog.Get(name);
        var x = Inside(it).expand(-1, 3).contiguous();
        var (shared, own) = (it.Theta.expand(1, -1, 3), it.Theta.expand(x.size(0), -1, 3));
        var p = it.Family.Cdf(x, shared);
        Assert.Equal(x.shape, p.shape);
        Assert.Equal(0, Distance(p, it.Family.Cdf(x, own)));
        Assert.Equal(0, Distance(it.Family.Quantile(p.clamp(0.01, 0.99), shared), it.Family.Quantile(p.clamp(0.01, 0.99), own)));
        Assert.Equal(float64, it.Family.Quantile(p, shared).dtype);
        var (narrow, single) = (x.to(float32), shared.to(float32));
        Assert.Equal(float32, it.Family.Cdf(narrow, single).dtype);
        Assert.Equal(float32, it.Family.Quantile(p.to(float32), single).dtype);
        if (it.Family.IsDiscrete) Assert.Equal(0, Distance(it.Family.Cdf(x.floor().to(int64), shared), p));
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Only_the_results_outlive_a_call(string name)
    {
        var it = FamilyCatalog.Get(name);
        using var scope = NewDisposeScope();
        var (x, theta) = (Inside(it).clone(), it.Theta.requires_grad_());
        long before = LiveTensors;
        var p = it.Family.Cdf(x, theta);
        Assert.Equal(before + 1, LiveTensors);
        it.Family.LogSurvival(x, theta);
        Assert.Equal(before + 2, LiveTensors);
        it.Family.Quantile(p, theta);
        Assert.Equal(before + 3, LiveTensors);
    }

    [Theory, MemberData(nameof(FamilyCatalog.Discrete), MemberType = typeof(FamilyCatalog))]
    public void Sums_of_masses_are_the_distribution_function(string name)
    {
        var it = FamilyCatalog.Get(name);
        var k = arange(it.Support.Low, it.Support.High + 1, dtype: float64).unsqueeze(1);
        var mass = it.Family.LogProb(k, it.Theta).exp();
        Assert.InRange(Distance(mass.cumsum(0), it.Family.Cdf(k, it.Theta)), 0, 1e-12);
        Assert.InRange(Distance(mass.flip(0).cumsum(0).flip(0) - mass, it.Family.Survival(k, it.Theta)), 0, 1e-12);
        Assert.Equal(0, Distance(it.Family.Cdf(k + 0.999, it.Theta), it.Family.Cdf(k, it.Theta)));
    }

    [Theory, MemberData(nameof(FamilyCatalog.Discrete), MemberType = typeof(FamilyCatalog))]
    public void The_logarithm_of_a_sum_of_masses_keeps_both_tails(string name)
    {
        var it = FamilyCatalog.Get(name);
        var k = arange(it.Support.Low, it.Support.High + 1, dtype: float64).unsqueeze(1);
        var logP = it.Family.LogProb(k, it.Theta);
        int count = (int)k.size(0);
        foreach (int i in double.IsInfinity(Ends(it).Low) ? (int[])[count / 2 - 2, count / 2, count / 2 + 2] : [0, count / 2, count - 2])
        {
            Same(logP.narrow(0, 0, i + 1), it.Family.LogCdf(k[i].unsqueeze(0), it.Theta));
            Same(logP.narrow(0, i + 1, count - i - 1), it.Family.LogSurvival(k[i].unsqueeze(0), it.Theta));
        }

        static void Same(Tensor logs, Tensor seen)
        {
            double expected = logs.numel() == 0 || logs.max().ToDouble() is double.NegativeInfinity ? double.NegativeInfinity : logs.logsumexp(0).ToDouble();
            if (double.IsFinite(expected)) Assert.Equal(expected, seen.ToDouble(), 1e-10);
            else Assert.Equal(expected, seen.ToDouble());
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Discrete), MemberType = typeof(FamilyCatalog))]
    public void A_quantile_is_the_least_number_that_reaches_the_probability(string name)
    {
        var it = FamilyCatalog.Get(name);
        var k = arange(it.Support.Low, it.Support.High + 1, dtype: float64).unsqueeze(1);
        var p = it.Family.Cdf(k, it.Theta);
        p = p.masked_select(p.lt(1).logical_and(p.gt(0))).unsqueeze(1);
        foreach (var asked in (Tensor[])[p, p * (1 - 1e-9), linspace(1e-6, 1 - 1e-6, 77, dtype: float64).unsqueeze(1), tensor(Probabilities, [Probabilities.Length, 1], dtype: float64)])
        {
            var least = it.Family.Quantile(asked, it.Theta);
            Assert.True(it.Family.Cdf(least, it.Theta).ge(asked).all().ToBoolean());
            Assert.True(it.Family.Cdf(least - 1, it.Theta).lt(asked).all().ToBoolean());
            var upper = it.Family.SurvivalQuantile(asked, it.Theta);
            Assert.True(it.Family.Survival(upper, it.Theta).le(asked).all().ToBoolean());
            Assert.True(it.Family.Survival(upper - 1, it.Theta).gt(asked).all().ToBoolean());
        }
    }

    [Fact]
    public void A_family_without_a_distribution_function_says_so_by_name()
    {
        var (x, theta) = (zeros(1, 1, float64), zeros(1, 1, 1, float64));
        foreach (var call in (Func<Tensor, Tensor, Tensor>[])[new Bare().Cdf, new Bare().LogSurvival, new Bare().Quantile])
            Assert.Contains(nameof(Bare), Assert.Throws<NotSupportedException>(() => call(x, theta)).Message);
    }

    /// <summary>The relative error of F(F⁻¹(p)) in either tail; 0 where two doubles on either side of the quantile have p between them.</summary>
    internal static double RoundTrip(FamilyCase it, double p, bool upper)
    {
        using var scope = NewDisposeScope();
        var asked = full(1, 1, p, float64);
        double x = (upper ? it.Family.SurvivalQuantile(asked, it.Theta) : it.Family.Quantile(asked, it.Theta)).ToDouble();
        double error = Math.Abs(At(x) - p) / p;
        var (before, after) = (At(Math.BitDecrement(Math.BitDecrement(x))), At(Math.BitIncrement(Math.BitIncrement(x))));
        return error <= 1e-12 || !(Math.Min(before, after) <= p && p <= Math.Max(before, after)) ? error : 0;

        double At(double x) => (upper ? it.Family.Survival(full(1, 1, x, float64), it.Theta) : it.Family.Cdf(full(1, 1, x, float64), it.Theta)).ToDouble();
    }

    private sealed record Bare : Family
    {
        public override int ParameterCount => 1;

        public override Tensor LogProb(Tensor x, Tensor theta) => x;

        public override Tensor Sample(Tensor theta) => theta;
    }

    private static (double Low, double High) Ends(FamilyCase it) => !it.Family.IsDiscrete ? it.Ends
        : it.Name is "discretized logistic" or "discretized logistic, narrow" || it.Name.EndsWith("unbounded") ? (double.NegativeInfinity, double.PositiveInfinity)
        : (it.Support.Low, Least(it, k => it.Family.Cdf(k, it.Theta).ToDouble() == 1));

    private static double Least(FamilyCase it, Func<Tensor, bool> reached) =>
        Enumerable.Range(it.Support.Low, it.Support.High - it.Support.Low + 1).First(k => reached(full(1, 1, (double)k, float64)));

    // Points of the middle.
    private static Tensor Inside(FamilyCase it)
    {
        if (it.Family.IsDiscrete) return tensor([.. Enumerable.Range(0, 5).Select(i => it.Support.Low + i * (it.Support.High - it.Support.Low) / 5.0)], [5, 1], dtype: float64);
        var x = it.Family.Quantile(tensor([0.05, 0.3, 0.5, 0.8, 0.97], [5, 1], dtype: float64), it.Theta);
        return x.masked_select(x.gt(it.Ends.Low).logical_and(x.lt(it.Ends.High))).unsqueeze(1);
    }

    // Points in the middle, in both tails and outside.
    private static (FamilyCase Case, Tensor Theta, Tensor X) Setting(string name)
    {
        var it = FamilyCatalog.Get(name);
        var p = tensor(Probabilities, [Probabilities.Length, 1], dtype: float64);
        var x = it.Family.IsDiscrete
            ? linspace(it.Support.Low - 1, it.Support.High + 1, 101, dtype: float64).unsqueeze(1)
            : cat([it.Family.Quantile(p, it.Theta), it.Family.SurvivalQuantile(p, it.Theta), linspace(-9, 9, 37, dtype: float64).unsqueeze(1)], dim: 0);
        return (it, it.Theta, x);
    }

    private static void Near(Tensor expected, Tensor actual, Tensor tolerance)
    {
        var near = (expected - actual).abs().le(tolerance).logical_or(expected.isinf());      // overflow
        Assert.True(near.all().ToBoolean(), $"expected {expected.detach().str()}, got {actual.detach().str()}");
    }
}
