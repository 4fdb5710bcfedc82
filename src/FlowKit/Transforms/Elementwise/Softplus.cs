namespace FlowKit.Transforms;

/// <summary>z = ln(1 + e^x): carries the line onto the positive numbers. Inverted, it opens positive data onto the line.</summary>
/// <remarks>
/// ln dz/dx = ln sigmoid(x). Inverse: x = z + ln(1 - e^-z), ln dx/dz = -ln(1 - e^-z); for z &lt;= 0, which nothing is mapped to, the log-determinant is -inf.
/// </remarks>
/// <example><code>
/// var (z, logDet) = new Softplus().Forward(zeros(1, 1));
/// Console.WriteLine($"{z.npstr()}, {logDet.exp().npstr()}");  // => [[0.69315]], [0.5]
/// </code></example>
public sealed class Softplus() : Transform(nameof(Softplus))
{
    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (nn.functional.logsigmoid(-x).neg(), SumEvent(nn.functional.logsigmoid(x)));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var outside = z.le(0);
        z = z.masked_fill(outside, 1);
        var logSigmoid = z.neg().expm1().neg().log();
        return (z + logSigmoid, SumEvent(logSigmoid.neg().masked_fill(outside, double.NegativeInfinity)));
    }
}
