using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Glow (Kingma, Dhariwal 2018, arXiv:1807.03039): steps of activation normalization, a learned 1x1 convolution and a coupling of channels, on images and on vectors.</summary>
/// <remarks>The first training batch sets the normalizations. Couplings start at zero, so that a whole flow is linear at first. Cooler draws are <see cref="Flow.AtTemperature"/>'s.</remarks>
/// <example><code>
/// // Digits of 17 levels, a class at the top, and draws of the class 3 at temperature 0.7.
/// manual_seed(0);
/// var digits = Digits.Load();
/// var (x, classes) = (digits.Images.reshape(-1, 1, 8, 8), ClassPosterior.OneHot(digits.Labels, 10));
/// var flow = Glow.ForImages(new(1, 8, 8) { Scales = 2, Steps = 2, Maps = 8, Levels = Digits.Levels, Classes = 10 });
/// var history = Trainer.Fit(flow, new Dataset(x, classes), options: new() { Steps = 40, BatchSize = 64, LearningRate = 5e-3, Threads = 1 });
/// Console.WriteLine(history.Train[^1].Loss &lt; history.Train[0].Loss - 20);                // => True
/// Console.WriteLine(flow.AtTemperature(0.7).Sample(4, ClassPosterior.OneHot(tensor(new[] { 3L }), 10)));   // => [4x1x8x8], type = Float32, device = cpu
/// </code></example>
public static class Glow
{
    private const int MostBits = 8;

    /// <summary>The paper's flow of images: dequantization and centering, then levels of a squeeze and <see cref="GlowSizes.Steps"/> steps, after each of which but the last half of the channels leave under a law read from the other half (section 3, figure 2).</summary>
    /// <remarks>
    /// <para>A split's law is N(mu(h), sigma(h)²) with mu and ln sigma from a <see cref="MultiScale"/> prior network, a 3x3 convolution that starts at zero. The last latent has a learned mean and scale for each channel,
    /// or for each channel and class, which also start at N(0, 1). Networks are <see cref="GlowNet"/>.</para>
    /// <para>Affine couplings multiply by exp(s), as the paper has it, with s softly bounded by <see cref="AffineMap"/>. Its code multiplies by sigmoid(s + 2), which <see cref="GatedAffineMap"/> does: they then start at
    /// 0.88 instead of 1, and nothing bounds the inverse of a gate that is nearly shut.</para>
    /// <para>x is (B, C, H, W), whole numbers 0..K-1; log-probs are bounds for those, as noise is drawn, and -inf for other numbers. The latents are <see cref="MultiScale"/>'s, which is the last layer.</para>
    /// </remarks>
    /// <param name="sizes">How large, and which steps. With classes, the context is a class as one-hot code, (B, classes).</param>
    /// <param name="map">The map of an element; by default <see cref="AffineMap"/>, or <see cref="AdditiveMap"/> where the sizes say so.</param>
    /// <exception cref="ArgumentException">The image cannot be halved that often, a size is out of its range, or the couplings are additive and have another map.</exception>
    public static Flow ForImages(GlowSizes sizes, ElementwiseMap? map = null)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        sizes.Check();
        if (sizes.Additive && map is not (null or AdditiveMap)) throw new ArgumentException($"The sizes ask for additive couplings; expected no map, got {map}.", nameof(map));
        map ??= sizes.Additive ? new AdditiveMap() : new AffineMap();

