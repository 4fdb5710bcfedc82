using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

public partial class FamilyLaws
{
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
}
