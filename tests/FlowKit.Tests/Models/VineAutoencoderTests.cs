using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests;

public class VineAutoencoderTests
{
    // A linear autoencoder of data in a plane: draws of the law of its latents, decoded, have the law of the data.
    [Fact]
    public void Draws_of_a_linear_one_have_the_means_and_covariances_of_the_data()
    {
        manual_seed(0);
        var basis = linalg.qr(randn(4, 2)).Q;
        Tensor Data(long count)
        {
            var z = randn(count, 2);
            return stack([z.select(1, 0) + 0.5f * z.select(1, 1), z.select(1, 1) * 1.5f], dim: 1).mm(basis.t()) + 1;
        }
        var x = Data(4000);
        var autoencoder = new Autoencoder(4, 2, hidden: []);
        Trainer.Fit(autoencoder, () => autoencoder.Loss(x), new() { Steps = 1500, LearningRate = 2e-2, Threads = 1 });
        Assert.True(autoencoder.Loss(x).ToDouble() < 1e-3);

        var model = VineAutoencoder.Fit(autoencoder, x);
        Assert.IsType<VineCopula>(Assert.IsType<CopulaModel>(model.Latents).Copula);
        var draws = model.Sample(20_000);
        // Standard errors of a mean and a covariance of order one from 4,000 rows are .02 and .04; kernel margins widen the variance by h², under .05.
        Assert.True((draws.mean([0]) - x.mean([0])).abs().max().ToDouble() < 0.1);
        Assert.True((draws.t().cov() - x.t().cov()).abs().max().ToDouble() < 0.2);
        Assert.True((x - x.mean([0])).square().mean().ToDouble() > 0.5);
    }

    [Fact]
    public void Any_law_of_the_latents_takes_the_vines_place_and_pixels_have_no_density()
    {
        manual_seed(1);
        var autoencoder = new Autoencoder(5, 3);
        var model = new VineAutoencoder(autoencoder, new StandardNormal(3));
        manual_seed(2);
        var draws = model.Sample(6);
        manual_seed(2);
        Assert.True(draws.allclose(autoencoder.Decode(new StandardNormal(3).Sample(6))));
        Assert.Throws<NotSupportedException>(() => model.LogProb(draws));
        Assert.Throws<ArgumentException>("latents", () => new VineAutoencoder(autoencoder, new StandardNormal(2)));
        Assert.Throws<ArgumentException>("latents", () => new VineAutoencoder(autoencoder, ConditionalInn.Create(3, 2)));
        Assert.Throws<ArgumentException>("x", () => VineAutoencoder.Fit(autoencoder, randn(20, 4)));
    }
}
