using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class MarkovChainTests
{
    [Fact]
    public void A_pixel_costs_what_its_table_says()
    {
        using var scope = NewDisposeScope();
        var train = tensor(new long[] { 0, 0, 1, 0, 1, 1 }, [2, 3]);          // first pixels 0, 0; pairs 00, 01, 01, 11
        var test = tensor(new long[] { 0, 1, 0 }, [1, 3]);
        double expected = -Math.Log(3.0 / 4) - Math.Log(3.0 / 5) - Math.Log(1.0 / 3);
        Assert.Equal(expected, Baselines.MarkovChain(train, test, levels: 2).Mean, 1e-12);
    }

    [Fact]
    public void Its_probabilities_sum_to_one()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var train = randint(0, 3, [20, 4]);
        var all = cartesian_prod([.. Enumerable.Repeat(arange(3), 4)]);
        double sum = Enumerable.Range(0, 81).Sum(i => Math.Exp(-Baselines.MarkovChain(train, all.narrow(0, i, 1), levels: 3).Mean));
        Assert.Equal(1, sum, 1e-12);
    }

    [Fact]
    public void A_chain_costs_less_than_its_histogram()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var walk = (randint(0, 2, [400, 12]).cumsum(1) + randint(0, 4, [400, 1])).remainder(16);
        var (train, test) = (walk.narrow(0, 0, 300), walk.narrow(0, 300, 100));
        Assert.True(Baselines.MarkovChain(train, test, 16).Mean < Baselines.Histogram(train, test, 16).Mean - 5);
        Assert.Contains("0..15", Assert.Throws<ArgumentException>(() => Baselines.MarkovChain(train, test + 16, 16)).Message);
    }
}