        Shape image = [sizes.Channels, sizes.Height, sizes.Width], shape = image;
        var levels = new List<Transform>();
        for (int l = 0; l < sizes.Scales; l++)
        {
            if (l > 0) shape = [shape[0] / 2, .. shape[1..]];
            var level = new ImageStack(shape, map).Squeeze();
            for (int k = 0; k < sizes.Steps; k++)
                level.Then(new ActNorm(level.Shape[0])).Then(Mix(sizes.Mixing, level.Shape[0], ShuffleSeed(sizes.Seed, l, k))).Channels(1, (inputs, outputs) => new GlowNet(inputs, outputs, sizes.Maps));
            if (l == sizes.Scales - 1) level.Then(LastPrior(level.Shape, sizes.Classes));
            levels.Add(level.ToChain());
            shape = level.Shape;
        }
        return new Flow(
            new Chain(new UniformDequantization(sizes.Levels), sizes.Alpha is { } alpha ? (Transform)new Logit(alpha) : Centered(sizes.Channels), new MultiScale(image, levels, (inputs, outputs) => new ScaledZeroConv(inputs, outputs))),
            new StandardNormal(sizes.Dimensions));
    }

    /// <summary>Steps of the same kind on vectors, over a standard normal: normalization, mixing, and a coupling whose perceptron reads the first half of the features and maps the second.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="steps">K >= 1.</param>
    /// <param name="mixing">How a step mixes the features.</param>
    /// <param name="hidden">Hidden widths of each perceptron; by default two layers of 64.</param>
    /// <param name="map">The map of an element; by default <see cref="AffineMap"/>.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="seed">Chooses the shuffles.</param>
    /// <param name="preprocessing">Layers between data and the first step.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features or one step.</exception>
    public static Flow Create(
        long features, int steps = 8, GlowMixing mixing = GlowMixing.LuConv, IReadOnlyList<long>? hidden = null, ElementwiseMap? map = null, Shape? contextShape = null, int seed = 0,
        params IEnumerable<Transform> preprocessing)
    {
        if (features < 2)
            throw new ArgumentOutOfRangeException(nameof(features), features, "A coupling needs at least two features: one to read and one to map. For one feature use an autoregressive or an elementwise flow.");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var layers = Enumerable.Range(0, steps).SelectMany(k => (Transform[])[
            new ActNorm(features), Mix(mixing, features, ShuffleSeed(seed, 0, k)), Coupling.WithMlp(Masks.Half(features, second: true), map ?? new AffineMap(), hidden ?? [64, 64], contextShape)]);
        return new Flow(new Chain([.. preprocessing, .. layers]), new StandardNormal(features));
    }

    /// <summary>Images of 8 bits in n bits: floor(x / 2^(8 - n)), whole numbers 0..2^n - 1 of the same dtype, for a flow with as many <see cref="GlowSizes.Levels"/>.</summary>
    /// <param name="images">Whole numbers 0..255, of any shape and dtype.</param>
    /// <param name="bits">n, 1 to 8; the paper's is 5 where it does not say 8.</param>
    /// <exception cref="ArgumentException">A pixel is not a whole number from 0 to 255.</exception>
    /// <example><code>
    /// Console.WriteLine(Glow.Reduce(tensor(new byte[] { 0, 7, 8, 255 }), bits: 5).to(int64).npstr());   // => [0, 0, 1, 31]
    /// </code></example>
    public static Tensor Reduce(Tensor images, int bits)
    {
        Guard.Number(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        using var scope = NewDisposeScope();
        var exact = images.to(float32);
        var wrong = exact.eq(exact.floor()).logical_and_(exact.ge(0)).logical_and_(exact.le((1 << MostBits) - 1)).logical_not_();
        if (wrong.any().ToBoolean())
            throw new ArgumentException($"images holds {exact.masked_select(wrong)[0].ToDouble():G4}; expected pixels of 8 bits, whole numbers 0..255.", nameof(images));
        return scope.MoveToOuter((exact / (1 << (MostBits - bits))).floor().to(images.dtype));
    }

    private static Transform Mix(GlowMixing mixing, long channels, int seed) => mixing switch
    {
        GlowMixing.Conv => new InvertibleConv1x1(channels, factored: false),
        GlowMixing.LuConv => new InvertibleConv1x1(channels, factored: true),
        GlowMixing.Shuffle => Permutation.Random(channels, seed),
        GlowMixing.Reverse => Permutation.Reverse(channels),
        _ => throw new ArgumentOutOfRangeException(nameof(mixing), mixing, "Expected one of the mixings that have a name."),
    };

    private static int ShuffleSeed(int seed, int level, int step) => unchecked(((seed * 20) + level) * 1000 + step);

    // Pixels of [0, 1] to [-1/2, 1/2].
    private static Standardize Centered(long channels)
    {
        using var scope = NewDisposeScope();
        return new(full(channels, 0.5, dtype: get_default_dtype(), device: CPU), ones(channels, dtype: get_default_dtype(), device: CPU));
    }

    private static ElementwiseTransform LastPrior(Shape shape, long? classes) => classes is { } count
        ? new(new AffineMap(), shape, contextShape: count, hidden: [], sharesPositions: true)
        : new(new AffineMap(), shape, sharesPositions: true);
}
