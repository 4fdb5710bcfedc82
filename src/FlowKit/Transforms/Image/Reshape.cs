namespace FlowKit.Transforms;

/// <summary>The same numbers in another shape: an image as a vector, a vector as an image. log|det| = 0.</summary>
/// <example><code>
/// // A flow of vectors on images.
/// manual_seed(0);
/// var flow = new Flow(new Chain(Reshape.Flatten(1, 8, 8), new LuLinear(64)), new StandardNormal(64));
/// Console.WriteLine(flow.Sample(10));  // => [10x1x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class Reshape : Transform
{
    /// <summary>From events of one shape to events of another.</summary>
    /// <param name="from">Sizes of x without the batch.</param>
    /// <param name="to">Sizes of z without the batch.</param>
    /// <exception cref="ArgumentException">The two do not hold the same number of values.</exception>
    public Reshape(Shape from, Shape to) : base(nameof(Reshape))
    {
        Guard.Sizes(from, dimensions: 1);
        Guard.Sizes(to, dimensions: 1);
        if (from.Volume != to.Volume) throw new ArgumentException($"{from} holds {from.Volume} values, {to} holds {to.Volume}.", nameof(to));
        (DataShape, LatentShape) = (from, to);
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    /// <summary>Events of that shape as vectors.</summary>
    public static Reshape Flatten(params Shape from) => new(from, from.Volume);

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x.reshape([x.size(0), .. LatentShape]), SameForAll(0, x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z.reshape([z.size(0), .. DataShape]), SameForAll(0, z));
}
