using System.Runtime.CompilerServices;
using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>A family of laws p(x; theta), applied to every element of x with its own theta. Stateless: the caller, a parameter or a network supplies theta.</summary>
/// <remarks>
/// <para>Shapes: x is (B, ...), theta (B, P, ...), or (1, P, ...) for all rows, with P = <see cref="ParameterCount"/>; log-probs are those of x, in nats.</para>
/// <para>theta is any real numbers: a positive parameter is given by its logarithm, of which no more than ±80 is used, so that no theta overflows.
/// At theta = 0 a family is its standard member, so that a conditioner that starts at zero starts there.</para>
/// <para>A family becomes a distribution of independent elements with parameters that are fixed (each family's <c>Fixed</c>, in its natural parameters),
/// <see cref="Learned"/>, or computed from a context (<see cref="Conditional"/>).</para>
/// </remarks>
/// <example><code>
/// // Every element has its own theta = (mu, ln sigma): N(0, 1) and N(2, e²).
/// Family family = new Normal();
/// var theta = tensor(new[,,] { { { 0.0, 2 }, { 0, 1 } } });           // (1, P, D)
/// var x = zeros(1, 2, dtype: float64);
/// Console.WriteLine(family.ParameterCount);             // => 2
/// Console.WriteLine(family.LogProb(x, theta).npstr());  // => [[-0.91894, -2.1896]]
/// Console.WriteLine(family.Entropy(theta).npstr());     // => [[1.4189, 2.4189]]
/// </code></example>
public abstract partial record Family
{
    private protected const double MaxLog = 80;

    /// <summary>Parameters an element has, P.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>Whether gradients flow from draws to theta.</summary>
    public virtual bool IsReparameterized => false;

    /// <summary>Whether its values are whole numbers, so that <see cref="LogProb"/> is the logarithm of a probability, not of a density.</summary>
    public virtual bool IsDiscrete => false;

    /// <summary>x as a network reads it, of order one: here x itself. What no draw could be is read as something that could.</summary>
    /// <param name="x">Any shape.</param>
    public virtual Tensor Encode(Tensor x) => x;

    /// <summary>ln p(x; theta) of every element.</summary>
    public abstract Tensor LogProb(Tensor x, Tensor theta);

    /// <summary>One draw for every element of theta, (B, ...).</summary>
    public abstract Tensor Sample(Tensor theta);

    /// <summary>-E[ln p] of every element, (B, ...), nats.</summary>
    /// <exception cref="NotSupportedException">There is no closed form.</exception>
    public virtual Tensor Entropy(Tensor theta) =>
        throw new NotSupportedException($"The entropy of {GetType().Name} has no closed form: average -LogProb over draws.");

    /// <summary>KL(p(.; theta) || p(.; other)) of every element, (B, ...), nats.</summary>
    /// <exception cref="NotSupportedException">There is no closed form.</exception>
    public virtual Tensor Divergence(Tensor theta, Tensor other) => throw Kl.NoClosedForm(GetType().Name, GetType().Name);

    /// <summary>Elements with parameters of their own, which training changes; they start at the standard member.</summary>
    /// <param name="eventShape">Sizes of one x without the batch.</param>
    public Factorized Learned(params Shape eventShape) => new(this, eventShape);

    /// <summary>Elements whose parameters a network computes from the context.</summary>
    /// <param name="contextShape">Sizes of one context, (C) or (C, H, W).</param>
    /// <param name="conditioner">Makes the network from (inputs, outputs): it reads the context, C features or channels, and gives P for each element, P-major. Where context and event are
    /// pictures of one height and width, that is P for each channel, at every position; otherwise (B, P D).</param>
    /// <param name="eventShape">Sizes of one x without the batch.</param>
    public Conditional Conditional(Shape contextShape, Func<long, long, Conditioner> conditioner, params Shape eventShape) =>
        new(this, contextShape, conditioner, eventShape);

