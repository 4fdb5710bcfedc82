using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Flow++ (Ho, Chen, Srinivas, Duan, Abbeel 2019, arXiv:1902.00275): couplings by mixtures of logistics whose networks have self-attention, and dequantization by learned noise.</summary>
/// <example><code>
/// manual_seed(0);
/// var flow = FlowPlusPlus.ForImages(new(1, 2, 2) { Filters = 8, Blocks = 1, Components = 4, Heads = 2, ChannelCouplings = 0, Levels = 16 });
/// var x = randint(0, 16, [5, 1, 2, 2]);
/// Console.WriteLine(flow.LogProb(x));  // => [5], type = Float32, device = cpu
/// Console.WriteLine(flow.IsExact);     // => False
///
/// // The mean of the density over draws of the noise is closer to the probability than that of its logarithm.
/// flow.eval();
/// double Bound(int draws) { using (no_grad()) return Objectives.ImportanceWeighted(flow, x.repeat(200, 1, 1, 1), draws).mean().ToDouble(); }
/// Console.WriteLine(Bound(draws: 16) > Bound(draws: 1));  // => True
/// </code></example>
public static class FlowPlusPlus
{
    private const double Alpha = 0.05;
    private const double MaxLogScale = 1;

    /// <summary>The paper's flow of integer images: dequantization, logit, couplings of split columns, a squeeze, couplings of channels, and couplings of split columns again; all latents are the base's.</summary>
    /// <remarks>
    /// <para>Before each coupling an activation normalization of every element and a matrix for the channels of each part. Networks are those of <see cref="GatedConvNet"/> with learned positions. As in the published
    /// code, a checkerboard of the paper is a <see cref="ColumnSplit"/>, and the halves of the channels are the even and the odd rows before the squeeze.</para>
    /// <para>Learned noise is drawn by couplings of its own that read the image through a network of gated convolutions, and a sigmoid at the end. It is drawn in the direction in which mixtures are in closed
    /// form; noise of given images, which draws of images ask for, is solved for numerically.</para>
    /// <para>x is (B, C, H, W), whole numbers 0..K-1; log-probs are bounds for those, as noise is drawn: <see cref="Inference.Objectives.ImportanceWeighted(Distribution, Tensor, int, Tensor?)"/> tightens them. The
    /// first training batch sets normalizations and networks, so let it be large (128 in the paper). Dropout makes log-probs in training mode those of a smaller network.</para>
    /// <para>Departures: |log-scale| of a coupling is bounded by 1 rationally instead of by tanh, and that of a mixture's components by 7 on both sides; see <see cref="LogisticMixtureMap"/> for where they start.</para>
    /// </remarks>
    /// <param name="sizes">How large.</param>
    /// <exception cref="ArgumentException">The image cannot be split or halved as asked, or a size is out of its range.</exception>
    public static Flow ForImages(FlowPlusPlusSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        sizes.Check();
        Shape shape = [sizes.Channels, sizes.Height, sizes.Width];
        List<Transform> layers = [Dequantization(sizes, shape), new Logit(Alpha), .. Columns(sizes, shape, sizes.Checkerboards, sizes.Blocks)];
        if (sizes.ChannelCouplings > 0)
        {
            var squeeze = new Squeeze(shape[0], shape[1], shape[2]);
            layers.AddRange([squeeze, .. RowsFirst(shape[0])]);
            shape = squeeze.LatentShape;
            layers.AddRange([.. Couplings(sizes, shape, sizes.ChannelCouplings, sizes.Blocks), .. Columns(sizes, shape, sizes.LastCheckerboards, sizes.Blocks)]);
        }
        return new Flow(new Chain(layers), new StandardNormal([.. shape]));
    }

    private static Transform Dequantization(FlowPlusPlusSizes sizes, Shape shape)
    {
        if (!sizes.Variational) return new UniformDequantization(sizes.Levels);

        // From Gaussian noise to u, as data go through couplings: read backwards it is the noise's flow.
        var draw = new Chain([.. Columns(sizes, shape, sizes.NoiseCouplings, sizes.NoiseBlocks, [ColumnNet.Maps, shape[1], shape[2] / 2]), new Logit().Inverted]);
        var noise = new Flow(draw.Inverted, new StandardNormal([.. shape]));
        return new VariationalDequantization(sizes.Levels, new EmbeddedDistribution(noise, new ColumnNet(shape[0], shape[1], shape[2], sizes.Dropout), shape));
    }

    private static IEnumerable<Transform> Columns(FlowPlusPlusSizes sizes, Shape shape, int count, int blocks, Shape? contextShape = null)
    {
        if (count == 0) return [];
        var split = new ColumnSplit(shape[0], shape[1], shape[2]);
        return [split, .. Couplings(sizes, split.LatentShape, count, blocks, contextShape), split.Inverted];
    }

    // The two halves of the channels map each other in turns.
    private static IEnumerable<Transform> Couplings(FlowPlusPlusSizes sizes, Shape shape, int count, int blocks, Shape? contextShape = null) =>
        Enumerable.Range(0, count).SelectMany(k => (Transform[])[
            ActNorm.PerElement(shape),
            InvertibleConv1x1.NearIdentity(shape[0], groups: 2),
            new Coupling(Masks.Half(shape[0], second: k % 2 == 0), Map(sizes), (inputs, outputs) => new GatedConvNet(
                inputs, outputs, sizes.Filters, blocks, sizes.Heads, contextShape, sizes.Dropout, positions: shape[1..], pointwise: sizes.Heads == 0)),
        ]);

    private static ElementwiseMap Map(FlowPlusPlusSizes sizes) =>
        sizes.Affine ? new AffineMap(MaxLogScale) : new LogisticMixtureMap(sizes.Components, MaxLogScale);

    // A squeeze puts the four pixels of a block one after the other, channel by channel; here the channels of a pixel come together, upper pixels first.
    private static IEnumerable<Transform> RowsFirst(long channels) =>
        channels == 1 ? [] : [new Permutation([.. Enumerable.Range(0, 4).SelectMany(pixel => Enumerable.Range(0, (int)channels).Select(c => 4 * c + pixel))])];
}
