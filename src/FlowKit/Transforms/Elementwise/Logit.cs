namespace FlowKit.Transforms;

/// <summary>z = logit(p), p = a + (1 - 2a) x: opens the unit interval onto the line. For x in [0, 1].</summary>
/// <remarks>
/// <para>log|det dz/dx| = sum of ln(1 - 2a) - ln p - ln(1 - p); with a > 0 both ends stay finite. Inverse: x = (sigmoid(z) - a) / (1 - 2a).</para>
/// <para>Dinh et al. 2017, arXiv:1605.08803, section 4.1, uses p = a + (1 - a) x with a = 0.05, which touches 1 at x = 1; the symmetric form stays inside.</para>
/// <para>Where p leaves (0, 1) the log-determinant is -inf, the density of a point outside the support, with finite gradients elsewhere.</para>
/// </remarks>
/// <example><code>
/// var logit = new Logit(alpha: 0.05);
/// var (z, logDet) = logit.Forward(tensor(new[,] { { 0.0 }, { 0.5 }, { 1 }, { 2 } }));
/// Console.WriteLine(z.narrow(0, 0, 3).flatten().npstr());  // => [-2.9444, 0, 2.9444]
/// Console.WriteLine(logDet.exp().npstr());                 // => [18.947, 3.6, 18.947, 0]
/// </code></example>
public sealed class Logit : Transform
{
    private readonly double alpha;

    /// <summary>logit(a + (1 - 2a) x).</summary>
    /// <param name="alpha">a, 0 &lt;= a &lt; 1/2.</param>
    /// <exception cref="ArgumentOutOfRangeException">a is outside [0, 1/2).</exception>
    public Logit(double alpha = 0) : base(nameof(Logit))
    {
        if (!(alpha is >= 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Expected 0 <= alpha < 1/2.");
        this.alpha = alpha;
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var p = x * (1 - 2 * alpha) + alpha;
        var outside = p.le(0).logical_or(p.ge(1));
        p = p.masked_fill(outside, 0.5);
        var (logP, logQ) = (p.log(), (-p).log1p());
        var logSlope = (logP + logQ).neg() + Math.Log(1 - 2 * alpha);
        return (logP - logQ, SumEvent(logSlope.masked_fill(outside, double.NegativeInfinity)));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var logSlope = nn.functional.logsigmoid(z) + nn.functional.logsigmoid(-z) - Math.Log(1 - 2 * alpha);
        return ((z.sigmoid() - alpha) / (1 - 2 * alpha), SumEvent(logSlope));
    }
}