    /// <summary>theta of members that fit these values, (P, ...): where training starts from data.</summary>
    /// <param name="values">(N, ...), as <see cref="Encode"/> writes them; the members of every element are fitted to its N.</param>
    /// <exception cref="NotSupportedException">No simple fit is known here.</exception>
    internal virtual Tensor StartFor(Tensor values) => throw new NotSupportedException($"{GetType().Name} cannot start from data: expected discretized logistics on all whole numbers, or mixtures of them.");

    /// <summary>Whether adding 1 to all values adds 1 to this parameter of what <see cref="StartFor"/> gives; otherwise it does not change it.</summary>
    internal virtual bool MovesWithValues(int parameter) => false;

    /// <summary>theta, of which the gradient to the means is multiplied by sigma, itself a constant there; null where a law has no mean and scale.</summary>
    internal virtual Tensor? ScaleMeanGradient(Tensor theta) => null;

    /// <summary>The values themselves, with gradients multiplied by a factor that has none.</summary>
    private protected static Tensor ScaledGradient(Tensor values, Tensor factor)
    {
        var held = values.detach();
        return held + (values - held) * factor.detach();
    }

    /// <summary>Elements with these values of theta, one tensor a parameter, each of the event's shape or broadcast to it.</summary>
    protected Factorized Fixed(params Tensor[] theta)
    {
        using var scope = NewDisposeScope();
        var broadcast = Broadcast([.. theta.Select(one => one.detach().to(float64).cpu())]);
        if (broadcast[0].Dimensions == 0)
            throw new ArgumentException($"The parameters of {GetType().Name} are single numbers; expected tensors of the event's shape, as (D).", nameof(theta));
        return new(this, stack(broadcast, dim: 0).unsqueeze(0));              // (1, P, ...)
    }

    /// <summary>The i-th parameter of every element, (B, ...).</summary>
    protected static Tensor At(Tensor theta, int i) => theta.select(1, i);

    /// <summary>The logarithm of the i-th parameter, a positive one, of every element, (B, ...).</summary>
    protected static Tensor LogAt(Tensor theta, int i) => theta.select(1, i).clamp(-MaxLog, MaxLog);

    /// <summary>A parameter of any value but NaN, for a family's <c>Fixed</c>.</summary>
    /// <param name="value">The parameter.</param>
    /// <param name="finite">Whether infinities are refused too.</param>
    /// <param name="name">Of the argument, for the message.</param>
    /// <exception cref="ArgumentException">An element is NaN, or infinite where it must not be.</exception>
    protected static Tensor Real(Tensor value, bool finite = true, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        Guard.Number(value, name);
        if (finite) Guard.Finite(value, name);
        using var scope = NewDisposeScope();
        return value.isnan().any().ToBoolean() ? throw new ArgumentException($"{name} holds NaN.", name) : value;
    }

    private Tensor[] Broadcast(Tensor[] theta)
    {
        try
        {
            return [.. broadcast_tensors(theta)];
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            throw new ArgumentException($"The parameters of {GetType().Name} have shapes {string.Join(" and ", theta.Select(Guard.Describe))}; expected one shape, or shapes that broadcast to it.", nameof(theta));
        }
    }

    /// <summary>ln of a parameter that must be positive and finite.</summary>
    /// <exception cref="ArgumentException">An element is not.</exception>
    protected static Tensor Log(Tensor positive, [CallerArgumentExpression(nameof(positive))] string name = "")
    {
        Guard.Number(positive, name);
        using var scope = NewDisposeScope();
        var log = positive.detach().to(float64).log();
        return log.abs().le(MaxLog).all().ToBoolean()                         // false for NaN, as a negative number's logarithm is
            ? scope.MoveToOuter(log)
            : throw new ArgumentException($"Expected {name} > 0, between e^-{MaxLog} and e^{MaxLog}; the smallest is {positive.min().to(float64).ToDouble()}.", name);
    }
}
