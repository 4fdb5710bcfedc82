using FlowKit.Inference;

namespace FlowKit.Tests.Inference;

public class ClassifierTestTests
{
    [Fact]
    public void A_classifier_is_a_coin_for_one_law_and_sees_another()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            manual_seed(seed);
            var same = ClassifierTest.Of(randn(300, 2), randn(300, 2), options: ClassifierTest.Options with { Steps = 100 }, seed: seed);
            Assert.InRange(same.Statistic, 0.5 - 4.5 / Math.Sqrt(4 * 300), 0.5 + 4.5 / Math.Sqrt(4 * 300));
            Assert.InRange(same.PValue, 3e-6, 1);
        }

        manual_seed(6);
        var (exact, narrow) = (randn(1500, 2), randn(1000, 2) * 0.5);
        // The best rule chooses the narrow law within |x|² = 2 ln 4 / 3, where the two densities are equal: right with the mean probability of both.
        double square = 2 * Math.Log(4) / 3, best = (Math.Exp(-square / 2) + 1 - Math.Exp(-square / 2 * 4)) / 2;
        var test = ClassifierTest.Of(exact, narrow);
        Assert.InRange(test.Statistic, best - 0.07, best + 4.5 * Math.Sqrt(best * (1 - best) / 1000));
        Assert.InRange(test.PValue, 0, 1e-10);
        var expected = randn(2);
        manual_seed(6);
        (exact, narrow) = (randn(1500, 2), randn(1000, 2) * 0.5);
        Assert.Equal(test, ClassifierTest.Of(exact, narrow));
        Assert.True(randn(2).allclose(expected));
    }

    [Fact]
    public void The_tail_of_fair_coins_is_that_of_the_binomial_law()
    {
        Assert.Equal(11 / 1024.0, BinomialBand.AtLeast(9, 10, 0.5), 1e-15);
        Assert.Equal(1, BinomialBand.AtLeast(0, 10, 0.5), 1e-15);
        Assert.Equal(1 / 1024.0, BinomialBand.AtLeast(10, 10, 0.5), 1e-15);
        Assert.Equal(0, BinomialBand.AtLeast(11, 10, 0.5));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Contains("n >= 10", Assert.Throws<ArgumentException>("x", () => ClassifierTest.Of(randn(5, 2), randn(20, 2))).Message);
        Assert.Contains("(m, 2)", Assert.Throws<ArgumentException>("y", () => ClassifierTest.Of(randn(20, 2), randn(20, 3))).Message);
        Assert.Throws<ArgumentException>("y", () => ClassifierTest.Of(randn(20, 2), randn(20, 2) / 0));
    }
}
