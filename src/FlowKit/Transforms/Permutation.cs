namespace FlowKit.Transforms;

/// <summary>z_i = x_{order[i]}: reorders the features, or the channels of an image. Volume preserving.</summary>
/// <remarks>Shapes: x is (B, D) or (B, D, ...); the order acts on dimension 1. log|det| = 0.</remarks>
/// <example><code>
/// var (z, logDet) = new Permutation(2, 0, 1).Forward(tensor(new[,] { { 10f, 11, 12 } }));
/// Console.WriteLine(z.npstr());       // => [[12, 10, 11]]
/// Console.WriteLine(logDet.npstr());  // => [0]
/// </code></example>
public sealed class Permutation : Transform
{
    private readonly Tensor order;
    private readonly Tensor inverse;
    private readonly TileStep[] forward, backward;

    /// <summary>z_i = x_{order[i]}.</summary>
    /// <param name="order">Each of 0..D-1 once.</param>
    /// <exception cref="ArgumentException">The order is no permutation.</exception>
    public Permutation(params IReadOnlyList<long> order) : base(nameof(Permutation))
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Count == 0 || !order.Order().SequenceEqual(Enumerable.Range(0, order.Count).Select(i => (long)i)))
            throw new ArgumentException($"Expected each of 0..D-1 once; got ({string.Join(", ", order)}).", nameof(order));

        (DataShape, Order) = (Shape.Leading(order.Count), [.. order]);
        this.order = tensor(order.ToArray(), dtype: int64, device: CPU);
        inverse = this.order.argsort();
        forward = [new PermutationStep([.. order.Select(i => (int)i)])];
        backward = [new PermutationStep([.. Enumerable.Range(0, order.Count).OrderBy(i => order[i])])];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <summary>Which feature of x comes at each place of z, as it was made; a state that is loaded may bring another order.</summary>
    public IReadOnlyList<long> Order { get; }

    /// <summary>z_i = x_{D-1-i}.</summary>
    public static Permutation Reverse(long features) => new([.. Enumerable.Range(0, Guard.Size(features, least: 1)).Select(i => features - 1 - i)]);

    /// <summary>An order drawn uniformly, the same for the same seed on every machine.</summary>
    public static Permutation Random(long features, int seed)
    {
        long[] order = [.. Enumerable.Range(0, Guard.Size(features, least: 1)).Select(i => (long)i)];
        new Random(seed).Shuffle(order);
        return new(order);
    }

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse) => inverse ? backward : forward;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Reorder(x, order);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Reorder(z, inverse);

    private static (Tensor, Tensor) Reorder(Tensor x, Tensor by) => (x.index_select(1, by), SameForAll(0, x));
}
