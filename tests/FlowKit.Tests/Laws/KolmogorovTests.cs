using FlowKit.Laws;

namespace FlowKit.Tests.Laws;

public class KolmogorovTests
{
    [Fact]
    public void The_distance_of_a_few_draws_is_counted_by_hand()
    {
        double[] draws = [0.9, 0.1, 0.3];                                     // steps of 1/3 at 0.1, 0.3, 0.9: the largest distance is 2/3 - 0.3
        Assert.Equal((2 / 3.0 - 0.3) * Math.Sqrt(3), Kolmogorov.Statistic(tensor(draws), x => x), 1e-14);
        double[] low = [0.5, 0.5];                                            // no draw up to 0.5, then both
        Assert.Equal(0.5 * Math.Sqrt(2), Kolmogorov.Statistic(tensor(low), x => x), 1e-14);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.8275736, 0.5)]
    [InlineData(1.3580986, 0.05)]
    [InlineData(1.6276236, 0.01)]
    [InlineData(1.9494746, 0.001)]
    public void The_tail_is_that_of_the_tables(double statistic, double probability) => Assert.Equal(probability, Kolmogorov.Tail(statistic), 1e-7);

    [Fact]
    public void The_tail_falls_from_one_to_zero()
    {
        double[] tails = [.. Enumerable.Range(0, 300).Select(i => Kolmogorov.Tail(i / 50.0))];
        Assert.Equal(1, tails[0]);
        Assert.InRange(tails[^1], 0, 1e-30);
        Assert.All(tails.Zip(tails.Skip(1)), pair => Assert.True(pair.Second <= pair.First));
        Assert.True(double.IsNaN(Kolmogorov.Tail(double.NaN)));
    }

    [Fact]
    public void Draws_of_the_law_stay_below_and_of_another_do_not()
    {
        manual_seed(1);
        var draws = randn(50_000, dtype: float64);
        Assert.InRange(Kolmogorov.Statistic(draws, special.ndtr), 0.2, 2.3);  // exceeded with probability 5e-5
        Assert.True(Kolmogorov.Statistic(draws + 0.05, special.ndtr) > 2.3);
        Assert.True(double.IsNaN(Kolmogorov.Statistic(tensor([0.1, double.NaN]), x => x)));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("draws", () => Kolmogorov.Statistic(zeros(0, dtype: float64), x => x));
        Assert.Contains("expected (2,)", Assert.Throws<ArgumentException>("distribution", () => Kolmogorov.Statistic(zeros(2, dtype: float64), x => x[..1])).Message);
    }
}
