using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>Puts layers of image flows on top of each other and keeps account of the image's shape: couplings in turns of checkerboards and of channels, squeezes, and a normalization after each coupling.</summary>
/// <remarks>The pieces of RealNVP (Dinh et al. 2017, arXiv:1605.08803, sections 3.4 to 3.7), which Glow and its followers arrange anew. One stack makes one level of <see cref="MultiScale"/>.</remarks>
/// <example><code>
/// var level = new ImageStack([1, 8, 8], new AffineMap(), channels => new ActNorm(channels))
///     .Checkerboards(2, (i, o) => new ConvResidualNet(i, o, width: 8))
///     .Squeeze()
///     .Channels(2, (i, o) => new ConvResidualNet(i, o, width: 16));
/// Console.WriteLine(level.Shape);             // => (4, 4, 4)
/// Transform f = level.ToChain();
/// </code></example>
public sealed class ImageStack
{
    private readonly ElementwiseMap map;
    private readonly Func<long, Transform>? normalization;
    private readonly List<Transform> layers = [];

    /// <summary>An empty stack.</summary>
    /// <param name="image">Sizes of the image that enters, (C, H, W).</param>
    /// <param name="map">The map of an element in every coupling.</param>
    /// <param name="normalization">Makes what follows each coupling from the number of channels, as <see cref="ActNorm"/>; null for nothing.</param>
    /// <exception cref="ArgumentException">The image does not have three sizes.</exception>
    public ImageStack(Shape image, ElementwiseMap map, Func<long, Transform>? normalization = null)
    {
        Guard.Sizes(image, dimensions: 3);
        ArgumentNullException.ThrowIfNull(map);
        if (image.Count != 3) throw new ArgumentException($"Expected the sizes (C, H, W) of an image; got {image}.", nameof(image));
        (Shape, this.map, this.normalization) = (image, map, normalization);
    }

    /// <summary>Sizes of the image after the layers so far.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Couplings whose parts are the two colors of a checkerboard, in turns; the first maps the pixels with odd row + column.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="conditioner">Makes the network of each, as <see cref="CheckerboardCoupling"/> asks for it.</param>
    public ImageStack Checkerboards(int count, Func<long, long, Conditioner> conditioner) =>
        Couplings(count, k => new CheckerboardCoupling(Shape[0], Shape[1], Shape[2], odd: k % 2 == 0, map, conditioner));

    /// <summary>Couplings whose parts are the two halves of the channels, in turns; the first maps the second half.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="conditioner">Makes the network of each, as <see cref="Coupling"/> asks for it.</param>
    public ImageStack Channels(int count, Func<long, long, Conditioner> conditioner) =>
        Couplings(count, k => new Coupling(Masks.Half(Shape[0], second: k % 2 == 0), map, conditioner));

    /// <summary>A quarter of the pixels and four times the channels: <see cref="Transforms.Squeeze"/>.</summary>
    public ImageStack Squeeze() => Then(new Squeeze(Shape[0], Shape[1], Shape[2]));

    /// <summary>Another layer.</summary>
    /// <exception cref="ArgumentException">It does not take the image as the layers so far leave it.</exception>
    public ImageStack Then(Transform layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Shape = layer.After(Shape, nameof(layer));
        layers.Add(layer);
        return this;
    }

    /// <summary>The layers so far as one transform.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Chain ToChain() => new(layers);

    private ImageStack Couplings(int count, Func<int, Transform> coupling)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (int k = 0; k < count; k++)
        {
            Then(coupling(k));
            if (normalization is not null) Then(Guard.Made(normalization(Shape[0]), nameof(normalization)));
        }
        return this;
    }
}
