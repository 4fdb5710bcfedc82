namespace FlowKit.Transforms;

/// <summary>z = W x + b for an invertible W, over the features of (B, D) or, at every position, over the channels of (B, C, H, W): a 1x1 convolution.</summary>
/// <remarks>
/// <para>log|det dz/dx| = H W ln|det W| (H W = 1 for vectors). Inverse: x = W⁻¹ (z - b).</para>
/// <para>Errors: a W without an inverse is an <see cref="InvalidOperationException"/>, never a NaN.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// LinearTransform[] mixings = [new LuLinear(3), Orthogonal.Random(3, seed: 0), new InvertibleConv1x1(3), Whiten.Pca(randn(100, 3))];
/// var x = randn(10, 3);
/// foreach (var mixing in mixings)
///     Console.WriteLine($"{mixing.GetName()}: {mixing.Inverse(mixing.Forward(x).Z).X.allclose(x, atol: 1e-5)}");
/// // => LuLinear: True
/// // => Orthogonal: True
/// // => InvertibleConv1x1: True
/// // => Whiten: True
/// </code></example>
public abstract class LinearTransform : Transform
{
    private protected LinearTransform(string name, long features) : base(name)
    {
        Size = Guard.Size(features, least: 1);
    }

    /// <inheritdoc/>
    public override Shape DataShape => Shape.Leading(Size);

    /// <summary>D.</summary>
    private protected long Size { get; }

    /// <summary>W, (D, D).</summary>
    private protected abstract Tensor Weight();

    /// <summary>W⁻¹, (D, D).</summary>
    private protected abstract Tensor InverseWeight();

    /// <summary>ln|det W|, without dimensions; null if it is 0.</summary>
    private protected abstract Tensor? LogAbsDet();

    /// <summary>b, (D), or null for none.</summary>
    private protected virtual Tensor? Bias => null;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.OwnPrecision;

    /// <inheritdoc/>
    protected sealed override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var z = Multiply(Weight(), x);
        return (Bias is null ? z : z + Channels.Along(Bias, z), Volume(x, sign: 1));
    }

    /// <inheritdoc/>
    protected sealed override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var inverse = InverseWeight();
        if (!inverse.isfinite().all().ToBoolean()) throw Singular("its inverse is not finite");
        return (Multiply(inverse, Bias is null ? z : z - Channels.Along(Bias, z)), Volume(z, sign: -1));
    }

    private protected InvalidOperationException Singular(string why) => new($"The {Size} x {Size} weight of {GetName()} is singular: {why}.");

    private static Tensor Multiply(Tensor weight, Tensor x) =>
        x.Dimensions == 2 ? x.matmul(weight.t()) : weight.matmul(x.flatten(2)).reshape(x.shape);

    private Tensor Volume(Tensor x, int sign) => LogAbsDet() is { } logDet
        ? (logDet * (sign * Channels.Positions(x))).expand(x.size(0))
        : SameForAll(0, x);
}
