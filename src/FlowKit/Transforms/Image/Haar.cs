namespace FlowKit.Transforms;

/// <summary>The orthonormal 2x2 Haar wavelet: (C, H, W) to (4C, H/2, W/2) as averages, then horizontal, vertical and diagonal differences. log|det| = 0.</summary>
/// <remarks>
/// <para>Of a block p q / r s: (p + q + r + s)/2, (p - q + r - s)/2, (p + q - r - s)/2, (p - q - r + s)/2. The matrix is symmetric and its own inverse.
/// Ardizzone et al. 2019, arXiv:1907.02392, section 3.3.</para>
/// <para>Channel order: the C averages first, so that a multi-scale flow's first half keeps the smaller picture.</para>
/// </remarks>
/// <example><code>
/// var block = tensor(new[,,,] { { { { 1f, 2 }, { 3, 4 } } } });
/// var (z, logDet) = new Haar(channels: 1, height: 2, width: 2).Forward(block);
/// Console.WriteLine(z.flatten().npstr());  // => [5, -1, -2, 0]
/// </code></example>
public sealed class Haar : Transform
{
    private readonly Blocks blocks;

    /// <summary>The wavelet of images of that size.</summary>
    /// <param name="channels">C >= 1.</param>
    /// <param name="height">H, even.</param>
    /// <param name="width">W, even.</param>
    public Haar(long channels, long height, long width) : base(nameof(Haar))
    {
        blocks = new Blocks(channels, height, width);
        SetConstant("wavelet", tensor([.5, .5, .5, .5, .5, -.5, .5, -.5, .5, .5, -.5, -.5, .5, -.5, -.5, .5], [4, 4], dtype: get_default_dtype(), device: CPU));
    }

    /// <inheritdoc/>
    public override Shape DataShape => blocks.Whole;

    /// <inheritdoc/>
    public override Shape LatentShape => blocks.Apart;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.OwnPrecision;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (Mix(blocks.Split(x)).transpose(1, 2).flatten(1, 2), SameForAll(0, x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (blocks.Join(Mix(z.unflatten(1, [4, blocks.Whole[0]]).transpose(1, 2))), SameForAll(0, z));

    private Tensor Mix(Tensor pixels) => GetConstant("wavelet").matmul(pixels.flatten(3)).reshape(pixels.shape);
}
