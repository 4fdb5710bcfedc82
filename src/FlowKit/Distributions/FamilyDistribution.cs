namespace FlowKit.Distributions;

/// <summary>Independent elements of one <see cref="Distributions.Family"/>: log p(x | c) = sum of ln p(x_i; theta_i). How theta comes about is the subclass's.</summary>
/// <example><code>
/// FamilyDistribution law = new Beta().Fixed(a: tensor(new[] { 1.0, 2 }), b: tensor(new[] { 1.0, 5 }));
/// Console.WriteLine(law.Family.ParameterCount);  // => 2
/// Console.WriteLine(law.Entropy().npstr());      // => [-0.48453]
/// </code></example>
public abstract class FamilyDistribution : Distribution
{
    private protected FamilyDistribution(string name, Family family, Shape eventShape) : base(name, eventShape)
    {
        ArgumentNullException.ThrowIfNull(family);
        Guard.Sizes(eventShape, dimensions: 1);
        Family = family;
    }

    /// <summary>The law of an element.</summary>
    public Family Family { get; }

    /// <inheritdoc/>
    public override bool IsReparameterized => Family.IsReparameterized || base.IsReparameterized;

    /// <summary>-E[log p(x | c)] in nats, one a row of the context, (B), or (1) without a context. Gradients flow to the parameters.</summary>
    /// <exception cref="NotSupportedException">The family's entropy has no closed form.</exception>
    public Tensor Entropy(Tensor? context = null)
    {
        long rows = Guard.Rows(context);
        Guard.Context(context, ContextShape, rows, GetName());
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(SumEvent(Family.Entropy(Theta(rows, context))));
    }

    /// <inheritdoc/>
    public override bool IsLocationScale => Family is LocationScaleFamily;

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => LocationScaleFamily.Location(Theta(rows, context));

    /// <summary>The parameters of every element, (rows, P, EventShape...), or (1, P, EventShape...) where all rows share them.</summary>
    internal abstract Tensor Theta(long rows, Tensor? context);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => SumEvent(Family.LogProb(x, Theta(x.size(0), context)));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        Family.Sample(Theta(count, context).expand([count, Family.ParameterCount, .. EventShape]));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var theta = Theta(count, context).expand([count, Family.ParameterCount, .. EventShape]);
        var x = Family.Sample(theta);
        return (x, SumEvent(Family.LogProb(x, theta)));
    }
}
