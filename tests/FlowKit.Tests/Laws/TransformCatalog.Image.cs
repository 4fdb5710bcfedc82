using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Layers that know about images, small ones: the autograd Jacobian is D x D.
    private static TransformCase[] Image =>
    [
        new("squeeze", () => new Squeeze(2, 4, 4), Normal(2, 4, 4)),
        new("squeeze, inverted", () => new Squeeze(1, 2, 6).Inverted, Normal(4, 1, 3)),
        new("split columns", () => new ColumnSplit(2, 3, 4), Normal(2, 3, 4)),
        new("split columns, inverted", () => new ColumnSplit(1, 1, 2).Inverted, Normal(2, 1, 1)),
        new("Haar wavelet", () => new Haar(2, 2, 4), Normal(2, 2, 4)),
        new("Haar wavelet, one block", () => new Haar(1, 2, 2), Normal(1, 2, 2)),
        new("reshape", () => new Reshape([2, 3, 2], [4, 3]), Normal(2, 3, 2)),
        new("reshape to a vector", () => Reshape.Flatten(2, 3, 2), Normal(2, 3, 2)),
        new("checkerboard", () => Checkerboard(2, 4, 4, odd: true), Normal(2, 4, 4)),
        new("checkerboard, odd sizes", () => Checkerboard(1, 3, 3, odd: false), Normal(1, 3, 3)),
        new("checkerboard, context", () => Checkerboard(2, 2, 3, odd: false, contextShape: 3), Normal(2, 2, 3)),
        new("checkerboard, additive, dense", () => new CheckerboardCoupling(2, 3, 3, odd: true, new AdditiveMap(), (i, o) => new DenseNet(i, o, growth: 4)), Normal(2, 3, 3)),
        new("checkerboards, two in turn", () => new Chain(Checkerboard(1, 4, 4, odd: true), Checkerboard(1, 4, 4, odd: false)), Normal(1, 4, 4)),
        new("channels, residual convolutions", () => Channelwise(4, (i, o) => new ConvResidualNet(i, o, width: 6)), Normal(4, 3, 3)),
        new("channels, residual convolutions, context", () => Channelwise(4, (i, o) => new ConvResidualNet(i, o, width: 6, contextShape: 2, activation: Activation.SiLU)), Normal(4, 2, 2)),
        new("channels, residual convolutions, batch normalization", () => Channelwise(2, (i, o) => new ConvResidualNet(i, o, width: 4, batchNorm: true)), Normal(2, 3, 3)),
        new("channels, gated convolutions", () => Channelwise(3, (i, o) => new GatedConvNet(i, o, width: 6)), Normal(3, 2, 3)),
        new("channels, gated convolutions, attention, context", () => Channelwise(4, (i, o) => new GatedConvNet(i, o, width: 4, blocks: 1, heads: 2, contextShape: 2)), Normal(4, 2, 2)),
        new("channels, gated convolutions, pointwise, positions, a picture as context", () => Channelwise(2, (i, o) => new GatedConvNet(
            i, o, width: 4, blocks: 1, contextShape: [2, 2, 2], dropout: 0.2, positions: [2, 2], pointwise: true)), Normal(2, 2, 2)),
        new("channels, dense, context", () => Channelwise(4, (i, o) => new DenseNet(i, o, growth: 4, depth: 2, contextShape: 2)), Normal(4, 2, 2)),
        new("channels, self-attention, context", () => Channelwise(4, (i, o) => new SelfAttention(i, o, width: 4, heads: 2, contextShape: 2)), Normal(4, 2, 3)),
        new("channels, a picture as context", () => Channelwise(4, Beside), Normal(4, 2, 2)),
        new("checkerboard, a picture as context", () => new CheckerboardCoupling(1, 3, 3, odd: true, new AffineMap(), Beside), Normal(1, 3, 3)),
        new("multi-scale, a picture as context", () => new MultiScale([1, 4, 4], [new Chain(new Squeeze(1, 4, 4), Channelwise(4, Beside)), Channelwise(2, Beside)], Beside), Normal(1, 4, 4)),
        new("channels, log-scales by tanh, context", () => Channelwise(4, (i, o) => TanhScale.Of(i, o, (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1, contextShape: 2))), Normal(4, 2, 2)),
        new("RealNVP of images", () => Stack(new(1, 4, 4) { Scales = 2, Blocks = 1, Maps = 4 }), Normal(1, 4, 4)),
        new("RealNVP of images, three scales, context", () => Stack(new(1, 4, 8) { Scales = 3, Blocks = 1, Maps = 2 }, contextShape: 2), Normal(1, 4, 8)),
        new("RealNVP of images, one scale, no batch normalization", () => Stack(new(2, 3, 3) { Scales = 1, Blocks = 1, Maps = 4, BatchNorm = false }), Normal(2, 3, 3)),
        new("RealNVP of images, additive", () => Stack(new(1, 4, 4) { Blocks = 1, Maps = 4 }, new AdditiveMap()), Normal(1, 4, 4)),
        Dequantizing("RealNVP of images, from integers", () => RealNvp.ForImages(new(1, 4, 4) { Blocks = 1, Maps = 4, Levels = 17 }).Transform, 17, 1, 4, 4),
        new("Flow++ of images", () => PlusPlus(new(1, 4, 4) { Checkerboards = 1, ChannelCouplings = 1, LastCheckerboards = 1 }), Normal(1, 4, 4)) { Tolerance = 1e-7 },
        new("Flow++ of images, affine, pointwise", () => PlusPlus(new(3, 2, 2) { Checkerboards = 2, ChannelCouplings = 1, LastCheckerboards = 0, Affine = true, Heads = 0 }), Normal(3, 2, 2)),
        Dequantizing("Flow++'s noise", () => ((Chain)SmallPlusPlus(new(1, 2, 2) { ChannelCouplings = 0, NoiseCouplings = 2, Levels = 17 }).Transform)[0], 17, 1, 2, 2) with { Tolerance = 1e-7, Latents = Uniform(1, 2, 2) },
        new("channels, Glow's network, context", () => Channelwise(4, (i, o) => new GlowNet(i, o, width: 6, contextShape: 2)), Normal(4, 3, 3)),
        new("Glow of images", () => GlowStack(new(1, 4, 4) { Steps = 1, Maps = 4 }), Normal(1, 4, 4)),
        new("Glow of images, shuffled, gated", () => GlowStack(new(1, 4, 4) { Steps = 2, Maps = 4, Mixing = GlowMixing.Shuffle }, new GatedAffineMap()), Normal(1, 4, 4)),
        new("Glow of images, reversed, additive", () => GlowStack(new(2, 2, 4) { Scales = 1, Steps = 2, Maps = 4, Mixing = GlowMixing.Reverse, Additive = true }), Normal(2, 2, 4)),
        new("Glow of images, plain, classes", () => GlowStack(new(1, 4, 4) { Steps = 1, Maps = 4, Mixing = GlowMixing.Conv, Classes = 3 }), Normal(1, 4, 4)),
        Dequantizing("Glow of images, from integers", () => Glow.ForImages(new(1, 4, 4) { Steps = 1, Maps = 4, Levels = 17, Alpha = 0.05 }).Transform, 17, 1, 4, 4),
        new("two-sided", () => new TwoSidedCoupling(5, new AffineMap(), (i, o) => new Mlp(i, o, [8])), Normal(5)),
        new("two-sided, D = 2, context", () => new TwoSidedCoupling(2, new AffineMap(), (i, o) => new Mlp(i, o, [8], contextShape: 3)), Normal(2)),
        new("two-sided over channels", () => new TwoSidedCoupling(3, new AffineMap(), (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1)), Normal(3, 2, 2)),
        new("Glow step", () => GlowStep(4), Normal(4, 2, 2)),
        new("multi-scale, one level", () => new MultiScale([1, 4, 4], [new Squeeze(1, 4, 4)]), Normal(1, 4, 4)),
        new("multi-scale, two levels", () => new MultiScale([1, 4, 4], [Level(1, 4, 4), Level(2, 2, 2)]), Normal(1, 4, 4)),
        new("multi-scale, prior", () => new MultiScale([1, 4, 4], [Level(1, 4, 4), GlowStep(2)], Prior()), Normal(1, 4, 4)),
        new("multi-scale, three levels, prior, context", () => new MultiScale([2, 4, 4], [Level(2, 4, 4, contextShape: 2), GlowStep(4), Level(2, 2, 2)], Prior(2)), Normal(2, 4, 4)),
        new("multi-scale, odd channels, vectors", () => new MultiScale([5], [new LuLinear(5), new LuLinear(3)], (i, o) => new Mlp(i, o, [8])), Normal(5)),
        new("multi-scale, inverted", () => new MultiScale([1, 4, 2], [Level(1, 4, 2), GlowStep(2)], Prior()).Inverted, Normal(8)),
        Dequantizing("variational dequantization", () => new VariationalDequantization(17, Noise(4)), 17, 4) with { Latents = Uniform(4) },
        Dequantizing("variational dequantization, D = 1", () => new VariationalDequantization(5, new Flow(new Chain(new Logit(), new ElementwiseTransform(new AffineMap(), [1])), new StandardLogistic(1))), 5, 1) with { Latents = Uniform(1) },
        Dequantizing("variational dequantization of an image", () => new VariationalDequantization(256, new Flow(
            new Chain(new Logit(), Checkerboard(1, 2, 2, odd: true, contextShape: [1, 2, 2]), Checkerboard(1, 2, 2, odd: false, contextShape: [1, 2, 2])), new StandardNormal(1, 2, 2))),
            256, 1, 2, 2) with { Latents = Uniform(1, 2, 2) },
    ];

    private static CheckerboardCoupling Checkerboard(long channels, long height, long width, bool odd, Shape? contextShape = null) =>
        new(channels, height, width, odd, new AffineMap(), (i, o) => new ConvResidualNet(i, o, width: 6, blocks: 1, contextShape));

    // The multi-scale part: behind dequantization, whose noise differs from call to call, no Jacobian can be asked for.
    private static Transform Stack(ImageSizes sizes, ElementwiseMap? map = null, Shape? contextShape = null) =>
        ((Chain)RealNvp.ForImages(sizes, map, contextShape).Transform)[^1];

    private static Flow SmallPlusPlus(FlowPlusPlusSizes sizes) => FlowPlusPlus.ForImages(sizes with { Filters = 4, Blocks = 1, Components = 3, Heads = Math.Min(sizes.Heads, 2), NoiseBlocks = 1 });

    private static Chain PlusPlus(FlowPlusPlusSizes sizes) => new(((Chain)SmallPlusPlus(sizes with { Variational = false }).Transform).Skip(2));

    private static Transform GlowStack(GlowSizes sizes, ElementwiseMap? map = null) => ((Chain)Glow.ForImages(sizes, map).Transform)[^1];

    private static ConvResidualNet Beside(long inputs, long outputs) => new(inputs, outputs, width: 4, blocks: 1, contextShape: [2, 4, 4]);

    private static Coupling Channelwise(int channels, Func<long, long, Conditioner> conditioner) => new(Masks.Half(channels, second: true), new AffineMap(), conditioner);

    private static Chain GlowStep(int channels, Shape? contextShape = null) => new(
        new ActNorm(channels), new InvertibleConv1x1(channels), Channelwise(channels, (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1, contextShape)));

    private static Chain Level(int channels, long height, long width, Shape? contextShape = null) =>
        new(new Squeeze(channels, height, width), GlowStep(4 * channels, contextShape));

    private static Func<long, long, Conditioner> Prior(Shape? contextShape = null) => (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 0, contextShape);

    private static Flow Noise(int features) => new(
        new Chain(new Logit(), Coupling.WithMlp(Masks.Half(features, second: true), new AffineMap(), [8], contextShape: features),
            Coupling.WithMlp(Masks.Half(features, second: false), new AffineMap(), [8], contextShape: features)), new StandardNormal(features));
}
