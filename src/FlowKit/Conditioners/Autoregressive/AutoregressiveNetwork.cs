namespace FlowKit.Conditioners;

/// <summary>A network that gives each of D positions P parameters which read the positions before it in an order, and the context. The conditioner of autoregressive flows and distributions.</summary>
/// <remarks>
/// <para>Shapes: (B, D) and (B, ContextShape...) to (B, P D), P-major: viewed as (B, P, D) it is the theta of an elementwise map or of a family. Where a position is given by K numbers, as a class by its one-hot
/// code, (B, D, K) to (B, P D, K).</para>
/// <para>What a subclass promises is that the parameters of a position depend on no position that comes later, nor on its own value. It may replace <see cref="Begin"/> by steps that compute
/// only what a new value changes; sampling is then as fast for <see cref="Transforms.MaskedAutoregressive"/> as for <see cref="Distributions.Autoregressive"/>.</para>
/// </remarks>
/// <param name="name">Of the module.</param>
/// <param name="positions">D >= 1.</param>
/// <param name="parameters">P >= 1.</param>
/// <param name="contextShape">Sizes of one context; null for none.</param>
/// <param name="positionSize">Numbers a position is given by, K >= 1; 1 for plain numbers.</param>
/// <example><code>
/// AutoregressiveNetwork network = new Made(features: 3, parameters: 2, hidden: [16]);
/// var flow = new Flow(new MaskedAutoregressive(new AffineMap(), network), new StandardNormal(3));      // for transforms ...
/// var law = new Autoregressive(new Normal(), network);                                                 // ... and for distributions
/// Console.WriteLine(string.Join(" ", network.Order));  // => 0 1 2
/// </code></example>
public abstract class AutoregressiveNetwork(string name, long positions, int parameters, Shape? contextShape, int positionSize = 1)
    : Conditioner(name, Guard.Size(positions, least: 1), positions * Guard.Size(parameters, least: 1), contextShape)
{
    /// <summary>Parameters a position has, P.</summary>
    public int Parameters { get; } = parameters;

    /// <summary>Numbers a position is given by: 1, or K for one-hot codes of K classes.</summary>
    public int PositionSize { get; } = Guard.Size(positionSize, least: 1);

    /// <summary>Sizes of what it reads without the batch: (D), or (D, K).</summary>
    public Shape EventShape => PositionSize == 1 ? Inputs : [Inputs, PositionSize];

    /// <summary>The positions, first to last.</summary>
    public abstract IReadOnlyList<int> Order { get; }

    /// <summary>Steps through a batch. Here each one is a whole pass of the network.</summary>
    /// <param name="context">A row for each example, or null.</param>
    /// <param name="like">(B, D) or (B, D, K), whose precision and place the steps take.</param>
    public virtual AutoregressiveSteps Begin(Tensor? context, Tensor like) => new WholePassSteps(this, context, like);

    /// <summary>All steps at once: x of z (B, D) by the inverse of a map whose parameters this network gives, and the sum of ln|dx/dz|, (B); null where it has no such loop.</summary>
    internal virtual (Tensor X, Tensor LogDet)? Inverse(ITileMap map, Tensor z, Tensor? context) => null;
}
