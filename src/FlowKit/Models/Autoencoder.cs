using System.Runtime.CompilerServices;
using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Models;

/// <summary>A plain autoencoder: z = e(x), with fewer numbers than x, and d(z) near x. It has no law of z, and so no draws, until one is fitted to the latents of data: see <see cref="VineAutoencoder"/>.</summary>
/// <remarks>Shapes: x is (B, D), z (B, K). Trained by the mean over the batch of |d(e(x)) - x|² (<see cref="Loss"/>); bring x to unit scale first.</remarks>
/// <example><code>
/// // Two angles in eight numbers: two latents are enough.
/// manual_seed(0);
/// var angles = rand(1000, 2);
/// var x = cat([angles.sin(), angles.cos(), (angles * 2).sin(), (angles * 2).cos()], 1);
/// var autoencoder = new Autoencoder(features: 8, latents: 2, hidden: [32]);
/// Trainer.Fit(autoencoder, () => autoencoder.Loss(x), new() { Steps = 300, LearningRate = 1e-2 });
/// var back = autoencoder.Decode(autoencoder.Encode(x));
/// Console.WriteLine((back - x).square().mean().ToDouble() &lt; x.var(0L).mean().ToDouble() / 20);  // => True
/// </code></example>
public sealed class Autoencoder : FlowModule
{
    private readonly ModuleList<Linear> encoder, decoder;
    private readonly Activation activation;

    /// <summary>Two perceptrons with random weights; the decoder's hidden layers are the encoder's in reverse.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="latents">K >= 1.</param>
    /// <param name="hidden">Hidden widths of the encoder; by default two layers of 64.</param>
    /// <param name="activation">Of both.</param>
    public Autoencoder(long features, long latents, IReadOnlyList<long>? hidden = null, Activation activation = Activation.SiLU) : base(nameof(Autoencoder))
    {
        (Features, Latents) = (Guard.Size(features, least: 1), Guard.Size(latents, least: 1));
        this.activation = activation;
        foreach (long width in hidden ??= [64, 64]) ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(hidden));
        // Not Mlp: its last layer starts at zero, and of two zero layers in a row neither would ever move.
        encoder = Layers([features, .. hidden, latents]);
        decoder = Layers([latents, .. hidden.Reverse(), features]);
        RegisterComponents();
    }

    /// <summary>Numbers of x, D.</summary>
    public long Features { get; }

    /// <summary>Numbers of z, K.</summary>
    public long Latents { get; }

    /// <summary>z = e(x), (B, K).</summary>
    /// <param name="x">(B, D).</param>
    public Tensor Encode(Tensor x) => Read(encoder, x, Features);

    /// <summary>d(z), (B, D).</summary>
    /// <param name="z">(B, K).</param>
    public Tensor Decode(Tensor z) => Read(decoder, z, Latents);

    /// <summary>The mean over the batch of |d(e(x)) - x|², a scalar with gradients.</summary>
    /// <param name="x">(B, D).</param>
    public Tensor Loss(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((Decode(Encode(x)) - x).square().sum(1).mean());
    }

    private static ModuleList<Linear> Layers(long[] widths) => new([.. widths.Zip(widths.Skip(1), (from, to) => nn.Linear(from, to))]);

    private Tensor Read(ModuleList<Linear> layers, Tensor x, long size, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Guard.Batch(x, size, name);
        Guard.Dtype(x, Dtype, nameof(Autoencoder), name);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        foreach (var layer in layers.SkipLast(1)) x = activation.Apply(layer.forward(x));
        return scope.MoveToOuter(layers[^1].forward(x));
    }
}
