using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests;

public class AutoencoderTests
{
    [Fact]
    public void A_linear_one_finds_the_principal_components()
    {
        // The least mean square error of K linear latents is the sum of the other eigenvalues (Baldi, Hornik 1989).
        manual_seed(0);
        var axes = linalg.qr(randn(5, 5, dtype: float64)).Q;
        var deviations = tensor(new[] { 2, 1.5, 1, 0.3, 0.1 });
        var x = (randn(4000, 5, dtype: float64) * deviations).mm(axes.t());
        x = x - x.mean([0]);
        double least = linalg.eigvalsh(x.t().mm(x) / 4000).narrow(0, 0, 3).sum().ToDouble();

        var autoencoder = new Autoencoder(5, 2, hidden: []);
        autoencoder.to(float64);
        double before = autoencoder.Loss(x).ToDouble();
        Trainer.Fit(autoencoder, () => autoencoder.Loss(x), new() { Steps = 1500, LearningRate = 2e-2, Threads = 1 });
        double after = autoencoder.Loss(x).ToDouble();
        Assert.True(before > 2 * least, $"untrained {before}");
        Assert.InRange(after, least - 1e-9, least * 1.001);
    }

    [Fact]
    public void Loss_is_the_mean_square_distance_of_what_comes_back()
    {
        manual_seed(1);
        var autoencoder = new Autoencoder(4, 2, [8], Activation.Tanh);
        var x = randn(7, 4);
        var back = autoencoder.Decode(autoencoder.Encode(x));
        Assert.Equal([7, 4], back.shape);
        Assert.Equal((back - x).pow(2).sum(1).mean().ToSingle(), autoencoder.Loss(x).ToSingle(), tolerance: 1e-6);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var autoencoder = new Autoencoder(4, 2);
        Assert.Throws<ArgumentException>("x", () => autoencoder.Encode(randn(3, 5)));
        Assert.Throws<ArgumentException>("z", () => autoencoder.Decode(randn(3, 4)));
        Assert.Throws<ArgumentException>("x", () => autoencoder.Loss(randn(3, 4, dtype: float64)));
        Assert.Throws<ArgumentOutOfRangeException>("latents", () => new Autoencoder(4, 0));
    }
}
