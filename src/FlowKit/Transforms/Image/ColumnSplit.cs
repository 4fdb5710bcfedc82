namespace FlowKit.Transforms;

/// <summary>The even and the odd columns of an image as channels, (C, H, W) to (2C, H, W/2): first the C channels of the even columns, then those of the odd ones. A permutation: log|det| = 0.</summary>
/// <remarks>
/// z[c, y, x] = x[c, y, 2x] and z[C + c, y, x] = x[c, y, 2x + 1]. Then a <see cref="Coupling"/> of the two halves maps every second column, and its network reads and writes whole images of half the width,
/// where that of a <see cref="CheckerboardCoupling"/> has holes. It is what the published code of Flow++ does where the paper speaks of a checkerboard (Ho et al. 2019, arXiv:1902.00275).
/// </remarks>
/// <example><code>
/// var image = arange(8, dtype: float32).reshape(1, 1, 2, 4);
/// var (z, logDet) = new ColumnSplit(channels: 1, height: 2, width: 4).Forward(image);
/// Console.WriteLine(z);                          // => [1x2x2x2], type = Float32, device = cpu
/// Console.WriteLine(z[0, 0].flatten().npstr());  // => [0, 2, 4, 6]
/// Console.WriteLine(z[0, 1].flatten().npstr());  // => [1, 3, 5, 7]
/// </code></example>
public sealed class ColumnSplit : Transform
{
    /// <summary>Splits images of that size.</summary>
    /// <param name="channels">C >= 1.</param>
    /// <param name="height">H >= 1.</param>
    /// <param name="width">W, even.</param>
    public ColumnSplit(long channels, long height, long width) : base(nameof(ColumnSplit))
    {
        Guard.Size(channels, least: 1);
        Guard.Size(height, least: 1);
        Guard.Size(width, least: 1);
        if (width % 2 != 0) throw new ArgumentOutOfRangeException(nameof(width), width, "Columns are split in two: expected an even width.");
        (DataShape, LatentShape) = ([channels, height, width], [2 * channels, height, width / 2]);
    }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x.reshape(x.size(0), DataShape[0], DataShape[1], LatentShape[2], 2).permute(0, 4, 1, 2, 3).reshape([x.size(0), .. LatentShape]), SameForAll(0, x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z.reshape(z.size(0), 2, DataShape[0], DataShape[1], LatentShape[2]).permute(0, 2, 3, 4, 1).reshape([z.size(0), .. DataShape]), SameForAll(0, z));
}
