using FlowKit.Distributions;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class VariationalDequantizationTests
{
    [Fact]
    public void Uniform_noise_is_the_special_case()
    {
        var uniform = new Flow(new Logit(), new StandardLogistic(3));         // logistic noise through its own quantile
        var x = randint(0, 4, [50, 3]).to(float32);
        var (z, contribution) = new VariationalDequantization(4, uniform).Forward(x);
        Assert.InRange(Distance(contribution, full_like(contribution, -3 * Math.Log(4))), 0, 1e-4);
        Assert.Equal(0, Distance((z * 4).floor(), x));
    }

    [Fact]
    public void Any_noise_gives_a_bound_that_averages_to_the_exact_probability()
    {
        manual_seed(1);
        var model = Model(Noise(shaken: true));
        for (int k = 0; k < 4; k++)
        {
            var logP = model.LogProb(zeros(40_000, 1) + k);
            double exact = Math.Log(Mass(k)), standardError = logP.exp().std().ToDouble() / 200;
            Assert.Equal(Mass(k), logP.exp().mean().ToDouble(), 4.5 * standardError);
            Assert.True(logP.mean().ToDouble() < exact, $"level {k}");
        }
        Assert.False(model.IsExact);
    }

    [Fact]
    public void Learned_noise_tightens_the_bound()
    {
        manual_seed(1);
        var noise = Noise(shaken: false);
        var model = Model(noise);
        var x = arange(4, dtype: float32).repeat(100).unsqueeze(1);
        double Gap()
        {
            using var none = no_grad();
            return Enumerable.Range(0, 4).Average(k => Math.Log(Mass(k)) - model.LogProb(zeros(20_000, 1) + k).mean().ToDouble());
        }
        double before = Gap();
        var optimizer = optim.Adam(noise.parameters(), lr: 0.03);
        for (int step = 0; step < 250; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (-model.LogProb(x).mean()).backward();
            optimizer.step();
        }
        Assert.InRange(Gap(), 0, before / 3);
    }

    [Fact]
    public void No_draw_leaves_its_cell_in_single_precision()
    {
        manual_seed(1);
        // Noise at the ends of the interval: u rounds to 0 and 1.
        var layer = new VariationalDequantization(256, new Flow(new Chain(new Logit(), Standardize.Fit(tensor(new[] { -40f, 40f }, [2, 1]))), new StandardNormal(1)));
        var x = randint(0, 256, [5000, 1]).to(float32);
        Assert.Equal(0, Distance(layer.Inverse(layer.Forward(x).Z).X, x));
    }

    [Fact]
    public void Noise_that_reads_something_else_than_x_is_refused()
    {
        var noise = new Flow(Coupling.WithMlp([true, false], new AffineMap(), [4], contextShape: 3), new StandardNormal(2));
        Assert.Contains("of shape (3)", Assert.Throws<ArgumentException>("noise", () => new VariationalDequantization(4, noise)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("levels", () => new VariationalDequantization(1, new StandardNormal(2)));
    }

    // p(z) is a normal through the logit: P(k) = Phi(logit((k + 1)/4)) - Phi(logit(k/4)).
    private static Flow Model(Distribution noise) => new(new Chain(new VariationalDequantization(4, noise), new Logit()), new StandardNormal(1));

    private static double Mass(int k)
    {
        double Below(double p) => p <= 0 ? 0 : p >= 1 ? 1 : special.ndtr(tensor(Math.Log(p / (1 - p)))).ToDouble();
        return Below((k + 1) / 4.0) - Below(k / 4.0);
    }

    // Radial layers whose parameters are read from x.
    private static Flow Noise(bool shaken)
    {
        var noise = new Flow(new Chain(new Logit(), new Radial(1, contextShape: 1, hidden: [8]), new Radial(1, contextShape: 1, hidden: [8])), new StandardNormal(1));
        using (no_grad())
            foreach (var parameter in noise.parameters())
                if (shaken) parameter.add_(randn_like(parameter) * 0.3);
        return noise;
    }
}
