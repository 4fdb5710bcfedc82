using FlowKit.Inference;

namespace FlowKit.Tests;

public class NearestNeighborTestTests
{
    [Fact]
    public void Points_whose_neighbors_are_known_are_counted_as_they_stand()
    {
        // On a line: x x . y x y y . The nearest of 0 is 1, of 1 is 0, of 10 is 11 (x), of 11 is 10 (y), of 20 is 21 and back (both y).
        var (x, y) = (tensor(new[,] { { 0.0 }, { 1 }, { 11 } }), tensor(new[,] { { 10.0 }, { 20 }, { 21 } }));
        Assert.Equal(4 / 6.0, NearestNeighborTest.Of(x, y).Statistic, tolerance: 1e-12);
    }

    [Fact]
    public void Equal_laws_give_one_half_and_p_values_that_are_rarely_small()
    {
        const int Tests = 60;
        int small = 0;
        double sum = 0;
        for (int k = 0; k < Tests; k++)
        {
            manual_seed(k);
            var test = NearestNeighborTest.Of(randn(100, 3), randn(100, 3), permutations: 199, seed: k);
            sum += test.Statistic;
            if (test.PValue <= 0.1) small++;
        }
        // The share has a standard deviation of about 0.045 here; P(more than 18 of 60 at 0.1) is 1e-5.
        Assert.Equal(99 / 199.0, sum / Tests, tolerance: 4 * 0.045 / Math.Sqrt(Tests));
        Assert.InRange(small, 0, 18);
    }

    [Fact]
    public void Other_laws_and_copies_are_found()
    {
        manual_seed(1);
        var x = randn(300, 2);
        Assert.True(NearestNeighborTest.Of(x, randn(300, 2) * 0.3f).PValue < 0.01);
        var copies = NearestNeighborTest.Of(x, x + 1e-4f);                       // each draw repeats one of the other sample
        Assert.True(copies.Statistic < 0.01);
        Assert.True(copies.PValue < 0.01);
    }

    [Fact]
    public void Many_draws_are_compared_in_blocks_with_the_same_result()
    {
        manual_seed(2);
        var (x, y) = (randn(700, 2, dtype: float64), randn(700, 2, dtype: float64) + 0.5);
        var all = cat([x, y]);
        var distance = cdist(all, all, 2) + eye(1400, dtype: float64) * 1e9;
        var own = arange(1400).lt(700);
        double share = own.eq(own.index_select(0, distance.argmin(1))).to(float64).mean().ToDouble();
        Assert.Equal(share, NearestNeighborTest.Of(x, y, permutations: 1).Statistic, tolerance: 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("x", () => NearestNeighborTest.Of(randn(1, 2), randn(1, 2)));
        Assert.Throws<ArgumentException>("y", () => NearestNeighborTest.Of(randn(5, 2), randn(4, 2)));
        Assert.Throws<ArgumentException>("y", () => NearestNeighborTest.Of(randn(5, 2), full([5, 2], float.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>("permutations", () => NearestNeighborTest.Of(randn(5, 2), randn(5, 2), permutations: 0));
    }
}
