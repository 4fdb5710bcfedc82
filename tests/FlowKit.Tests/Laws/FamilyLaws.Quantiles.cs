namespace FlowKit.Tests.Laws;

public partial class FamilyLaws
{
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
    public void Quantiles_at_zero_and_one_are_the_ends_and_no_probability_has_none(string name)
    {
        var it = FamilyCatalog.Get(name);
        var (low, high) = Ends(it);
        var p = tensor([0, 1, double.NaN, -0.1, 1.1], [5, 1], dtype: float64);
        Assert.Equal([low, high, double.NaN, double.NaN, double.NaN], it.Family.Quantile(p, it.Theta).data<double>().ToArray());
        if (it.Family.IsDiscrete && double.IsFinite(high)) high = Least(it, k => it.Family.Survival(k, it.Theta).ToDouble() == 0);
        Assert.Equal([high, low, double.NaN, double.NaN, double.NaN], it.Family.SurvivalQuantile(p, it.Theta).data<double>().ToArray());
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
}
