using System.Numerics;
using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>y = x + t with theta = (t). Volume preserving: ln|dy/dx| = 0.</summary>
/// <remarks>Dinh, Krueger, Bengio 2015, NICE, arXiv:1410.8516, eq. 5.</remarks>
/// <example><code>
/// var x = tensor(new[,] { { 1.0, 2 } });
/// var shifts = tensor(new[,,] { { { 10.0, 20 } } });                   // theta, (B, 1, D)
/// var (y, logSlope) = new AdditiveMap().Forward(x, shifts);
/// Console.WriteLine($"{y.npstr()}, {logSlope.npstr()}");  // => [[11, 22]], [[0, 0]]
/// </code></example>
public sealed record AdditiveMap : ElementwiseMap, IRowKernel, IElementLoop
{
    /// <inheritdoc/>
    public override int ParameterCount => 1;

    internal override IElementLoop Loop => this;

    internal override IRowKernel InverseOfRows => this;

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta) => (x + theta.select(1, 0), zeros_like(x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta) => (y - theta.select(1, 0), zeros_like(y));

    (Tensor Value, Tensor LogSlope) IElementLoop.Forward(Tensor at, Tensor theta, bool inverse) => (inverse ? at - theta : at + theta, zeros_like(at));

    (Tensor At, Tensor Theta) IElementLoop.Backward(Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogSlope, bool inverse) =>
        (gradValue.alias(), inverse ? gradValue.neg() : gradValue.alias());

    void IRowKernel.Apply<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> theta, Span<T> x, Span<T> logSlopes)
    {
        for (int i = 0; i < y.Length; i += Vector<T>.Count) (new Vector<T>(y[i..]) - new Vector<T>(theta[i..])).CopyTo(x[i..]);
    }
}
