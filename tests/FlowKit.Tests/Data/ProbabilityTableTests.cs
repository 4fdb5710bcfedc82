using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data;

public class ProbabilityTableTests
{
    [Fact]
    public void The_xor_table_has_its_known_entropies()
    {
        var xor = new ProbabilityTable(tensor(new[] { 63.0, 7, 3, 27 }), 2, 2);
        Assert.Equal(0.935947, xor.Entropy, 5.1e-7);
        Assert.Equal(1.251900, xor.MarginalNll, 5.1e-7);
    }

    [Fact]
    public void The_ring_at_91_integers_has_its_known_entropies()
    {
        var ring = ProbabilityTable.OnGrid(new GaussianRing(modes: 8, radius: 30, sd: 4), classes: 91, center: 45);
        Assert.Equal(7.67805, ring.Entropy, 5.1e-6);
        Assert.Equal(8.27060, ring.MarginalNll, 5.1e-6);
        Assert.Equal(9.02172, Math.Log(ring.Support.Count), 5.1e-6);
    }

    [Theory, InlineData(5, 5), InlineData(5, 10)]
    public void A_random_table_has_the_mean_entropy_of_its_law(long positions, int classes)
    {
        var tables = Enumerable.Range(0, 6).Select(seed => ProbabilityTable.Random(positions, classes, seed).Entropy).ToArray();
        double n = Math.Pow(classes, positions);
        double expected = digamma(tensor(n + 1, float64)).ToDouble() - (1 - 0.57721566490153286);
        Assert.Equal(expected, tables.Average(), 4.5 * 0.8 / Math.Sqrt(n * 6));                       // the standard deviation of an entropy is below 0.8 / sqrt(n)
        Assert.Equal(tables[2], ProbabilityTable.Random(positions, classes, 2).Entropy);
    }

    [Fact]
    public void Events_count_as_digits_and_come_back_from_their_numbers()
    {
        var support = new FiniteSupport(4, 5);
        Assert.Equal(0, Distance(support.Number(support.States()), arange(625)));
        Assert.Equal([1L, 2, 3, 4], support.States()[1 * 125 + 2 * 25 + 3 * 5 + 4].data<long>().ToArray());
    }

    [Fact]
    public void A_divergence_is_zero_from_itself_and_infinite_where_the_model_has_nothing()
    {
        var support = new FiniteSupport(2, 2);
        var (full, half) = (new ProbabilityTable(tensor(new[] { 0.1, 0.2, 0.3, 0.4 }), 2, 2), new ProbabilityTable(tensor(new[] { 0.5, 0, 0, 0.5 }), 2, 2));
        Assert.Equal(0, support.Divergence(full, full), 1e-12);
        Assert.Equal(double.PositiveInfinity, support.Divergence(full, half));
        Assert.Equal(0.5 * Math.Log(5) + 0.5 * Math.Log(1.25), support.Divergence(half, full), 1e-6);
        Assert.Equal(Math.Log(2), support.Entropy(half), 1e-6);
    }

    [Fact]
    public void What_is_no_law_or_too_large_is_refused_by_name()
    {
        Assert.Contains("(4,)", Assert.Throws<ArgumentException>("weights", () => new ProbabilityTable(ones(3), 2, 2)).Message);
        Assert.Throws<ArgumentException>("weights", () => new ProbabilityTable(tensor(new[] { 1.0, -1, 1, 1 }), 2, 2));
        Assert.Throws<ArgumentException>("weights", () => new ProbabilityTable(zeros(4), 2, 2));
        Assert.Throws<ArgumentException>("weights", () => new ProbabilityTable(tensor(new[] { 1.0, double.NaN, 1, 1 }), 2, 2));
        Assert.Contains("10^9", Assert.Throws<ArgumentException>("positions", () => new FiniteSupport(9, 10)).Message);
        Assert.Throws<ArgumentException>("model", () => new FiniteSupport(2, 3).LogProbs(new StandardNormal(3)));
        Assert.Throws<ArgumentException>("model", () => new FiniteSupport(2, 3).LogProbs(new Autoregressive(new Categorical(3), new Made(2, 3, [4], contextShape: 1))));
    }
}
