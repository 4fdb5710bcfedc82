using FlowKit.Conditioners;
using TorchSharp.Utils;

namespace FlowKit.Transforms;

/// <summary>Passes the features A through and maps the others, B, element by element, with parameters read from A: z_A = x_A, z_B = tau(x_B; h(x_A; c)).</summary>
/// <remarks>
/// <para>log|det dz/dx| = sum over B of ln|dtau/dx|. Inverse: x_A = z_A, x_B = tau⁻¹(z_B; h(z_A; c)); h itself is never inverted.</para>
/// <para>Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 3.2 (additive); Dinh et al. 2017, arXiv:1605.08803, section 3.2 (affine). Written once for any
/// <see cref="ElementwiseMap"/> and any <see cref="Conditioner"/>.</para>
/// <para>Shapes: x and z are (B, D) or (B, D, ...); the mask acts on dimension 1.</para>
/// </remarks>
/// <example><code>
/// // The first half passes, the second is mapped with parameters read from it.
/// manual_seed(0);
/// var coupling = new Coupling(Masks.Half(4, second: true), new AffineMap(), (inputs, outputs) => new Mlp(inputs, outputs, [32]));
/// foreach (var weight in coupling.parameters()) nn.init.normal_(weight, std: 0.3);
/// var x = randn(1, 4);
/// Console.WriteLine((coupling.Forward(x).Z == x).npstr());  // => [[True, True, False, False]]
/// </code></example>
public sealed class Coupling : Transform
{
    private readonly FeatureSplit split;
    private readonly CouplingPlan forward, inverse;
    private TileStep[]? forwardSteps, backwardSteps;

    /// <summary>A coupling of D features.</summary>
    /// <param name="mask">One flag per feature, (D): true = transformed, false = passed through.</param>
    /// <param name="map">How an element of B is mapped.</param>
    /// <param name="conditioner">Makes h from (inputs, outputs): it reads the |A| features passed through and gives P for each of the |B| transformed, P-major.</param>
    /// <exception cref="ArgumentException">The mask transforms everything or nothing, or the conditioner's sizes do not fit.</exception>
    public Coupling(IReadOnlyList<bool> mask, ElementwiseMap map, Func<long, long, Conditioner> conditioner) : base(nameof(Coupling))
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(conditioner);
        if (mask.Count == 0) throw new ArgumentException("The mask is empty; expected one flag per feature.", nameof(mask));
        if (mask.All(transformed => transformed))
            throw new ArgumentException($"The mask of {mask.Count} features transforms everything; a coupling must pass at least one feature through to read its parameters from.", nameof(mask));
        if (!mask.Any(transformed => transformed))
            throw new ArgumentException($"The mask of {mask.Count} features transforms nothing; a coupling must transform at least one feature.", nameof(mask));

        (Mask, Map) = ([.. mask], map);
        split = new FeatureSplit(mask);
        Conditioner = Conditioner.Make(conditioner, split.Passed, split.Transformed * map.ParameterCount);
        forward = new(split, map, Inverse: false);
        inverse = new(split, map, Inverse: true);
        RegisterComponents();
    }

    /// <summary>A coupling whose conditioner is a perceptron with the given hidden widths, conditioned on a context of that many features.</summary>
    public static Coupling WithMlp(IReadOnlyList<bool> mask, ElementwiseMap map, IReadOnlyList<long> hidden, Shape? contextShape = null, Activation activation = Activation.ReLU) =>
        new(mask, map, (inputs, outputs) => new Mlp(inputs, outputs, hidden, contextShape, activation));

    /// <summary>One flag per feature, (D): true = transformed, false = passed through.</summary>
    public IReadOnlyList<bool> Mask { get; }

    /// <summary>The scalar map of every element that is transformed.</summary>
    public ElementwiseMap Map { get; }

    /// <summary>h, from the features passed through to the map's parameters.</summary>
    [field: ComponentName(Name = "conditioner")]
    public Conditioner Conditioner { get; }

    internal override string Detail => Map.ToString();

    /// <inheritdoc/>
    public override Shape DataShape => Shape.Leading(split.Features);

    /// <inheritdoc/>
    public override Shape? ContextShape => Conditioner.ContextShape;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => Map.IsDiscrete ? InputNumbers.Any : base.Accepts;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse) => Map.Tiles is null || Conditioner.Tiles is not { } net ? null
        : inverse ? backwardSteps ??= [Step(net, inverse)] : forwardSteps ??= [Step(net, inverse)];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Couple(x, context, forward);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Couple(z, context, inverse);

    private ConditionedStep Step(TileNet net, bool inverse) => new((int)split.Features, split.PassedFeatures, split.TransformedFeatures, net, Map, inverse);

    private (Tensor, Tensor) Couple(Tensor x, Tensor? context, CouplingPlan plan)
    {
        if (Map.IsDiscrete)
        {
            Guard.Dtype(context, Dtype, GetName());
            if (!x.is_floating_point()) x = x.to(float64);                    // which holds whole numbers up to 2^53
        }
        var (passed, transformed) = split.Apart(x);
        var theta = Map.IsDiscrete ? Conditioner.Forward(Map.Encode(passed).to(Dtype), context).to(x.dtype) : Conditioner.Forward(Map.Encode(passed), context);
        var (y, logSlope) = plan.Apply(transformed, theta);
        return (split.Merge(passed, y), SumEvent(logSlope));
    }
}
