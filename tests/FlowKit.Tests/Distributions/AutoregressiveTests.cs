using FlowKit.Conditioners;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class AutoregressiveTests
{
    [Fact]
    public void It_starts_uniform() =>
        Assert.InRange(Distance(new Autoregressive(new Categorical(4), new Made(3, 4, [8])).LogProb(randint(0, 4, [6, 3])), full(6, -3 * Math.Log(4))), 0, 1e-6);

    [Fact]
    public void The_masses_of_every_context_sum_to_one_and_draws_follow_their_own()
    {
        manual_seed(1);
        var p = Shaken(new Made(2, 3, [12], contextShape: 2));
        var support = cartesian_prod([arange(3, dtype: float64), arange(3, dtype: float64)]);
        foreach (var c in (Tensor[])[randn(1, 2, float64), randn(1, 2, float64)])
        {
            var mass = p.LogProb(support, c.expand(9, 2)).exp();
            Assert.Equal(1, mass.sum().ToDouble(), 1e-12);
            var x = p.Sample(40_000, c.expand(40_000, 2));
            for (int i = 0; i < 9; i++)
                Assert.Equal(mass[i].ToDouble(), x.eq(support[i]).all(1).to(float64).mean().ToDouble(), 4.5 * Math.Sqrt(0.25 / 40_000));
        }
        Assert.True(Distance(p.LogProb(support, randn(9, 2, float64)), p.LogProb(support, zeros(9, 2, float64))) > 1e-3);
        Assert.Throws<ArgumentException>("context", () => p.LogProb(support));
        Assert.Throws<ArgumentException>("context", () => p.Sample(3, zeros(3, 2)));
    }

    [Fact]
    public void Every_mask_set_is_a_law_of_its_own()
    {
        manual_seed(1);
        var made = new Made(3, 2, [16], maskSets: 3);
        var p = Shaken(made);
        var support = cartesian_prod([arange(2, dtype: float64), arange(2, dtype: float64), arange(2, dtype: float64)]);
        for (int set = 0; set < 3; set++)
        {
            made.MaskSet = set;
            Assert.Equal(1, p.LogProb(support).exp().sum().ToDouble(), 1e-12);
            var x = p.Sample(40_000);
            for (int i = 0; i < 8; i++)
                Assert.Equal(p.LogProb(support)[i].exp().ToDouble(), x.eq(support[i]).all(1).to(float64).mean().ToDouble(), 4.5 * Math.Sqrt(0.25 / 40_000));
        }
    }

    [Fact]
    public void It_learns_an_exclusive_or()
    {
        manual_seed(1);
        var p = new Autoregressive(new Categorical(2), new Made(3, 2, [32]));
        var x = tensor(new[] { 0f, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0 }, [4, 3]);   // no pairwise influence shows it
        using var adam = optim.Adam(p.parameters(), 0.03);
        for (int step = 0; step < 300; step++)
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            (-p.LogProb(x).mean()).backward();
            adam.step();
        }
        Assert.Equal(Math.Log(4), -p.LogProb(x).mean().ToDouble(), 0.05);
    }

    [Fact]
    public void A_network_with_another_number_of_parameters_is_refused() =>
        Assert.Throws<ArgumentException>("network", () => new Autoregressive(new Categorical(2), new Made(3, 1, [8])));

    private static Autoregressive Shaken(Made made)
    {
        var p = new Autoregressive(new Categorical(made.Parameters), made);
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.6);
        return p;
    }
}
