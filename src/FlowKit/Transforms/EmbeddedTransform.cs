using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>z = f(x; e(c)): a conditional transform whose context is read by a network e first, trained with the rest. With one at each level, every level has a context of its own.</summary>
/// <remarks>Ardizzone et al. 2019, Guided image generation with conditional INNs, arXiv:1907.02392, section 3.2. Shapes: the context is (B, contextShape...).</remarks>
/// <example><code>
/// // A coupling that reads a 4 x 4 picture through a linear network.
/// var inner = Coupling.WithMlp([true, false], new AffineMap(), [8], 3);
/// var f = new EmbeddedTransform(inner, nn.Sequential(nn.Flatten(), nn.Linear(16, 3)), 1, 4, 4);
/// Console.WriteLine(f.ContextShape);                              // => (1, 4, 4)
/// Console.WriteLine(f.Forward(randn(5, 2), randn(5, 1, 4, 4)).Z.shape.Length);   // => 2
/// </code></example>
public sealed class EmbeddedTransform : Transform
{
    private readonly nn.Module<Tensor, Tensor> embedding;
    private readonly Transform inner;

    /// <summary>The inner transform given the embedded context.</summary>
    /// <param name="inner">A conditional transform.</param>
    /// <param name="embedding">(B, contextShape...) to (B, inner.ContextShape...).</param>
    /// <param name="contextShape">Sizes of one context without the batch.</param>
    /// <exception cref="ArgumentException">The inner transform takes no context.</exception>
    public EmbeddedTransform(Transform inner, nn.Module<Tensor, Tensor> embedding, params Shape contextShape) : base(nameof(EmbeddedTransform))
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(embedding);
        if (inner.ContextShape is null) throw new ArgumentException($"{inner.GetName()} takes no context to embed.", nameof(inner));
        Guard.Sizes(contextShape, dimensions: 1);
        (this.inner, this.embedding, ContextShape) = (inner, embedding, contextShape);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => inner.IsExact;

    /// <inheritdoc/>
    public override bool IsBijection => inner.IsBijection;

    /// <inheritdoc/>
    public override bool IsReparameterized => inner.IsReparameterized;

    /// <inheritdoc/>
    public override Shape ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape => inner.DataShape;

    /// <inheritdoc/>
    public override Shape LatentShape => inner.LatentShape;

    internal override bool IsOnSphere => inner.IsOnSphere;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => inner.Forward(x, Embed(context!));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => inner.Inverse(z, Embed(context!));

    // One for all is embedded once; behind the embedding it is spread.
    private protected override Tensor? Spread(Tensor? context, long rows) => context;

    private Tensor Embed(Tensor context) => ContextEmbedding.Embed(embedding, context, Dtype, GetName());
}
