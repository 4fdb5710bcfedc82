using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>N(mu(c), L(c) L(c)ᵀ): a normal law of vectors whose mean and covariance a network computes from the context. See <see cref="MultivariateNormal.Conditional"/>.</summary>
/// <remarks>The network gives D means, D logarithms of L's diagonal and the D (D - 1) / 2 entries below it, row by row. Zero outputs are N(0, I). Reparameterized.</remarks>
/// <example><code>
/// manual_seed(0);
/// var law = MultivariateNormal.Conditional(2, 3, (inputs, outputs) => new Mlp(inputs, outputs, [16]));
/// var c = randn(5, 3);
/// Console.WriteLine(law.Sample(5, c));        // => [5x2], type = Float32, device = cpu
/// Console.WriteLine(law.Entropy(c).npstr());  // => [2.8379, 2.8379, 2.8379, 2.8379, 2.8379]
/// </code></example>
public sealed class ConditionalMultivariateNormal : Distribution
{
    private readonly Conditioner conditioner;

    internal ConditionalMultivariateNormal(long features, Shape contextShape, Func<long, long, Conditioner> conditioner) : base(nameof(ConditionalMultivariateNormal), Guard.Size(features, least: 1))
    {
        Guard.Sizes(contextShape, dimensions: 1);
        this.conditioner = Conditioner.MakePlain(conditioner, contextShape[0], 2 * features + features * (features - 1) / 2);
        ContextShape = contextShape;
        long[] below = [.. from row in Enumerable.Range(0, (int)features) from column in Enumerable.Range(0, row) select row * features + column];
        if (features > 1) SetConstant(nameof(below), tensor(below, dtype: int64, device: CPU));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Differential entropy, D/2 ln(2 pi e) + ln det L(c), one a row of the context, (B), nats.</summary>
    public Tensor Entropy(Tensor context)
    {
        Guard.Alive(context);
        CheckContext(context, Guard.Rows(context));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(At(context).LogDet + Dimensions / 2.0 * Math.Log(2 * Math.PI * Math.E));
    }

    /// <inheritdoc/>
    public override bool IsLocationScale => true;

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => At(context!).Mean;

    /// <summary>The normal law of each row.</summary>
    internal MeanAndCholesky At(Tensor context)
    {
        Guard.Dtype(context, Dtype, GetName());
        var all = conditioner.Forward(context, null);
        long rows = all.size(0), pairs = Dimensions * (Dimensions - 1) / 2;
        var diagonal = all.narrow(1, Dimensions, Dimensions).clamp(-80, 80).exp().diag_embed(0, -2, -1);
        if (pairs == 0) return new(all.narrow(1, 0, Dimensions), diagonal);

        var empty = zeros([rows, Dimensions * Dimensions], dtype: all.dtype, device: all.device);
        var lower = empty.index_copy(1, GetConstant("below"), all.narrow(1, 2 * Dimensions, pairs)).view(rows, Dimensions, Dimensions);
        return new(all.narrow(1, 0, Dimensions), lower + diagonal);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x => At(context!).LogProb(x));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => At(context!).Draw(randn(BatchOf(count), dtype: Dtype, device: Device));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var law = At(context!);
        var x = law.Draw(randn(BatchOf(count), dtype: Dtype, device: Device));
        return (x, law.LogProb(x));
    }
}
