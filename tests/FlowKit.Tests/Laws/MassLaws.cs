using FlowKit.Distributions;
using static FlowKit.Tests.Laws.Numeric;

namespace FlowKit.Tests.Laws;

/// <summary>What every distribution of whole numbers obeys, in float64.</summary>
public class MassLaws
{
    private const long Draws = 40_000;

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void The_masses_sum_to_one(string name)
    {
        var (it, p) = Setting(name);
        Assert.Equal(1, p.LogProb(it.Support(p)).exp().sum().ToDouble(), 1e-12);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Draws_are_as_frequent_as_their_masses(string name)
    {
        var (it, p) = Setting(name);
        var x = p.Sample(Draws);
        var support = it.Support(p);
        var mass = p.LogProb(support).exp();
        var likely = mass.topk(Math.Min(12, (int)mass.size(0)), 0, largest: true, sorted: true).indexes;
        foreach (long i in likely.data<long>().ToArray())
        {
            double expected = mass[i].ToDouble(), seen = x.eq(support[i]).flatten(1).all(1).to(float64).mean().ToDouble();
            Assert.InRange(seen - expected, -4.5 * Error(expected), 4.5 * Error(expected));
        }

        static double Error(double mass) => Math.Sqrt(Math.Max(mass * (1 - mass), 1e-4) / Draws);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void The_mean_log_prob_of_its_own_draws_is_minus_its_entropy(string name)
    {
        var (it, p) = Setting(name);
        var logP = p.LogProb(p.Sample(Draws));
        Assert.True(logP.isfinite().all().ToBoolean());
        double standardError = logP.std().ToDouble() / Math.Sqrt(Draws);
        Assert.InRange(logP.mean().ToDouble() + Entropy(it, p), -4.5 * standardError - 1e-9, 4.5 * standardError + 1e-9);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void The_entropy_in_closed_form_is_that_of_the_sum(string name)
    {
        var (it, p) = Setting(name);
        if (p is not FamilyDistribution { Family: Categorical or Bernoulli } closed) return;
        if (!double.IsFinite(p.LogProb(it.Support(p)).min().ToDouble()) && closed.Family is Bernoulli) return;   // infinite logits
        Assert.Equal(Entropy(it, p), closed.Entropy().ToDouble(), 1e-12);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Off_the_support_there_is_nothing_and_NaN_stays(string name)
    {
        var (it, p) = Setting(name);
        double[] off = it.Bounded ? [0.5, 1 - 1e-9, it.Low - 1, it.High + 1, -1e6, 1e6, double.PositiveInfinity] : [0.5, 1 - 1e-9];
        foreach (double value in off)
            Assert.Equal(double.NegativeInfinity, p.LogProb(full([1, .. p.EventShape], value, dtype: float64)).ToDouble());
        foreach (double value in (double[])[1e6, -1e6, 1e15])
            Assert.False(p.LogProb(full([1, .. p.EventShape], value, dtype: float64)).isnan().any().ToBoolean());
        Assert.True(p.LogProb(full([1, .. p.EventShape], double.NaN, dtype: float64)).isnan().all().ToBoolean());
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Data_of_any_dtype_have_the_same_mass(string name)
    {
        var (_, p) = Setting(name);
        var x = p.Sample(20);
        Assert.Equal(x, x.round());
        Assert.Equal(0, Distance(p.LogProb(x.to(int64)), p.LogProb(x)));
        Assert.InRange(Distance(p.LogProb(x.to(float32)), p.LogProb(x)), 0, 1e-12);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Draws_have_the_promised_shape_and_the_modules_precision(string name)
    {
        var (_, p) = Setting(name);
        Assert.Equal([3, .. p.EventShape], p.Sample(3).shape);
        Assert.Equal([0, .. p.EventShape], p.Sample(0).shape);
        Assert.Equal(float64, p.Sample(1).dtype);
        var x = p.Sample(50);
        var exact = p.LogProb(x);
        p.to(float32);
        Assert.Equal(float32, p.Sample(1).dtype);
        Assert.Equal(float32, p.LogProb(p.Sample(2)).dtype);
        Assert.InRange(Distance(p.LogProb(x.to(float32)), exact), 0, 2e-3);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Drawing_with_log_prob_gives_the_log_prob_of_the_draw(string name)
    {
        var (_, p) = Setting(name);
        var (x, logP) = p.SampleWithLogProb(50);
        Assert.InRange(Distance(p.LogProb(x), logP), 0, 1e-12);
    }

    [Theory, MemberData(nameof(MassCatalog.Names), MemberType = typeof(MassCatalog))]
    public void Only_the_results_outlive_a_call(string name)
    {
        var (_, p) = Setting(name);
        MemoryLaw.OnlyTheResultsOutliveACall(p);
    }

    private static (MassCase Case, Distribution P) Setting(string name) => (MassCatalog.Get(name), MassCatalog.Get(name).Create());

    private static double Entropy(MassCase it, Distribution p)
    {
        var logP = p.LogProb(it.Support(p));
        return -(logP.exp() * logP).nan_to_num(nan: 0).sum().ToDouble();
    }
}
