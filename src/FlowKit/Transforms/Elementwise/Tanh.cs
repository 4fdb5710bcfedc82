namespace FlowKit.Transforms;

/// <summary>z = tanh x: carries the line onto (-1, 1). Inverted, it opens bounded data onto the line.</summary>
/// <remarks>
/// ln dz/dx = 2 (ln 2 - x - softplus(-2x)), which ln(1 - tanh² x) becomes where it would not underflow. Inverse: x = atanh z, ln dx/dz = -ln(1 - z) - ln(1 + z);
/// for |z| >= 1, which nothing is mapped to, the log-determinant is -inf.
/// </remarks>
/// <example><code>
/// // A flow on (-1, 1): normal draws through tanh.
/// manual_seed(0);
/// var flow = new Flow(new Tanh().Inverted, new StandardNormal(1));
/// Console.WriteLine(flow.Sample(1000).abs().max().ToDouble() &lt; 1);                // => True
/// using (var interval = QuadratureRule.Interval((-1, 1), resolution: 2000))
///     Console.WriteLine($"{interval.Integrate(x => flow.LogProb(x).exp()):F4}");  // => 1.0000
/// </code></example>
public sealed class Tanh() : Transform(nameof(Tanh))
{
    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x.tanh(), SumEvent((nn.functional.logsigmoid(2 * x) - x + Math.Log(2)) * 2));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var outside = z.abs().ge(1);
        z = z.masked_fill(outside, 0);
        var (above, below) = (z.log1p(), (-z).log1p());
        return ((above - below) / 2, SumEvent((above + below).neg().masked_fill(outside, double.NegativeInfinity)));
    }
}
