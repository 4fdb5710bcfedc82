using System.Runtime.InteropServices;

namespace FlowKit.Distributions;

/// <summary>p(x | c) = p_inner(x | e(c)): a conditional distribution, or flow, whose context is a structure of any shape, as an image or a sequence, embedded by a network e.</summary>
/// <remarks>
/// <para>The embedding is trained with the rest. Ardizzone et al. 2019, Guided image generation with conditional INNs, arXiv:1907.02392, section 3.2.</para>
/// <para>Shapes: the context is (B, contextShape...), or the same numbers flat, (B, C), so that it fits wherever a context of features does.</para>
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
    private readonly long[] contextShape;

    /// <summary>The inner distribution given the embedded context.</summary>
    /// <param name="inner">A conditional distribution.</param>
    /// <param name="embedding">(B, contextShape...) to (B, inner.ContextFeatures).</param>
    /// <param name="contextShape">Sizes of one context without the batch.</param>
    /// <exception cref="ArgumentException">The inner distribution takes no context.</exception>
    public EmbeddedDistribution(Distribution inner, nn.Module<Tensor, Tensor> embedding, params IReadOnlyList<long> contextShape)
        : base(nameof(EmbeddedDistribution), inner?.EventShape ?? throw new ArgumentNullException(nameof(inner)))
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(contextShape);
        if (inner.ContextFeatures == 0) throw new ArgumentException($"{inner.GetName()} takes no context to embed.", nameof(inner));
        foreach (long size in contextShape) Guard.Size(size, least: 1, nameof(contextShape));
        (this.inner, this.embedding, this.contextShape) = (inner, embedding, [.. contextShape]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => inner.IsExact;

    /// <inheritdoc/>
    public override bool IsReparameterized => inner.IsReparameterized;

    /// <summary>Numbers in one context, C.</summary>
    public override long ContextFeatures => contextShape.Aggregate(1L, (product, size) => product * size);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => inner.LogProb(x, Embed(context!));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => inner.Sample(count, Embed(context!));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context) => inner.SampleWithLogProb(count, Embed(context!));

    private protected override void CheckContext(Tensor? context, long rows)
    {
        if (context is { IsInvalid: false } && context.Dimensions == contextShape.Length + 1 && (context.size(0) == rows || context.size(0) == 1) && context.shape[1..].SequenceEqual(contextShape)) return;
        if (context is null or { IsInvalid: true } || context.Dimensions == 2) Guard.Context(context, ContextFeatures, rows, GetName());
        else throw Guard.Misfit(context, "one", contextShape, rows, GetName());
    }

    // One for all is embedded once; behind the embedding it is spread.
    private protected override Tensor? Spread(Tensor? context, long rows) => context;

    // Whole numbers may be what the network reads, as words of a sentence.
    private Tensor Embed(Tensor context)
    {
        Guard.Real(context);
        var precision = embedding.parameters().FirstOrDefault()?.dtype;
        if (context.is_floating_point() && precision is { } dtype) Guard.Dtype(context, dtype, GetName());
        var e = Read(context.reshape([context.size(0), .. contextShape]), precision ?? Dtype);
        return e.Dimensions > 0 && e.size(0) == context.size(0)
            ? e
            : throw new ArgumentException($"context has shape {Guard.Describe(context)} and its embedding {Guard.Describe(e)}; expected a row for each of its rows.", nameof(context));
    }

    private Tensor Read(Tensor context, ScalarType precision)
    {
        try
        {
            return embedding.call(context);
        }
        catch (ExternalException refusal) when (!context.is_floating_point())
        {
            throw new ArgumentException(
                $"context is {Guard.Name(context.dtype)}, which the embedding does not read. Where it reads real numbers: context.to({Guard.Name(precision)}).", nameof(context), refusal);
        }
    }
}
