using FlowKit.Distributions;
using TorchSharp.Utils;

namespace FlowKit.Transforms;

/// <summary>Keeps the first half of the channels and lets the other half leave under a law that reads it: z = x_1, with ln p(x_2 | x_1) as contribution. Backwards, x_2 is drawn.</summary>
/// <remarks>
/// <para>A slicing surjection (Nielsen et al. 2020, SurVAE flows, arXiv:2007.02731, table 1): log p(x) stays exact, whatever the law is, discrete ones included. Between the levels of a multi-scale flow it is the
/// learned prior of Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, and of Hoogeboom et al. 2019, arXiv:1905.07376, eq. 12; see <see cref="MultiScale.Factored"/>.</para>
/// <para>Shapes: x is (B, C, ...), z (B, ceil(C / 2), ...).</para>
/// </remarks>
/// <example><code>
/// // Mixtures of normals for what leaves, read from what stays by a convolutional network.
/// var drop = new FactorOut([4, 2, 2], (kept, leaving) => new MixtureFamily(new Normal(), 3).Conditional(kept, (i, o) => new ConvResidualNet(i, o, width: 8), leaving));
/// Console.WriteLine($"{drop.DataShape} -> {drop.LatentShape}");   // => (4, 2, 2) -> (2, 2, 2)
/// </code></example>
public sealed class FactorOut : Transform
{
    /// <summary>Lets half of the channels leave.</summary>
    /// <param name="dataShape">Sizes of one x, C >= 2 first.</param>
    /// <param name="prior">Makes the law of what leaves from the shape of what is kept, its context, and the shape of its own events; an unconditional law is possible.</param>
    /// <exception cref="ArgumentException">There is one channel only, or the law does not fit the shapes.</exception>
    public FactorOut(Shape dataShape, Func<Shape, Shape, Distribution> prior) : base(nameof(FactorOut))
    {
        Guard.Sizes(dataShape, dimensions: 1);
        ArgumentNullException.ThrowIfNull(prior);
        if (dataShape[0] < 2) throw new ArgumentException($"Two channels are needed, one to leave and one to go on; got {dataShape}.", nameof(dataShape));
        Shape kept = [dataShape[0] - dataShape[0] / 2, .. dataShape[1..]], leaving = [dataShape[0] / 2, .. dataShape[1..]];
        Prior = Guard.Made(prior(kept, leaving), nameof(prior));
        if (!Prior.EventShape.Equals(leaving)) throw new ArgumentException($"The law is of events {Prior.EventShape}; what leaves has shape {leaving}.", nameof(prior));
        if (Prior.ContextShape is { } context && !context.Equals(kept)) throw new ArgumentException($"The law reads a context {context}; what is kept has shape {kept}.", nameof(prior));
        (DataShape, LatentShape) = (dataShape, kept);
        RegisterComponents();
    }

    /// <summary>The law of what leaves, given what is kept.</summary>
    [field: ComponentName(Name = "prior")]
    public Distribution Prior { get; }

    /// <inheritdoc/>
    public override bool IsExact => Prior.IsExact;

    /// <inheritdoc/>
    public override bool IsBijection => false;

    /// <inheritdoc/>
    public override bool IsReparameterized => Prior.IsReparameterized;

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    /// <inheritdoc/>
    protected override InputNumbers Accepts => IsDiscrete ? InputNumbers.Any : base.Accepts;

    private bool IsDiscrete => Prior is FamilyDistribution { Family.IsDiscrete: true };

    /// <summary>What is kept and what leaves, (B, ceil(C / 2), ...) and (B, floor(C / 2), ...).</summary>
    /// <param name="x">(B, C, ...).</param>
    public (Tensor Kept, Tensor Left) Split(Tensor x)
    {
        Guard.Batch(x, DataShape);
        long kept = LatentShape[0];
        return (x.narrow(1, 0, kept), x.narrow(1, kept, DataShape[0] - kept));
    }

    /// <summary>What the law reads: what is kept, which a law of whole numbers reads as its family writes it (<see cref="Family.Encode"/>); null where the law is unconditional.</summary>
    /// <param name="kept">(B, ceil(C / 2), ...).</param>
    public Tensor? ContextFor(Tensor kept)
    {
        Guard.Batch(kept, LatentShape);
        if (Prior.ContextShape is null) return null;
        return IsDiscrete ? ((FamilyDistribution)Prior).Family.Encode(kept.is_floating_point() ? kept : kept.to(float64)).to(Dtype) : kept;
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (kept, left) = Split(x);
        return (kept.clone(), Prior.LogProb(left, ContextFor(kept)));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (drawn, logProb) = Prior.SampleWithLogProb(z.size(0), ContextFor(z));
        return (cat([z.is_floating_point() ? z : z.to(float64), drawn], dim: 1), logProb.neg());
    }
}
