using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Conditional invertible neural networks: z = f(x; c), with a condition c that the subnetworks read and nothing inverts. By maximum likelihood p(x | c) is the posterior of an inverse problem, or a law of images given a class or a gray picture.</summary>
/// <remarks>
/// Ardizzone, Lüth, Kruse, Rother, Köthe 2019, Guided image generation with conditional invertible neural networks, arXiv:1907.02392: two-sided affine couplings whose log-scales are clamped, (2c/pi) atan(a/c), with fixed
/// random orthogonal mixing between them; on images Haar downsampling, of which half of the channels leave at each level, and conditioning networks that bring c to each level's resolution.
/// A conditioning network on vectors is an <see cref="EmbeddedDistribution"/>: trained with the flow, or fixed where its parameters require no gradient.
/// </remarks>
/// <example><code>
/// // x = (cos c, sin c) + noise, given the angle as (cos c, sin c).
/// manual_seed(0);
/// var c = rand(2000, 1) * Math.Tau;
/// var direction = cat([c.cos(), c.sin()], 1);
/// var flow = ConditionalInn.Create(features: 2, contextShape: 2, blocks: 3, hidden: [32]);
/// Trainer.Fit(flow, new Dataset(direction + 0.1 * randn(2000, 2), direction), options: new() { Steps = 400, LearningRate = 1e-2, Threads = 1 });
/// var east = tensor(new[,] { { 1f, 0 } });
/// Console.WriteLine((flow.Sample(1000, east) - east).square().mean().sqrt().ToDouble() &lt; 0.2);      // => True
/// // The same noise in another direction.
/// var moved = ConditionalInn.Transfer(flow, flow.Sample(1000, east), from: east, to: -east);
/// Console.WriteLine((moved + east).square().mean().sqrt().ToDouble() &lt; 0.2);                        // => True
/// </code></example>
public static class ConditionalInn
{
    /// <summary>Two-sided couplings with orthogonal mixing over a standard normal, on vectors.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="contextShape">Sizes of one condition, as 3 for (B, 3).</param>
    /// <param name="blocks">Two-sided couplings, >= 1.</param>
    /// <param name="hidden">Hidden widths of each subnetwork; by default two layers of 64.</param>
    /// <param name="clamp">Bound of a log-scale, > 0, in nats.</param>
    /// <param name="map">The map of an element in place of the clamped affine one.</param>
    /// <param name="seed">Of the mixing.</param>
    /// <param name="preprocessing">Layers between data and the first coupling.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features or one block.</exception>
    public static Flow Create(
        long features, Shape contextShape, int blocks = 6, IReadOnlyList<long>? hidden = null, double clamp = 1.9, ElementwiseMap? map = null, int seed = 0, params IEnumerable<Transform> preprocessing)
    {
        if (features < 2)
            throw new ArgumentOutOfRangeException(nameof(features), features, "A coupling needs at least two features: one to read and one to map. For one feature use Maf.Create(1, contextShape: ...).");
        Guard.Sizes(contextShape, dimensions: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        return new Flow(new Chain([.. preprocessing, .. Blocks(features, blocks, map ?? Clamped(clamp), (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], contextShape), seed)]), new StandardNormal(features));
    }

