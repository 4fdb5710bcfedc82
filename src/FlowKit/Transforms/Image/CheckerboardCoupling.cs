using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>A coupling whose two parts are the fields of a checkerboard: the pixels of one color pass, those of the other are mapped, channel by channel, with parameters read from the first.</summary>
/// <remarks>
/// <para>z_A = x_A, z_B = tau(x_B; h(x_A; c)), log|det dz/dx| = sum over B of ln|dtau/dx|; h sees the whole image with 0 in place of B. Dinh et al. 2017,
/// arXiv:1605.08803, section 3.4.</para>
/// <para>Shapes: x and z are (B, C, H, W).</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var coupling = new CheckerboardCoupling(channels: 1, height: 4, width: 4, odd: true, new AdditiveMap(), (inputs, outputs) => new ConvResidualNet(inputs, outputs, width: 8));
/// foreach (var weight in coupling.parameters()) nn.init.normal_(weight);
/// var x = randn(1, 1, 4, 4);
/// Console.WriteLine((coupling.Forward(x).Z == x)[0, 0].to(uint8).npstr());      // 1: passed
/// // => [[1, 0, 1, 0]
/// // =>  [0, 1, 0, 1]
/// // =>  [1, 0, 1, 0]
/// // =>  [0, 1, 0, 1]]
/// </code></example>
public sealed class CheckerboardCoupling : Transform
{
    private readonly Conditioner conditioner;
    private readonly ElementwiseMap map;
    private readonly FeatureSplit split;
    private readonly long channels;

    /// <summary>A coupling of images of that size.</summary>
    /// <param name="channels">C >= 1.</param>
    /// <param name="height">H >= 1.</param>
    /// <param name="width">W >= 1, H W >= 2.</param>
    /// <param name="odd">Whether the pixels with odd row + column are mapped, instead of the even ones.</param>
    /// <param name="map">How a pixel of B is mapped.</param>
    /// <param name="conditioner">Makes h from (inputs, outputs): (B, C, H, W) to (B, P C, H, W), P-major.</param>
    /// <exception cref="ArgumentException">The conditioner's sizes do not fit.</exception>
    public CheckerboardCoupling(long channels, long height, long width, bool odd, ElementwiseMap map, Func<long, long, Conditioner> conditioner) : base(nameof(CheckerboardCoupling))
    {
        Guard.Size(channels, least: 1);
        var (rows, columns) = (Guard.Size(height, least: 1), Guard.Size(width, least: 1));
        Guard.Size(height * width, least: 2, nameof(width));
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(conditioner);

        DataShape = [channels, height, width];
        this.channels = channels;
        this.map = map;
        bool[] mapped = [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select (row + column) % 2 == 1 == odd];
        split = new FeatureSplit(mapped);
        SetConstant("mapped", tensor(mapped, [height, width], dtype: @bool, device: CPU));
        this.conditioner = Conditioner.Make(conditioner, channels, channels * map.ParameterCount);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape => conditioner.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Couple(x, context, map.Forward);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Couple(z, context, map.Inverse);

    private (Tensor, Tensor) Couple(Tensor x, Tensor? context, Func<Tensor, Tensor, (Tensor Y, Tensor LogSlope)> tau)
    {
        var seen = x.masked_fill(GetConstant("mapped"), 0);
        var theta = split.Apart(Pixels(conditioner.Forward(seen, context))).Transformed;
        var (passed, transformed) = split.Apart(Pixels(x));              // (B, |A|, C), (B, |B|, C)
        var (y, logSlope) = tau(transformed, theta.unflatten(2, [map.ParameterCount, channels]).transpose(1, 2));
        var z = split.Merge(passed, y).transpose(1, 2).reshape(x.shape);
        return (z, SumEvent(logSlope));
    }

    // (B, C, H, W) to (B, H*W, C): the split acts on dimension 1.
    private static Tensor Pixels(Tensor x) => x.flatten(2).transpose(1, 2);
}
