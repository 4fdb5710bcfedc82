using FlowKit.Copulas;
using FlowKit.Distributions;
using TorchSharp.Utils;

namespace FlowKit.Models;

/// <summary>An autoencoder made generative: draws are d(z), with z from a law that was fitted to the latents of data, in the paper margins joined by a vine copula.</summary>
/// <remarks>
/// <para>Tagasovska, Ackerer, Vatter 2019, Copulas as high-dimensional generative models: vine copula autoencoders, arXiv:1906.05423: train an autoencoder, fit kernel densities and a vine to its latents, draw and decode.
/// Any distribution of the latents takes the vine's place, so that others can be compared with it.</para>
/// <para>Shapes: x is (B, D). Draws lie on the surface d(z), where p(x) has no meaning: <see cref="Distribution.LogProb"/> is not supported. Compare laws of the latents by their own log-density, and draws by two-sample tests.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var angle = rand(1000, 1) * 3;
/// var x = cat([angle.cos(), angle.sin()], 1);                         // half a circle in the plane
/// var autoencoder = new Autoencoder(features: 2, latents: 1, hidden: [32]);
/// Trainer.Fit(autoencoder, () => autoencoder.Loss(x), new() { Steps = 500, LearningRate = 1e-2 });
/// var model = VineAutoencoder.Fit(autoencoder, x);
/// var draws = model.Sample(1000);
/// Console.WriteLine((draws.square().sum(1).sqrt() - 1).abs().median().ToDouble() &lt; 0.1);      // => True
/// </code></example>
public sealed class VineAutoencoder : Distribution
{
    /// <summary>Draws of the latents' law, decoded.</summary>
    /// <param name="autoencoder">Trained.</param>
    /// <param name="latents">A law of z, (K), without a context.</param>
    /// <exception cref="ArgumentException">The law's events are not the autoencoder's latents, or it takes a context.</exception>
    public VineAutoencoder(Autoencoder autoencoder, Distribution latents) : base(nameof(VineAutoencoder), autoencoder?.Features ?? throw new ArgumentNullException(nameof(autoencoder)))
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (!latents.EventShape.Equals((Shape)autoencoder.Latents))
            throw new ArgumentException($"{latents.GetName()} has events of shape {latents.EventShape}; expected ({autoencoder.Latents}), the latents of the autoencoder.", nameof(latents));
        if (latents.ContextShape is not null) throw new ArgumentException($"{latents.GetName()} takes a context; expected a law without one.", nameof(latents));
        (Autoencoder, Latents) = (autoencoder, latents);
        RegisterComponents();
    }

    /// <summary>The model of the paper: margins and a vine copula fitted to the latents of data.</summary>
    /// <param name="autoencoder">Trained.</param>
    /// <param name="x">The data, (N, D), N >= 10.</param>
    /// <param name="options">Which margins and which copula; null for kernel densities and a vine.</param>
    /// <exception cref="ArgumentException">The data do not fit the autoencoder, or a latent is constant or not finite.</exception>
    public static VineAutoencoder Fit(Autoencoder autoencoder, Tensor x, CopulaModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return new(autoencoder, CopulaModel.Fit(autoencoder.Encode(x), [.. Enumerable.Range(1, (int)autoencoder.Latents).Select(i => $"z{i}")], options));
    }

    /// <summary>The encoder and decoder.</summary>
    [field: ComponentName(Name = "autoencoder")]
    public Autoencoder Autoencoder { get; }

    /// <summary>The law of z.</summary>
    [field: ComponentName(Name = "latents")]
    public Distribution Latents { get; }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) =>
        throw new NotSupportedException("Decoded latents lie on a surface and have no density of x: ask Latents for the log-density of encoded data.");

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Autoencoder.Decode(Latents.Sample(count).to(Autoencoder.parameters().First().dtype, Device));
}
