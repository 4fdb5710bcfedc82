using FlowKit.Distributions;
using TorchSharp.Modules;

namespace FlowKit.Models;

/// <summary>The deep autoencoder of the IAF paper for images: L layers of latent maps in a residual network, inferred from both ends, each with an inverse autoregressive step (Kingma et al. 2016, arXiv:1606.04934, section 4 and appendix C).</summary>
/// <remarks>
/// <para>A deterministic pass goes up from the image. The generative pass comes down: layer l has the prior p(z_l | z above) and the posterior q(z_l | x, z above), whose mean and log-scale are sums of what both
/// passes say, and whose autoregressive step reads both as its context. ln p(x) >= E_q[ln p(x | z) + sum over l of ln p(z_l | z above) - ln q(z_l | x, z above)].</para>
/// <para>Shapes: x is (B, C, H, W), whole levels 0..K-1; log-probs are bounds by one draw of the latents, (B), nats. Departures: the first weights are not set by data, and the authors' transposed convolution is an
/// up-sampling with a convolution.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var vae = new ResNetVae([1, 8, 8], levels: 16, width: 8, latents: 2, blocks: 2);
/// var x = randint(0, 16, [20, 1, 8, 8], dtype: uint8);
/// Trainer.Fit(vae, x, (batch, _) => vae.FreeEnergy(batch.X, freeBits: 0.1), options: new() { Steps = 3, BatchSize = 10 });
/// Console.WriteLine(vae.LogProb(x).isfinite().all().ToBoolean());  // => True
/// Console.WriteLine(vae.Sample(4));                                // => [4x1x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class ResNetVae : Distribution
{
    private readonly Conv2d first;
    private readonly ModuleList<ResNetVaeLayer> layers;
    private readonly Conv2d last;
    private readonly Parameter top;           // (1, width, 1, 1): where the pass down begins
    private readonly Parameter logScale;      // (1, C, 1, 1)
    private readonly DiscretizedLogistic family;
    private readonly long height;
    private readonly long wide;

    /// <summary>A model of images of one size.</summary>
    /// <param name="image">(C, H, W), H and W even.</param>
    /// <param name="levels">K >= 2, gray levels of a pixel: 256 for 8-bit images.</param>
    /// <param name="width">Channels of the residual stream, >= 1.</param>
    /// <param name="latents">Latent maps of each layer, of half the image's height and width, >= 1.</param>
    /// <param name="blocks">Layers, L >= 1.</param>
    /// <param name="autoregressive">Whether posteriors have an inverse autoregressive step; without, they are diagonal normal laws.</param>
    /// <exception cref="ArgumentException">The image has no even sizes.</exception>
    public ResNetVae(Shape image, int levels = 256, long width = 160, long latents = 32, int blocks = 20, bool autoregressive = true)
        : base(nameof(ResNetVae), Guard.Image(image))
    {
        _ = OneDnn.IsUsable;
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        if (image[1] % 2 != 0 || image[2] % 2 != 0) throw new ArgumentException($"Expected an even height and width; got {image}.", nameof(image));
        family = new DiscretizedLogistic(levels);
        (height, wide) = (image[1] / 2, image[2] / 2);
        first = nn.Conv2d(image[0], width, kernel_size: 5, stride: 2, padding: 2);
        layers = new ModuleList<ResNetVaeLayer>([.. Enumerable.Range(0, blocks).Select(_ => new ResNetVaeLayer(width, latents, height, wide, autoregressive))]);
        last = nn.Conv2d(width, image[0], kernel_size: 5, padding: 2);
        nn.init.zeros_(last.weight!);
        nn.init.zeros_(last.bias!);
        top = new Parameter(zeros(1, width, 1, 1, dtype: get_default_dtype(), device: CPU));
        logScale = new Parameter(zeros(1, image[0], 1, 1, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <summary>The model of CIFAR-10 in the authors' public code: 20 layers of 32 latent maps, 160 channels. The paper reports 3.11 bits/dim for its best model.</summary>
    public static ResNetVae Cifar10() => new([3, 32, 32]);

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <summary>What a training minimizes: minus the bound, where the KL term of each latent map, averaged over the batch, counts at least <paramref name="freeBits"/>. A scalar, nats an example.</summary>
    /// <param name="x">Examples, (B, C, H, W), at least one.</param>
    /// <param name="freeBits">lambda >= 0, nats a latent map (appendix C.8; the public code has 0.1).</param>
    public Tensor FreeEnergy(Tensor x, double freeBits = 0)
    {
        Guard.Batch(x, EventShape);
        Guard.Real(x);
        Guard.Place(x, Place, GetName());
        Guard.Weight(freeBits);
        if (x.size(0) == 0) throw new ArgumentException("x holds no examples: their mean is no number.", nameof(x));
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var (logLikelihood, kl) = Bound(x);
        var mean = kl.mean([0]);
        return scope.MoveToOuter((freeBits > 0 ? mean.clamp_min(freeBits) : mean).sum() - logLikelihood.mean());
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var (logLikelihood, kl) = Bound(x);
        return logLikelihood - kl.sum(1);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var h = top.expand(count, -1, height, wide);
        foreach (var layer in layers.Reverse()) h = layer.Draw(h);
        return family.Sample(Theta(h));
    }

    /// <summary>ln p(x | z), (B), and ln q - ln p of each latent map of each layer, (B, L latents).</summary>
    private (Tensor LogLikelihood, Tensor Kl) Bound(Tensor x)
    {
        var h = first.call(family.Encode(x).to(Dtype));
        var inferred = new Stack<(ResNetVaeLayer Layer, Tensor Theta, Tensor Context)>();
        foreach (var layer in layers)
        {
            (h, var theta, var context) = layer.Up(h);
            inferred.Push((layer, theta, context));
        }

        var kl = new List<Tensor>();
        h = top.expand(x.size(0), -1, height, wide);
        foreach (var (layer, theta, context) in inferred)                     // the last layer first
        {
            (h, var own) = layer.Down(h, theta, context);
            kl.Add(own);
        }
        return (SumEvent(family.LogProb(x, Theta(h))), cat(kl, dim: 1));
    }

    private Tensor Theta(Tensor h)
    {
        var larger = nn.functional.interpolate(nn.functional.elu(h, 1), [2 * height, 2 * wide], mode: InterpolationMode.Nearest);
        var location = last.call(larger);
        return stack([location, logScale.expand_as(location)], dim: 1);
    }
}
