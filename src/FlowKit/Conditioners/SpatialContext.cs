namespace FlowKit.Conditioners;

/// <summary>A conditioner of images whose context is a picture too: resized to the image it is read beside and given to the network as further channels.</summary>
/// <remarks>
/// <para>Where the picture is larger, each of its blocks is averaged; where it is smaller, pixels repeat (Ardizzone et al. 2019, arXiv:1907.02392, figure 2: coarser levels read a coarser picture).</para>
/// <para>Shapes: (B, Inputs, H, W) to (B, Outputs, H, W); the context is flat, (B, C h w). <see cref="Distributions.EmbeddedDistribution"/> with a flattening
/// takes it as (B, C, h, w).</para>
/// </remarks>
/// <example><code>
/// // Colors given a gray picture: the network reads the picture at the image's own size.
/// manual_seed(0);
/// var net = SpatialContext.Of(inputs: 3, outputs: 6, picture: [1, 16, 16], (inputs, outputs) => new ConvResidualNet(inputs, outputs, width: 8));
/// var gray = randn(2, 1, 16, 16);
/// Console.WriteLine(net.Forward(randn(2, 3, 8, 8), gray.flatten(1)));  // => [2x6x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class SpatialContext : Conditioner
{
    private readonly Conditioner inner;
    private readonly long[] picture;

    private SpatialContext(Conditioner inner, long inputs, long[] picture) : base(nameof(SpatialContext), inputs, inner.Outputs, picture[0] * picture[1] * picture[2])
    {
        (this.inner, this.picture) = (inner, picture);
        RegisterComponents();
    }

    /// <summary>The network that reads an image and a picture.</summary>
    /// <param name="inputs">Channels of the image.</param>
    /// <param name="outputs">Channels given.</param>
    /// <param name="picture">Sizes of the context without the batch, (C, h, w).</param>
    /// <param name="inner">Makes the network behind from (inputs, outputs): the channels of both.</param>
    /// <exception cref="ArgumentException">The picture is not three sizes, or the network behind does not fit.</exception>
    public static SpatialContext Of(long inputs, long outputs, IReadOnlyList<long> picture, Func<long, long, Conditioner> inner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(inner);
        if (picture.Count != 3 || picture.Any(size => size < 1))
            throw new ArgumentException($"Expected sizes (C, h, w), each >= 1; got ({string.Join(", ", picture)}).", nameof(picture));
        var made = Guard.Made(inner(inputs + picture[0], outputs), nameof(inner));
        return made.Inputs == inputs + picture[0] && made.Outputs == outputs && made.ContextFeatures == 0
            ? new(made, inputs, [.. picture])
            : throw new ArgumentException(
                $"The network maps {made.Inputs} channels and a context of {made.ContextFeatures} to {made.Outputs}; expected {inputs + picture[0]} and no context to {outputs}.", nameof(inner));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 4 || x.size(1) != Inputs)
            throw new ArgumentException($"x has shape {Guard.Describe(x)}; {GetName()} expected (B, {Inputs}, H, W).", nameof(x));

        var beside = context!.reshape([x.size(0), .. picture]);
        if (x.size(0) > 0) beside = nn.functional.adaptive_avg_pool2d(beside, [x.size(2), x.size(3)]);
        else beside = beside.new_zeros([0, picture[0], x.size(2), x.size(3)]);
        return inner.Forward(cat([x, beside], dim: 1), null);
    }
}
