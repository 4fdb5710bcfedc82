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
    public Reshape(IReadOnlyList<long> from, IReadOnlyList<long> to) : base(nameof(Reshape))
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        foreach (long size in from.Concat(to)) ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(from));
        if (Volume(from) != Volume(to))
            throw new ArgumentException($"({string.Join(", ", from)}) holds {Volume(from)} values, ({string.Join(", ", to)}) holds {Volume(to)}.", nameof(to));
        (DataShape, LatentShape) = ([.. from], [.. to]);
    }

    /// <inheritdoc/>
    public override long[] DataShape { get; }

    /// <inheritdoc/>
    public override long[] LatentShape { get; }

    /// <summary>Events of that shape as vectors.</summary>
    public static Reshape Flatten(params IReadOnlyList<long> from) => new(from, [Volume(from)]);

    /// <inheritdoc/>
    private protected override Takes Takes => Takes.Anything;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x.reshape([x.size(0), .. LatentShape]), SameForAll(0, x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z.reshape([z.size(0), .. DataShape]), SameForAll(0, z));

    private static long Volume(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
