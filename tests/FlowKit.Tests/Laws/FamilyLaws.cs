using FlowKit.Distributions;
using FlowKit.Laws;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

/// <summary>What the distribution function and the quantiles of every family obey, in float64.</summary>
public partial class FamilyLaws
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
        Assert.InRange(Kolmogorov.Statistic(u, uniform => uniform), 0, 2.3);  // exceeded with probability 5e-5: four standard errors
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
    public void Known_values_are_met_in_both_tails(string name)
    {
        var it = FamilyCatalog.Get(name);
        foreach (var (x, below, above) in FamilyOracle.Of(name))
        {
            var at = full(1, 1, x, float64);
            double logP = it.Family.LogProb(at, it.Theta).ToDouble(), rounding = Math.Abs(x) * 4e-16;     // of x, and of theta's exponentials
            Assert.Equal(below, it.Family.LogCdf(at, it.Theta).ToDouble(), 1e-12 + Math.Exp(logP - below) * rounding);
            Assert.Equal(above, it.Family.LogSurvival(at, it.Theta).ToDouble(), 1e-12 + Math.Exp(logP - above) * rounding);
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

    [Fact]
    public void A_family_without_a_distribution_function_says_so_by_name()
    {
        var (x, theta) = (zeros(1, 1, float64), zeros(1, 1, 1, float64));
        foreach (var call in (Func<Tensor, Tensor, Tensor>[])[new Bare().Cdf, new Bare().LogSurvival, new Bare().Quantile])
            Assert.Contains(nameof(Bare), Assert.Throws<NotSupportedException>(() => call(x, theta)).Message);
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
        return OffCorner(it, x.masked_select(x.gt(it.Ends.Low).logical_and(x.lt(it.Ends.High))).unsqueeze(1));
    }

    private static Tensor OffCorner(FamilyCase it, Tensor x) => it.Corner is { } corner ? x.masked_select((x - corner).abs().gt(1e-3)).unsqueeze(1) : x;

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
