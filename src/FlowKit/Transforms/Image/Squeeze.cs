namespace FlowKit.Transforms;

/// <summary>Trades space for channels: each 2x2 block of a channel becomes four channels, (C, H, W) to (4C, H/2, W/2). A permutation: log|det| = 0.</summary>
/// <remarks>
/// z[4c + 2i + j, y, x] = x[c, 2y + i, 2x + j]: the order of nflows, normflows, SurVAE flows and i-RevNet. Dinh et al. 2017, arXiv:1605.08803, section 3.6.
/// </remarks>
/// <example><code>
/// var image = arange(16, dtype: float32).reshape(1, 1, 4, 4);
/// var (z, logDet) = new Squeeze(channels: 1, height: 4, width: 4).Forward(image);
/// Console.WriteLine(z);                          // => [1x4x2x2], type = Float32, device = cpu
/// Console.WriteLine(z[0, 0].flatten().npstr());  // => [0, 2, 8, 10]
/// </code></example>
public sealed class Squeeze : Transform
{
    private readonly Blocks blocks;

    /// <summary>Squeezes images of that size.</summary>
    /// <param name="channels">C >= 1.</param>
    /// <param name="height">H, even.</param>
    /// <param name="width">W, even.</param>
    public Squeeze(long channels, long height, long width) : base(nameof(Squeeze)) => blocks = new Blocks(channels, height, width);

    /// <inheritdoc/>
    public override Shape DataShape => blocks.Whole;

    /// <inheritdoc/>
    public override Shape LatentShape => blocks.Apart;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (blocks.Split(x).flatten(1, 2), SameForAll(0, x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (blocks.Join(z.unflatten(1, [blocks.Whole[0], 4])), SameForAll(0, z));
}
