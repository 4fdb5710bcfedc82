using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>p(x) = sum of w_k p_k(x): one of K distributions is chosen, then it draws the whole event. <see cref="MixtureFamily"/> mixes every element by itself.</summary>
/// <remarks>Gradients flow through draws only to the components, and only with fixed weights: the choice of a component has no gradient.</remarks>
/// <example><code>
/// manual_seed(0);
/// var left = new Normal().Fixed(mean: full(1, -2.0), scale: ones(1));
/// var right = new Normal().Fixed(mean: full(1, 2.0), scale: ones(1));
/// var mixture = new Mixture([0.2, 0.8], left, right);
/// Console.WriteLine($"{mixture.Sample(4000).gt(0).to(float64).mean().ToDouble():F1}");  // => 0.8
/// </code></example>
public sealed class Mixture : Distribution
{
    private readonly ModuleList<Distribution> components;
    private readonly Parameter? logits;       // (K); null where the weights are fixed

    /// <summary>A mixture with fixed weights.</summary>
    /// <param name="weights">w_k > 0, one a component; they are divided by their sum.</param>
    /// <param name="components">Distributions of the same event.</param>
    /// <exception cref="ArgumentException">There is none, their number is not that of the weights, or they disagree about the event or the context.</exception>
    public Mixture(IReadOnlyList<double> weights, params IEnumerable<Distribution> components) : this([.. components], learned: false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count != this.components.Count || !weights.All(weight => weight > 0 && double.IsFinite(weight)))
            throw new ArgumentException($"Expected {this.components.Count} finite weights > 0, one a component; got ({string.Join(", ", weights)}).", nameof(weights));
        SetConstant(nameof(logits), tensor(weights.Select(weight => Math.Log(weight)).ToArray(), dtype: float64, device: CPU));
    }

    private Mixture(Distribution[] components, bool learned) : base(nameof(Mixture), CommonEvent(components))
    {
        ContextShape = CommonContext(nameof(Mixture), components);
        this.components = new ModuleList<Distribution>(components);
        if (learned) logits = new Parameter(zeros(components.Length, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <summary>A mixture whose weights training changes; they start equal. Components that start alike learn alike: start them apart.</summary>
    /// <exception cref="ArgumentException">There is none, or they disagree about the event or the context.</exception>
    public static Mixture Learned(params IEnumerable<Distribution> components) => new([.. components], learned: true);

    /// <inheritdoc/>
    public override bool IsExact => components.All(component => component.IsExact);

    /// <inheritdoc/>
    public override bool IsReparameterized => logits is null && components.All(component => component.IsReparameterized);

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    internal override bool IsOnSphere => components.Any(component => component.IsOnSphere);

    private Tensor LogWeights => (logits ?? GetConstant(nameof(logits)).to(Dtype)).log_softmax(0);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var all = stack(components.Select(component => component.LogProb(x, ContextOf(component, context))), dim: 1);    // (B, K)
        return SpecialFunctions.LogSumExp(all + LogWeights, 1);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Draw(count, context, (component, rows, c) => component.Sample(rows, c));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var x = Draw(count, context, (component, rows, c) => component.SampleWithLogProb(rows, c).X);
        return (x, LogProbCore(x, context));
    }

    private Tensor Draw(long count, Tensor? context, Func<Distribution, long, Tensor?, Tensor> draw)
    {
        var logWeights = LogWeights.detach().expand(count, components.Count);
        var chosen = (logWeights + Noise.Gumbel(logWeights)).argmax(1);       // (count)
        Tensor[] rows = [.. Enumerable.Range(0, components.Count).Select(k => chosen.eq(k).nonzero().flatten())];
        var draws = components.Zip(rows, (component, own) => draw(component, own.size(0), ContextOf(component, context)?.index_select(0, own)));
        return cat([.. draws], dim: 0).index_select(0, cat(rows, dim: 0).argsort());
    }

    private static Shape CommonEvent(Distribution[] components)
    {
        Guard.NoneNull(components, nameof(components));
        if (components.Length == 0) throw new ArgumentException("A mixture needs at least one component.", nameof(components));
        var other = components.FirstOrDefault(component => !component.EventShape.Equals(components[0].EventShape));
        return other is null
            ? components[0].EventShape
            : throw new ArgumentException($"The components are of events {components[0].EventShape} and {other.EventShape}; expected one shape.", nameof(components));
    }
}
