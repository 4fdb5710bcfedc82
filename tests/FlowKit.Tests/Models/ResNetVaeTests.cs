using FlowKit.Models;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class ResNetVaeTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Its_bound_is_below_the_mean_of_its_importance_weights(bool autoregressive)
    {
        manual_seed(1);
        var vae = Shaken(new ResNetVae([1, 4, 4], levels: 4, width: 6, latents: 2, blocks: 2, autoregressive), 0.1);
        var x = randint(0, 4, [8, 1, 4, 4], dtype: uint8);
        using var none = no_grad();
        using var scope = NewDisposeScope();                                  // it holds the terms while they are stacked
        var weights = stack(Enumerable.Range(0, 400).Select(_ => vae.LogProb(x)));
        var better = weights.logsumexp(0) - Math.Log(400);
        Assert.True((better - weights.mean([0])).min().ToDouble() > 0);
        Assert.True(better.max().ToDouble() < 0);                             // the logarithm of a probability
    }

    [Fact]
    public void A_model_of_two_pixels_has_bounds_whose_exponentials_sum_to_one()
    {
        // E_q[p(x, z) / q(z | x)] = P(x), and the P(x) of all images sum to 1.
        manual_seed(2);
        var vae = Shaken(new ResNetVae([1, 2, 2], levels: 2, width: 4, latents: 1, blocks: 2), 0.1);
        var all = arange(16, dtype: int64).unsqueeze(1).div(pow(2, arange(4, dtype: int64)), RoundingMode.floor).remainder(2).view(16, 1, 2, 2);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sums = stack(Enumerable.Range(0, 3000).Select(_ => vae.LogProb(all).exp().sum()));
        double error = sums.std().ToDouble() / Math.Sqrt(3000);
        Assert.InRange(error, 0, 0.02);
        Assert.Equal(1, sums.mean().ToDouble(), 4.5 * error);
    }

    [Fact]
    public void Free_bits_hold_each_map_up()
    {
        manual_seed(3);
        var vae = new ResNetVae([1, 4, 4], levels: 4, width: 4, latents: 2, blocks: 3);
        var x = randint(0, 4, [8, 1, 4, 4], dtype: uint8);
        using var none = no_grad();
        double free = At(0), held = At(1000);
        Assert.True(held > 5900 && free < 1000, $"{free}, {held}");           // six maps of a thousand each

        double At(double bits)
        {
            manual_seed(4);
            return vae.FreeEnergy(x, bits).ToDouble();
        }
    }

    [Fact]
    public void It_learns()
    {
        manual_seed(5);
        var vae = new ResNetVae([1, 4, 4], levels: 4, width: 8, latents: 2, blocks: 1);
        var x = randint(0, 2, [200, 1, 1, 1]).expand(200, 1, 4, 4).mul(3).to(uint8);       // all black or all white
        Trainer.Fit(vae, x, (batch, _) => vae.FreeEnergy(batch.X), options: new() { Steps = 300, LearningRate = 5e-3, BatchSize = 50, Threads = 1 });
        Assert.InRange(Trainer.NegativeLogLikelihood(vae, x).Mean, Math.Log(2), 6);        // 22 nats without learning
    }

    [Fact]
    public void Odd_sizes_are_refused() => Assert.Contains("(1, 5, 4)", Assert.Throws<ArgumentException>("image", () => new ResNetVae([1, 5, 4])).Message);
}
