namespace FlowKit.Transforms;

/// <summary>y = x + t with theta = (t). Volume preserving: ln|dy/dx| = 0.</summary>
/// <remarks>Dinh, Krueger, Bengio 2015, NICE, arXiv:1410.8516, eq. 5.</remarks>
/// <example><code>
/// var x = tensor(new[,] { { 1.0, 2 } });
/// var shifts = tensor(new[,,] { { { 10.0, 20 } } });                   // theta, (B, 1, D)
/// var (y, logSlope) = new AdditiveMap().Forward(x, shifts);
/// Console.WriteLine($"{y.npstr()}, {logSlope.npstr()}");  // => [[11, 22]], [[0, 0]]
/// </code></example>
public sealed record AdditiveMap : ElementwiseMap
{
    /// <inheritdoc/>
    public override int ParameterCount => 1;

    internal override ITileMap Tiles => new AdditiveTiles();

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta) => (x + theta.select(1, 0), zeros_like(x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta) => (y - theta.select(1, 0), zeros_like(y));
}
