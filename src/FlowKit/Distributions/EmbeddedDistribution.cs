using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>p(x | c) = p_inner(x | e(c)): a conditional distribution, or flow, whose context is a structure of any shape, as an image or a sequence, embedded by a network e.</summary>
/// <remarks>
/// <para>The embedding is trained with the rest. Ardizzone et al. 2019, Guided image generation with conditional INNs, arXiv:1907.02392, section 3.2.</para>
/// <para>Shapes: the context is (B, contextShape...).</para>
/// </remarks>
/// <example><code>
/// // Two numbers given a picture: the picture is embedded into 8 features by a network that is trained with the rest.
/// manual_seed(0);
/// var inner = new Normal().Conditional(8, (inputs, outputs) => new Mlp(inputs, outputs, [16]), 2);
/// var embedding = nn.Sequential(nn.Flatten(), nn.Linear(64, 8));
/// var law = new EmbeddedDistribution(inner, embedding, 1, 8, 8);
/// var pictures = randn(5, 1, 8, 8);
/// Console.WriteLine(law.Sample(5, pictures));  // => [5x2], type = Float32, device = cpu
/// </code></example>
public sealed class EmbeddedDistribution : Distribution
{
    private readonly nn.Module<Tensor, Tensor> embedding;
    private readonly Distribution inner;

    /// <summary>The inner distribution given the embedded context.</summary>
    /// <param name="inner">A conditional distribution.</param>
    /// <param name="embedding">(B, contextShape...) to (B, inner.ContextShape...).</param>
    /// <param name="contextShape">Sizes of one context without the batch.</param>
    /// <exception cref="ArgumentException">The inner distribution takes no context.</exception>
    public EmbeddedDistribution(Distribution inner, nn.Module<Tensor, Tensor> embedding, params Shape contextShape)
        : base(nameof(EmbeddedDistribution), inner?.EventShape ?? throw new ArgumentNullException(nameof(inner)))
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (inner.ContextShape is null) throw new ArgumentException($"{inner.GetName()} takes no context to embed.", nameof(inner));
        Guard.Sizes(contextShape, dimensions: 1);
        (this.inner, this.embedding, ContextShape) = (inner, embedding, contextShape);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => inner.IsExact;

    /// <inheritdoc/>
    public override bool IsReparameterized => inner.IsReparameterized;

    /// <inheritdoc/>
    public override Shape ContextShape { get; }

    internal override bool IsOnSphere => inner.IsOnSphere;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => inner.LogProb(x, Embed(context!));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => inner.Sample(count, Embed(context!));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context) => inner.SampleWithLogProb(count, Embed(context!));

    // One for all is embedded once; behind the embedding it is spread.
    private protected override Tensor? Spread(Tensor? context, long rows) => context;

    private Tensor Embed(Tensor context) => ContextEmbedding.Embed(embedding, context, Dtype, GetName());
}
