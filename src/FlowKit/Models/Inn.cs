using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>An invertible neural network for inverse problems: f(x) = [y, z], with y what is observed of x and z ~ N(0, I) what is not. Draws of p(x | y*) are g(y*, z) = f⁻¹(y*, z).</summary>
/// <remarks>
/// <para>Ardizzone, Kruse et al. 2019, Analyzing inverse problems with invertible neural networks, arXiv:1808.04730: two-sided affine couplings whose log-scales are clamped, (2c/pi) atan(a/c), with a fixed random
/// permutation between each two. Trained by <see cref="InnLosses"/>, in both directions at once, or by maximum likelihood.</para>
/// <para>Shapes: x is (B, D), y, the context, (B, M), z (B, K). The network has a width W >= D and M + K; what is left over is padded with zeros on either side, in the order [x, 0] and [y, z, 0].</para>
/// <para>With noise s > 0 on y and without padding it is a density, p(x | y) = N(f_y(x); y, s² I) N(f_z(x); 0, I) |det df/dx|, and <c>Trainer.Fit</c> on data x with context y is the paper's training by maximum
/// likelihood (its appendix). It takes every f_y(x) for equally probable beforehand, so that its optimum is the posterior only where the noise is small beside y: of x ~ N(0, 1) and y = h x + s e it finds the standard
/// deviation 2s / (h + √(h² + 4s²)) in place of s / √(h² + s²). <see cref="ConditionalInn"/> has no such bias. Without noise the posterior lies on the surface f_y(x) = y, where log p has no meaning: it draws, and <see cref="Distribution.LogProb"/> is not supported.</para>
/// </remarks>
/// <example><code>
/// // y = |x|², two numbers on a circle: trained in both directions, draws given y lie on the circle of that radius.
/// manual_seed(0);
/// var x = randn(4000, 2);
/// var y = x.square().sum(1, keepdim: true);
/// var inn = new Inn(features: 2, observed: 1, blocks: 3, hidden: [32]);
/// var losses = new InnLosses();
/// Trainer.Fit(inn, new Dataset(x, y), losses.Of(inn), options: new() { Steps = 300, LearningRate = 3e-3, Threads = 1 });
/// var draws = inn.Sample(1000, full([1, 1], 2f));
/// Console.WriteLine((draws.square().sum(1) - 2).abs().median().ToDouble() &lt; 0.3);    // => True
/// var (fy, fz) = inn.Split(x);
/// Console.WriteLine($"{fy.size(1)} {fz.size(1)}");                                   // => 1 1
/// </code></example>
public sealed class Inn : Distribution
{
    private readonly Chain network;

    /// <summary>A network whose parameters start at random, near a permutation of its inputs.</summary>
    /// <param name="features">D >= 1, the numbers of x.</param>
    /// <param name="observed">M >= 1, the numbers of y.</param>
    /// <param name="latents">K >= 1, the numbers of z; null for D - M.</param>
    /// <param name="blocks">Two-sided couplings, >= 1.</param>
    /// <param name="hidden">Hidden widths of each subnetwork; by default three layers of 100.</param>
    /// <param name="width">W >= max(D, M + K), at least 2; null for the least.</param>
    /// <param name="clamp">c > 0, the bound of a log-scale, in nats.</param>
    /// <param name="noise">s >= 0, the standard deviation of the noise on y.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <exception cref="ArgumentException">The numbers do not fit each other.</exception>
    public Inn(
        long features, long observed, long? latents = null, int blocks = 6, IReadOnlyList<long>? hidden = null, long? width = null, double clamp = 2, double noise = 0, int seed = 0)
        : base(nameof(Inn), Guard.Size(features, least: 1))
    {
        Guard.Size(observed, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        long free = latents ?? features - observed;
        if (free < 1)
            throw new ArgumentOutOfRangeException(nameof(latents), free, latents is null
                ? $"x has {features} numbers and y {observed}, which leaves none for z; expected latents >= 1, or more features than observed numbers."
                : "Expected at least one number of z.");
        long least = Math.Max(2, Math.Max(features, observed + free));
        if (width < least) throw new ArgumentOutOfRangeException(nameof(width), width, $"Expected at least {least}: x has {features} numbers, y and z together {observed + free}, and a coupling needs two.");
        if (!(noise >= 0 && double.IsFinite(noise))) throw new ArgumentOutOfRangeException(nameof(noise), noise, "Expected a finite standard deviation >= 0.");

        (Observed, Latents, Width, Noise, ContextShape) = (observed, free, width ?? least, noise, observed);
        var map = new AffineMap(clamp, ScaleBound.Arctangent);
        network = new Chain(Enumerable.Range(0, blocks).SelectMany(k => (Transform[])[
            new TwoSidedCoupling(Width, map, (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [100, 100, 100])), .. k < blocks - 1 ? [Permutation.Random(Width, seed + k)] : (Transform[])[]]));
        RegisterComponents();
    }

    /// <summary>Numbers of y, M.</summary>
    public long Observed { get; }

    /// <summary>Numbers of z, K.</summary>
    public long Latents { get; }

    /// <summary>Numbers on either side of the network, W, zeros included.</summary>
    public long Width { get; }

    /// <summary>The standard deviation s of the noise on y.</summary>
    public double Noise { get; }

    /// <summary>f on all W numbers: [x, 0] to [y, z, 0].</summary>
    public Transform Transform => network;

    /// <inheritdoc/>
    public override Shape ContextShape { get; }

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>The forward process: f_y(x), (B, M), and f_z(x), (B, K), with gradients.</summary>
    /// <param name="x">(B, D).</param>
    public (Tensor Y, Tensor Z) Split(Tensor x)
    {
        Guard.Batch(x, EventShape);
        using var scope = NewDisposeScope();
        var output = network.Forward(Pad(x, Width)).Z;
        return scope.MoveToOuter(output.narrow(1, 0, Observed).clone(), output.narrow(1, Observed, Latents).clone());
    }

    /// <summary>The inverse process: g(y, z), (B, D), with gradients.</summary>
    /// <param name="y">(B, M).</param>
    /// <param name="z">(B, K).</param>
    public Tensor Join(Tensor y, Tensor z)
    {
        Guard.Batch(y, [Observed]);
        Guard.Batch(z, [Latents]);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(network.Inverse(Pad(cat([y, z], 1), Width)).X.narrow(1, 0, Dimensions).clone());
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        if (!(Noise > 0))
            throw new NotSupportedException("Without noise on y the posterior of this network lies on the surface f_y(x) = y and has no density; Inn(noise: ...) has one.");
        if (Width > Dimensions || Observed + Latents < Width)
            throw new NotSupportedException($"This network pads with zeros (x has {Dimensions} numbers, y and z {Observed + Latents}, the network {Width}), so that its density on x has no closed form; expected all three to be equal.");

        Guard.Dtype(context, Dtype, GetName());
        var (output, logDet) = network.Forward(x);
        var ofY = (output.narrow(1, 0, Observed) - context!) / Noise;
        return (ofY.square().sum(1) + output.narrow(1, Observed, Latents).square().sum(1)) * -0.5 + logDet - Dimensions / 2.0 * Math.Log(2 * Math.PI) - Observed * Math.Log(Noise);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        var y = Noise > 0 ? context! + Noise * randn_like(context!) : context!;
        return Join(y, randn([count, Latents], dtype: Dtype, device: Device));
    }

    internal static Tensor Pad(Tensor x, long width) => x.size(1) == width ? x : cat([x, zeros([x.size(0), width - x.size(1)], dtype: x.dtype, device: x.device)], 1);
}
