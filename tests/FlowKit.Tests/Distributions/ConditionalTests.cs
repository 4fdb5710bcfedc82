using FlowKit.Conditioners;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class ConditionalTests
{
    private static readonly Family[] Families =
        [new Normal(), new Logistic(), new StudentT(), new Beta(), new VonMises(), new DiscretizedLogistic(), new DiscretizedLogistic(17), new Bernoulli(), new Categorical(4), new MixtureFamily(new DiscretizedLogistic(17), 3)];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Families.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void It_starts_as_the_unconditional_law_for_every_context(int index)
    {
        manual_seed(1);
        var p = Families[index].Conditional(3, (i, o) => new Mlp(i, o, [8]), 2);
        var q = Families[index].Learned(2);
        var x = q.Sample(9);
        Assert.InRange(Distance(p.LogProb(x, randn(9, 3)), q.LogProb(x)), 0, 1e-6);
    }

    [Theory, MemberData(nameof(Indices))]
    public void Each_row_follows_its_own_context(int index)
    {
        var p = Shaken(Families[index]);
        var c = randn(6, 3, dtype: float64);
        var x = p.Sample(6, c);
        var all = p.LogProb(x, c);
        for (int i = 0; i < 6; i++)
            Assert.InRange(Distance(p.LogProb(x.narrow(0, i, 1), c.narrow(0, i, 1)), all.narrow(0, i, 1)), 0, 1e-12);
        Assert.True(Distance(p.LogProb(x, c.roll(1, 0)), all) > 1e-3);
    }

    [Theory, MemberData(nameof(Indices))]
    public void Draws_for_a_context_agree_with_its_log_prob(int index)
    {
        // If draws have density p, then E[q / p] over them is at most 1, and 1 where p covers q: here q is p of a nearby context.
        const int draws = 20_000;
        var p = Shaken(Families[index]);
        var c = randn(1, 3, dtype: float64).expand(draws, 3);
        var (x, logP) = p.SampleWithLogProb(draws, c);
        Assert.Equal([draws, 2], x.shape);
        var ratio = (p.LogProb(x, c * 0.97) - logP).exp();
        Assert.InRange(ratio.mean().ToDouble() - 1, -4.5 * Error(ratio), 4.5 * Error(ratio));

        static double Error(Tensor values) => values.std().ToDouble() / Math.Sqrt(draws) + 1e-12;
    }

    [Fact]
    public void A_conditional_entropy_is_one_a_row()
    {
        var p = Shaken(new Normal());
        var c = randn(4, 3, dtype: float64);
        var h = p.Entropy(c);
        Assert.Equal([4], h.shape);
        Assert.True((h[0] - h[1]).abs().ToDouble() > 1e-3);
        Assert.Throws<ArgumentException>("context", () => p.Entropy());
    }

    [Fact]
    public void Images_are_conditioned_too()
    {
        var p = new Categorical(5).Conditional(2, (i, o) => new Mlp(i, o, [4]), 1, 3, 3);
        Assert.Equal([7, 1, 3, 3], p.Sample(7, randn(7, 2)).shape);
        Assert.Equal([7], p.LogProb(p.Sample(7, randn(7, 2)), randn(7, 2)).shape);
    }

    [Fact]
    public void A_conditional_block_takes_its_context_inside_a_joint_and_a_mixture()
    {
        manual_seed(1);
        var joint = new ProductDistribution(Shaken(new Normal()), new StandardNormal(1));
        joint.to(float64);
        var c = randn(5, 3, dtype: float64);
        var x = joint.Sample(5, c);
        Assert.Equal([5, 3], x.shape);
        Assert.True(Distance(joint.LogProb(x, c), joint.LogProb(x, c * 2)) > 1e-3);

        var mixture = new Mixture([0.5, 0.5], Shaken(new Normal()), new StandardNormal(2));
        mixture.to(float64);
        Assert.Equal([5, 2], mixture.Sample(5, c).shape);
        Assert.True(Distance(mixture.LogProb(x.narrow(1, 0, 2), c), mixture.LogProb(x.narrow(1, 0, 2), c * 2)) > 1e-3);
    }

    [Fact]
    public void Each_row_of_a_mixture_is_drawn_for_its_own_context()
    {
        // The mean of both components is 100 c: a row that got another's context would be far off.
        var mixture = new Mixture([0.3, 0.7], Linear(), Linear());
        var c = arange(50, dtype: float32).unsqueeze(1);
        Assert.InRange(Distance(mixture.Sample(50, c), c * 100), 0, 10);
        Assert.InRange(Distance(mixture.SampleWithLogProb(50, c).X, c * 100), 0, 10);

        static Conditional Linear()
        {
            var p = new Normal().Conditional(1, (i, o) => new Mlp(i, o, []), 1);
            using (no_grad()) p.parameters().First(parameter => parameter.Dimensions == 2)[0, 0] = 100f;
            return p;
        }
    }

    [Fact]
    public void A_conditional_law_is_tempered_around_the_mean_of_each_row()
    {
        var p = Shaken(new Normal());
        var c = randn(1, 3, dtype: float64).expand(30_000, 3);
        manual_seed(1);
        var (hot, cold) = (p.Sample(30_000, c), new Tempered(p, 0.1).Sample(30_000, c));
        Assert.InRange(Distance(hot.mean([0]), cold.mean([0])), 0, 0.05);
        Assert.InRange(Distance(cold.std(0) / hot.std(0), ones(2) * 0.1), 0, 0.003);
    }

    private static Conditional Shaken(Family family)
    {
        manual_seed(5);
        var p = family.Conditional(3, (i, o) => new Mlp(i, o, [8], activation: Activation.Tanh), 2);
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        return p;
    }
}
