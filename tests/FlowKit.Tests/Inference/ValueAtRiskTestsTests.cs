using FlowKit.Inference;

namespace FlowKit.Tests;

public class ValueAtRiskTestsTests
{
    // By hand: LR = -2 (n - x) ln((1 - p) / (1 - x/n)) - 2 x ln(p / (x/n)).
    [Theory]
    [InlineData(250, 5, 0.01, 1.956810, 0.161855)]
    [InlineData(250, 0, 0.01, 5.025168, 0.024982)]
    [InlineData(1000, 10, 0.01, 0, 1)]
    [InlineData(10, 10, 0.5, 13.862944, 0.000197)]
    public void Coverage_is_Kupiec_s(int days, int violations, double level, double statistic, double p)
    {
        var coverage = ValueAtRiskTests.Of([.. Enumerable.Range(0, days).Select(day => day < violations)], level).Coverage;
        Assert.Equal(statistic, coverage.Statistic, tolerance: 1e-6);
        Assert.Equal(p, coverage.PValue, tolerance: 1e-6);
        Assert.Equal(1, coverage.DegreesOfFreedom);
    }

    [Fact]
    public void Independence_and_conditional_coverage_are_Christoffersen_s()
    {
        // 0 0 1 1 0 0 0 1 0 0 1: from a calm day 4 calm, 3 violations; from a violation 2 calm, 1 violation. Ten moves, four to violations.
        var tests = ValueAtRiskTests.Of([.. "00110001001".Select(c => c == '1')], level: 0.2);
        double chain = 4 * Math.Log(4 / 7.0) + 3 * Math.Log(3 / 7.0) + 2 * Math.Log(2 / 3.0) + Math.Log(1 / 3.0);
        double independence = 2 * (chain - 6 * Math.Log(0.6) - 4 * Math.Log(0.4)), conditional = 2 * (chain - 6 * Math.Log(0.8) - 4 * Math.Log(0.2));
        Assert.Equal((11, 4, 0.2), (tests.Days, tests.Violations, tests.Level));
        Assert.Equal(independence, tests.Independence.Statistic, 12);
        Assert.Equal(conditional, tests.ConditionalCoverage.Statistic, 12);
        Assert.Equal(Math.Exp(-conditional / 2), tests.ConditionalCoverage.PValue, 12);
        Assert.Equal(2, tests.ConditionalCoverage.DegreesOfFreedom);
    }

    [Fact]
    public void Without_violations_nothing_speaks_against_independence()
    {
        var tests = ValueAtRiskTests.Of(new bool[250], level: 0.01);
        Assert.Equal((0, 1), (tests.Independence.Statistic, tests.Independence.PValue));
        Assert.Equal(-2 * 249 * Math.Log(0.99), tests.ConditionalCoverage.Statistic, 10);
    }

    [Fact]
    public void Clusters_speak_against_independence_and_p_values_of_independent_days_are_uniform()
    {
        Assert.True(ValueAtRiskTests.Of([.. Enumerable.Range(0, 500).Select(day => day % 100 < 5)], level: 0.05).Independence.PValue < 1e-6);

        manual_seed(1);
        double[] p = [.. Enumerable.Range(0, 1000).Select(_ => ValueAtRiskTests.Of(rand(500).lt(0.1).data<bool>().ToArray(), level: 0.1)).Select(tests => tests.ConditionalCoverage.PValue)];
        Assert.InRange(p.Count(value => value < 0.1), 100 - 40, 100 + 40);         // four standard errors
        Assert.InRange(p.Count(value => value < 0.5), 500 - 64, 500 + 64);
    }

    [Fact]
    public void A_violation_is_a_loss_beyond_the_limit()
    {
        var returns = tensor(new[] { -0.03, 0.05, -0.01, -0.02 });
        Assert.Equal(2, ValueAtRiskTests.Of(returns, tensor(new[] { 0.015 }), level: 0.1).Violations);
        Assert.Equal(1, ValueAtRiskTests.Of(returns, tensor(new[] { 0.04, 0.04, 0.001, 0.02 }), level: 0.1).Violations);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("hits", () => ValueAtRiskTests.Of([true], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>("level", () => ValueAtRiskTests.Of([true, false], 1));
        Assert.Throws<ArgumentException>("returns", () => ValueAtRiskTests.Of(rand(3, 1), rand(1), 0.1));
        Assert.Throws<ArgumentException>("valueAtRisk", () => ValueAtRiskTests.Of(rand(3), rand(2), 0.1));
        Assert.Throws<ArgumentException>("returns", () => ValueAtRiskTests.Of(tensor(new[] { double.NaN, 1 }), rand(1), 0.1));
    }
}
