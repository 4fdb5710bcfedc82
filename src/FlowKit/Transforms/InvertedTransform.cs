namespace FlowKit.Transforms;

/// <summary>A transform read backwards: Forward is the inner Inverse, Inverse the inner Forward.</summary>
/// <example><code>
/// // Positive data, opened onto the line by the inverse of softplus.
/// manual_seed(0);
/// Transform open = new Softplus().Inverted;
/// Console.WriteLine(open.GetName());                          // => InvertedTransform
/// var flow = new Flow(open, new StandardNormal(1));
/// Console.WriteLine(flow.Sample(1000).min().ToDouble() > 0);  // => True
/// </code></example>
public sealed class InvertedTransform : Transform
{
    private readonly Transform inner;

    /// <summary>f⁻¹ for f = <paramref name="inner"/>.</summary>
    /// <exception cref="ArgumentException">The inner transform is no bijection: read backwards its contribution would be no likelihood.</exception>
    public InvertedTransform(Transform inner) : base(nameof(InvertedTransform))
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!inner.IsBijection) throw new ArgumentException($"Only a bijection can be read backwards; {inner.GetName()} is none.", nameof(inner));
        this.inner = inner;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Transform Inverted => inner;

    /// <inheritdoc/>
    public override Shape? ContextShape => inner.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape => inner.LatentShape;

    /// <inheritdoc/>
    public override Shape LatentShape => inner.DataShape;

    internal override bool IsOnSphere => inner.IsOnSphere;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse) => inner.TileSteps(!inverse);

    /// <inheritdoc/>
    internal override (Tensor Y, Tensor LogDet, int Layers)? Together(ArraySegment<Transform> layers, Tensor x, Tensor? context, bool inverse) =>
        base.Together(layers, x, context, inverse)
        ?? inner.Together((Transform[])[.. layers.TakeWhile(layer => layer is InvertedTransform).Select(layer => layer.Inverted)], x, context, !inverse);

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => inner.Inverse(x, context);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => inner.Forward(z, context);
}
