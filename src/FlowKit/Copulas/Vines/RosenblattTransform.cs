namespace FlowKit.Copulas;

/// <summary>Rosenblatt's transform of a vine, from the unit cube to itself: z_j = F(x_j | those before j in the vine's order). Of data from the vine, z is uniform and independent.</summary>
/// <remarks>
/// <para>Shapes: x and z are (B, D); z keeps x's columns: column j is the rank of variable j given all that come before it in <see cref="VineStructure.Order"/>. log|det dz/dx| is the vine's log-density.</para>
/// <para>Computed in float64, returned in the precision of x or z. Outside the cube the log-determinant is -inf. Rosenblatt 1952, Annals of Mathematical Statistics 23:470.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var vine = new VineCopula(VineStructure.DVine(0, 1, 2), [[new PairCopula(new Clayton(), 2.0), new PairCopula(new Gumbel(), 2.0)], [new PairCopula(new Frank(), 5.0)]]);
/// var flow = new Flow(vine.Rosenblatt, new Uniform(zeros(3), ones(3)));
/// var x = vine.to(float64).Sample(1000);
/// Console.WriteLine(flow.LogProb(x).allclose(vine.LogProb(x)));    // => True
/// </code></example>
public sealed class RosenblattTransform : Transforms.Transform
{
    private readonly VineCopula vine;

    /// <summary>The transform of that vine.</summary>
    public RosenblattTransform(VineCopula vine) : base(nameof(RosenblattTransform))
    {
        ArgumentNullException.ThrowIfNull(vine);
        this.vine = vine;
        DataShape = vine.EventShape;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (logDensity, ranks) = vine.Recursion.Forward(x, vine.Structure.Plan);
        return (ranks!.to(x.dtype), logDensity.to(x.dtype));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, logDensity) = vine.Recursion.Inverse(z, vine.Structure.Plan);
        return (x.to(z.dtype), -logDensity.to(z.dtype));
    }
}
