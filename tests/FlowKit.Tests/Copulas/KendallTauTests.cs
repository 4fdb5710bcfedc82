using FlowKit.Copulas;

namespace FlowKit.Tests;

/// <summary>Kendall's tau against all pairs of rows, and its p-value.</summary>
public class KendallTauTests
{
    [Theory]
    [InlineData(2, 1000), InlineData(3, 2), InlineData(50, 3), InlineData(57, 1000), InlineData(257, 20), InlineData(300, 1_000_000)]
    public void It_is_that_of_all_pairs_of_rows_with_ties(int count, int values)
    {
        var random = new Random(count);
        double[] x = [.. Enumerable.Range(0, count).Select(i => (double)((i < 2 ? i : random.Next(values)) - values / 2))];
        double[] y = [.. x.Select((value, i) => i < 2 ? i : random.Next(2) == 0 ? value : random.Next(values) / 2)];
        Assert.Equal(OfAllPairs(x, y), KendallTau.Of(x, y), tolerance: 1e-14);
        Assert.Equal(OfAllPairs(y, x), KendallTau.Of(y, x), tolerance: 1e-14);
        Assert.Equal(-KendallTau.Of(x, y), KendallTau.Of([.. x.Select(value => -value)], y), tolerance: 1e-14);
    }

    [Fact]
    public void Orders_alike_and_opposite_are_1_and_minus_1()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => Math.Sin(i))];
        Assert.Equal(1, KendallTau.Of(x, [.. x.Select(Math.Exp)]));
        Assert.Equal(-1, KendallTau.Of(x, [.. x.Select(value => -value * value * value)]));
    }

    [Fact]
    public void A_tensor_is_its_two_columns()
    {
        manual_seed(1);
        var x = randn(100, 2, dtype: float64);
        x.select(1, 1).add_(x.select(1, 0));
        double tau = KendallTau.Of(x.select(1, 0).contiguous().data<double>().ToArray(), x.select(1, 1).contiguous().data<double>().ToArray());
        Assert.Equal(tau, KendallTau.Of(x));
        Assert.Equal(tau, KendallTau.Of(x.t().contiguous().t()));
        Assert.NotEqual(0, tau);
    }

    [Fact]
    public void The_p_value_is_the_normal_laws_and_uniform_for_independent_pairs()
    {
        // n = 10, tau = 0.5: z = 0.5 √(9 10 9 / 50) = 2.0125, and P(|Z| > 2.0125) by tables.
        Assert.Equal(0.04417, KendallTau.IndependencePValue(0.5, 10), tolerance: 2e-5);
        Assert.Equal(KendallTau.IndependencePValue(0.5, 10), KendallTau.IndependencePValue(-0.5, 10));
        Assert.Equal(1, KendallTau.IndependencePValue(0, 10));

        manual_seed(2);
        const int Draws = 1000;
        double below = Enumerable.Range(0, Draws).Count(_ =>
        {
            using var scope = NewDisposeScope();
            return KendallTau.IndependencePValue(KendallTau.Of(rand(200, 2, dtype: float64)), 200) < 0.1;
        });
        Assert.InRange(below / Draws, 0.1 - 4 * 0.0095, 0.1 + 4 * 0.0095);
    }

    [Fact]
    public void What_has_no_tau_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("y", () => KendallTau.Of([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>("x", () => KendallTau.Of([1.0], [1.0]));
        Assert.Throws<ArgumentException>("y", () => KendallTau.Of([1, 2], [1, double.NaN]));
        Assert.Throws<ArgumentException>("x", () => KendallTau.Of([3, 3], [1, 2]));
        Assert.Throws<ArgumentException>("x", () => KendallTau.Of(rand(5, 3)));
        Assert.Throws<ArgumentException>("x", () => KendallTau.Of(zeros(0, 2)));
        Assert.Throws<ArgumentOutOfRangeException>("tau", () => KendallTau.IndependencePValue(1.5, 10));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => KendallTau.IndependencePValue(0.5, 1));
    }

    private static double OfAllPairs(double[] x, double[] y)
    {
        long alike = 0, inX = 0, inY = 0;
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < i; j++)
            {
                var (a, b) = (Math.Sign(x[i] - x[j]), Math.Sign(y[i] - y[j]));
                alike += a * b;
                inX += a * a;
                inY += b * b;
            }
        return alike / (Math.Sqrt(inX) * Math.Sqrt(inY));
    }
}