    /// <summary>A multi-scale flow of images. Each level is a Haar downsampling and two-sided couplings of channels with orthogonal mixing; between levels half of the channels leave.</summary>
    /// <remarks>A condition of one size, (C), is read as it is. One of a picture, (C, H, W), is brought to each level's resolution by a network of its own, trained with the flow.</remarks>
    /// <param name="image">(C, H, W); H and W can be halved at every level.</param>
    /// <param name="contextShape">Sizes of one condition, (C) or (C, H, W) of the image's height and width.</param>
    /// <param name="levels">>= 1.</param>
    /// <param name="blocks">Two-sided couplings a level, >= 1.</param>
    /// <param name="width">Channels within a subnetwork, >= 1.</param>
    /// <param name="conditioning">Makes the network that reads a picture's condition for a level, from (B, C, H, W) to the shape it is given, (F, h, w); null for strided convolutions.</param>
    /// <param name="clamp">Bound of a log-scale, > 0, in nats.</param>
    /// <param name="seed">Of the mixing.</param>
    /// <param name="preprocessing">Layers between data and the first level, as dequantization and logit.</param>
    /// <exception cref="ArgumentException">The image cannot be halved that often, or the condition has another height and width.</exception>
    public static Flow ForImages(
        Shape image, Shape contextShape, int levels = 2, int blocks = 4, long width = 32, Func<Shape, nn.Module<Tensor, Tensor>>? conditioning = null, double clamp = 1.9, int seed = 0,
        params IEnumerable<Transform> preprocessing)
    {
        Guard.Image(image);
        Guard.Sizes(contextShape, dimensions: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((image[1] >> levels) << levels != image[1] || (image[2] >> levels) << levels != image[2])
            throw new ArgumentException($"The image has shape {image}; expected a height and a width that can be halved {levels} times.", nameof(image));
        if (contextShape.Count != 1 && !(contextShape.Count == 3 && contextShape[1] == image[1] && contextShape[2] == image[2]))
            throw new ArgumentException($"A condition has shape {contextShape}; expected (C), or (C, {image[1]}, {image[2]}) as the image has that height and width.", nameof(contextShape));

        var (all, shape) = (new List<Transform>(), image);
        for (int level = 0; level < levels; level++)
        {
            var haar = new Haar(shape[0], shape[1], shape[2]);
            shape = haar.LatentShape;
            Shape read = contextShape.Count == 1 ? contextShape : [width, shape[1], shape[2]];
            var couplings = Blocks(shape[0], blocks, Clamped(clamp), (inputs, outputs) => new ConvResidualNet(inputs, outputs, width, blocks: 1, read), seed + level * blocks);
            var chain = new Chain([haar, .. couplings]);
            all.Add(contextShape.Count == 1 ? chain : new EmbeddedTransform(chain, conditioning?.Invoke(read) ?? Strided(contextShape[0], width, level + 1), contextShape));
            shape = [shape[0] / 2, .. shape[1..]];
        }
        return new Flow(new Chain([.. preprocessing, new MultiScale(image, all)]), new StandardNormal(image.Volume));
    }

    /// <summary>Style transfer: x' = f⁻¹(f(x; c); c'), what x has beyond its condition, under another one.</summary>
    /// <param name="flow">A conditional flow.</param>
    /// <param name="x">(B, EventShape...).</param>
    /// <param name="from">c, (B, ...), or (1, ...) for all.</param>
    /// <param name="to">c', (B, ...), or (1, ...) for all.</param>
    /// <exception cref="ArgumentException">The flow takes no context, or a shape does not fit it.</exception>
    public static Tensor Transfer(Flow flow, Tensor x, Tensor from, Tensor to)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.ContextShape is null) throw new ArgumentException($"{flow.GetName()} takes no context; expected a conditional flow.", nameof(flow));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(flow.Transform.Inverse(flow.Transform.Forward(x, from).Z, to).X);
    }

    /// <summary>The negative log of a normal prior on the weights up to a constant, tau |theta|², a scalar for <see cref="Training.FitOptions.Penalty"/>: training becomes that of the maximum a posteriori (section 3.1).</summary>
    /// <param name="flow">Whose parameters are meant.</param>
    /// <param name="tau">>= 0, in nats.</param>
    public static Tensor WeightPenalty(nn.Module flow, double tau)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (!(tau >= 0 && double.IsFinite(tau))) throw new ArgumentOutOfRangeException(nameof(tau), tau, "Expected a finite number >= 0.");
        Tensor[] weights = [.. flow.parameters().Where(weight => weight.requires_grad)];
        if (weights.Length == 0) throw new ArgumentException($"{flow.GetName()} has no trainable parameter.", nameof(flow));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(stack([.. weights.Select(weight => weight.square().sum())]).sum() * tau);
    }

    private static AffineMap Clamped(double clamp) => new(clamp, ScaleBound.Arctangent);

    private static Transform[] Blocks(long features, int blocks, ElementwiseMap map, Func<long, long, Conditioner> conditioner, int seed) =>
        [.. Enumerable.Range(0, blocks).SelectMany(k => (Transform[])[Orthogonal.Random(features, seed + k), new TwoSidedCoupling(features, map, conditioner)])];

    // From (B, C, H, W) to (B, F, H / 2^level, W / 2^level).
    private static nn.Module<Tensor, Tensor> Strided(long channels, long width, int level) => nn.Sequential([
        .. Enumerable.Range(0, level).SelectMany(k => (nn.Module<Tensor, Tensor>[])[nn.Conv2d(k == 0 ? channels : width, width, kernel_size: 3, stride: 2, padding: 1), nn.ReLU()]),
        nn.Conv2d(width, width, kernel_size: 3, padding: 1)]);
}
