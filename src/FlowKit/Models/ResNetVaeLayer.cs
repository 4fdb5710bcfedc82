using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>One latent layer of a <see cref="ResNetVae"/>: a deterministic block on the way up, prior and posterior of its latents on the way down.</summary>
internal sealed class ResNetVaeLayer : FlowModule
{
    private static readonly Normal Family = new();

    private readonly WeightNormConv upIn;
    private readonly WeightNormConv upOut;
    private readonly WeightNormConv downIn;
    private readonly WeightNormConv downOut;
    private readonly MaskedConvNet? network;         // of the inverse autoregressive step; null for a diagonal posterior
    private readonly ElementwiseMap map = new GatedAffineMap();
    private readonly long width;
    private readonly long latents;
    private readonly long height;
    private readonly long wide;

    /// <param name="width">Channels of the residual stream.</param>
    /// <param name="latents">Latent maps.</param>
    /// <param name="height">Of the maps.</param>
    /// <param name="wide">The width of the maps, in pixels.</param>
    /// <param name="autoregressive">Whether the posterior has an inverse autoregressive step.</param>
    public ResNetVaeLayer(long width, long latents, long height, long wide, bool autoregressive) : base(nameof(ResNetVaeLayer))
    {
        (this.width, this.latents, this.height, this.wide) = (width, latents, height, wide);
        upIn = new WeightNormConv(width, 2 * latents + 2 * width, kernel: 3);
        upOut = new WeightNormConv(width, width, kernel: 3);
        downIn = new WeightNormConv(width, 4 * latents + 2 * width, kernel: 3);
        downOut = new WeightNormConv(width + latents, width, kernel: 3);
        if (autoregressive) network = new MaskedConvNet([latents, height, wide], map.ParameterCount, Math.Max(width, latents), contextShape: [width, height, wide]);
        RegisterComponents();
    }

    /// <summary>The stream above, and what the posterior will read: its share of (mu, ln sigma), and a context.</summary>
    public (Tensor H, Tensor Theta, Tensor Context) Up(Tensor h)
    {
        var parts = upIn.Forward(nn.functional.elu(h, 1)).split([2 * latents, width, width], dim: 1);
        return (h + upOut.Forward(nn.functional.elu(parts[2], 1)) * 0.1, parts[0], parts[1]);
    }

    /// <summary>The stream below, given latents of the posterior, and ln q(z) - ln p(z) of each latent map, (B, latents).</summary>
    public (Tensor H, Tensor Kl) Down(Tensor h, Tensor above, Tensor context)
    {
        var parts = Split(h);
        var theta = Theta(parts[1] + above);
        var z = Family.Sample(theta);
        var logQ = Family.LogProb(z, theta);
        if (network is not null)
        {
            long rows = z.size(0);
            var flat = z.reshape(rows, network.Inputs);
            var (next, logSlope) = map.Forward(flat, network.Forward(flat, context + parts[2]).view(rows, map.ParameterCount, network.Inputs));
            (z, logQ) = (next.view(rows, latents, height, wide), logQ - logSlope.view(rows, latents, height, wide));
        }
        return (Join(h, z, parts[3]), (logQ - Family.LogProb(z, Theta(parts[0]))).sum([2, 3]));
    }

    /// <summary>The stream below, given latents of the prior.</summary>
    public Tensor Draw(Tensor h)
    {
        var parts = Split(h);
        return Join(h, Family.Sample(Theta(parts[0])), parts[3]);
    }

    // Of the prior, of the posterior, its context, and the deterministic part.
    private Tensor[] Split(Tensor h) => downIn.Forward(nn.functional.elu(h, 1)).split([2 * latents, 2 * latents, width, width], dim: 1);

    private Tensor Join(Tensor h, Tensor z, Tensor deterministic) => h + downOut.Forward(nn.functional.elu(cat([z, deterministic], dim: 1), 1)) * 0.1;

    // (B, 2 latents, H, W) to the family's (B, 2, latents, H, W).
    private Tensor Theta(Tensor maps) => maps.view(maps.size(0), 2, latents, height, wide);
}
