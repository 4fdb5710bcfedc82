using System.Runtime.CompilerServices;

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

    /// <summary>P(X_i &lt;= x_i | c) of every element, (B, EventShape...): uniform on (0, 1) where the law fits the data. Gradients flow to x and the parameters.</summary>
    /// <param name="x">(B, EventShape...).</param>
    /// <param name="context">For a conditional distribution: a row for each row of x, or one for all.</param>
    /// <exception cref="NotSupportedException">The family's distribution function is not known here.</exception>
    public Tensor Cdf(Tensor x, Tensor? context = null) => EachElement(x, context, Family.Cdf);

    /// <summary>The x_i with P(X_i &lt;= x_i | c) = p_i of every element, (B, EventShape...). Gradients flow to p and the parameters of a continuous family.</summary>
    /// <param name="p">Probabilities, (B, EventShape...).</param>
    /// <param name="context">For a conditional distribution: a row for each row of p, or one for all.</param>
    /// <exception cref="NotSupportedException">The family's distribution function is not known here.</exception>
    public Tensor Quantile(Tensor p, Tensor? context = null) => EachElement(p, context, Family.Quantile);

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

    private Tensor EachElement(Tensor x, Tensor? context, Func<Tensor, Tensor, Tensor> f, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Guard.Batch(x, EventShape, name);
        Guard.Real(x, name);
        Guard.Place(x, Place, GetName(), name);
        CheckContext(context, x.size(0));
        Guard.Dense(context);
        Guard.Place(context, Place, GetName());
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(f(x, Theta(x.size(0), Spread(context, x.size(0)))));
    }
}
