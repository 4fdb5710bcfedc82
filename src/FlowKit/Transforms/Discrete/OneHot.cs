using FlowKit.Distributions;

namespace FlowKit.Transforms;

/// <summary>Whole numbers 0..K-1 as one-hot codes: z_d = e_(x_d). The first layer of a discrete flow, whose other layers move codes. log|det| = 0: nothing has a volume.</summary>
/// <remarks>
/// Shapes: x is (B, D), of any dtype, z (B, D, K). A number that is no class becomes a code of zeros, which has no probability; Inverse gives the class of the largest entry, of ties the first or
/// another, with the gradient of sum_k k z_k, which is the class where z is a code.
/// </remarks>
/// <example><code>
/// var codes = new OneHot(features: 2, classes: 3);
/// var z = codes.Forward(tensor(new[,] { { 2L, 0 } })).Z;
/// Console.WriteLine(z.flatten().npstr());                     // => [0, 0, 1, 1, 0, 0]
/// Console.WriteLine(codes.Inverse(z).X.npstr());              // => [[2, 0]]
/// </code></example>
public sealed class OneHot : Transform
{
    private readonly int classes;

    /// <summary>Codes of D numbers with K classes.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    public OneHot(long features, int classes) : base(nameof(OneHot))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        this.classes = classes;
        DataShape = Guard.Size(features, least: 1);
        LatentShape = [features, classes];
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (k, outside) = IntegerInterval.Check(x.to(x.is_floating_point() ? x.dtype : Dtype), x, 0, classes - 1);
        var missing = k.isnan();
        var code = nn.functional.one_hot(k.masked_fill(missing, 0).to(int64), classes).to(Dtype);
        var z = code.masked_fill(outside.unsqueeze(-1), 0).masked_fill(missing.unsqueeze(-1), double.NaN);
        return (z, SameForAll(0, z));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var codes = z.to(Dtype);
        var x = codes.argmax(-1).to(Dtype);
        if (z.requires_grad) x = x + StraightThrough.GradientOf(codes.matmul(arange(classes, dtype: Dtype, device: z.device)));
        return (x.masked_fill(codes.isnan().any(-1), double.NaN), SameForAll(0, x));
    }
}
