using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>z_i = tau(x_i; h_i(x_before i; c)): every feature is mapped with parameters read from the features before it in an order.</summary>
/// <remarks>
/// <para>MAF: Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057, section 3.1. The Jacobian is triangular: log|det dz/dx| = sum of ln|dtau/dx_i|. Density takes
/// one pass. Read backwards (<see cref="Transform.Inverted"/>) it is the inverse autoregressive flow of Kingma et al. 2016, arXiv:1606.04934.</para>
/// <para>Inverse: x_i = tau⁻¹(z_i; h_i(x_before i; c)), one feature after the other. It is incremental: a step computes only the hidden units whose inputs became
/// known, so that all D steps together cost about one pass. With gradients enabled the recursion itself is differentiated; without, a faster loop runs.</para>
/// <para>Shapes: x and z are (B, D), or (B, D, K) for one-hot codes of K classes. Departure from the paper: tau is any <see cref="ElementwiseMap"/>.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var made = new Made(features: 3, parameters: new AffineMap().ParameterCount, hidden: [32], order: Orders.Reverse(3));
/// var flow = new Flow(new MaskedAutoregressive(new AffineMap(), made), new StandardNormal(3));
/// Trainer.Fit(flow, randn(500, 1) + 0.3 * randn(500, 3), options: new() { Steps = 100, LearningRate = 1e-2 });
/// var x = flow.Sample(5);
/// Console.WriteLine(flow.Transform.Inverse(flow.Transform.Forward(x).Z).X.allclose(x, atol: 1e-5));  // => True
/// </code></example>
public sealed class MaskedAutoregressive : Transform
{
    private const long Chunk = 256;          // rows of a batch that step together: their activations stay in the cache

    private readonly AutoregressiveNetwork network;
    private readonly ElementwiseMap map;
    private ConditionedStep[]? steps;

    /// <summary>An autoregressive transform in the order of <paramref name="network"/>.</summary>
    /// <param name="map">How an element is mapped.</param>
    /// <param name="network">Gives the map's P parameters for each of the D features.</param>
    /// <exception cref="ArgumentException">The network does not give as many parameters a feature as the map has.</exception>
    public MaskedAutoregressive(ElementwiseMap map, AutoregressiveNetwork network) : base(nameof(MaskedAutoregressive))
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(network);
        if (network.Parameters != map.ParameterCount)
            throw new ArgumentException($"The network gives {network.Parameters} parameters a feature; {map.GetType().Name} takes {map.ParameterCount}.", nameof(network));

        (this.map, this.network) = (map, network);
        DataShape = network.EventShape;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    internal override string Detail => map.ToString();

    /// <summary>The scalar map of every element that is transformed.</summary>
    internal ElementwiseMap Map => map;

    /// <inheritdoc/>
    public override Shape? ContextShape => network.ContextShape;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse)
    {
        if (inverse || map.Tiles is null || network.Tiles is not { } net) return null;
        if (steps is null || steps[0].Net != net) steps = [new ConditionedStep((int)network.Inputs, [.. Enumerable.Range(0, (int)network.Inputs)], [.. Enumerable.Range(0, (int)network.Inputs)], net, map, inverse: false)];
        return steps;
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var theta = network.Forward(x, context).view([x.size(0), map.ParameterCount, .. DataShape]);      // (B, P, D)
        var (z, logSlope) = map.Forward(x, theta);
        return (z, SumEvent(logSlope));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        if (map.Tiles is { } tiles && network.Inverse(tiles, z, context) is { } solved) return solved;
        if (is_grad_enabled() || z.size(0) <= Chunk) return Solve(z, context);

        var parts = new List<(Tensor X, Tensor LogDet)>();
        for (long row = 0; row < z.size(0); row += Chunk)
        {
            long rows = Math.Min(Chunk, z.size(0) - row);
            using var scope = NewDisposeScope();
            var (x, logDet) = Solve(z.narrow(0, row, rows), context?.narrow(0, row, rows));
            parts.Add(scope.MoveToOuter(x, logDet));
        }
        return (cat([.. parts.Select(part => part.X)]), cat([.. parts.Select(part => part.LogDet)]));
    }

    private (Tensor X, Tensor LogDet) Solve(Tensor z, Tensor? context)
    {
        var steps = network.Begin(context, z);
        var (features, logSlopes) = (new Tensor[network.Inputs], new Tensor[network.Inputs]);
        foreach (int feature in network.Order)
        {
            (features[feature], logSlopes[feature]) = map.Inverse(z.narrow(1, feature, 1), steps.Theta());
            steps.Append(features[feature]);
        }
        return (cat(features, 1), SumEvent(cat(logSlopes, 1)));
    }
}
