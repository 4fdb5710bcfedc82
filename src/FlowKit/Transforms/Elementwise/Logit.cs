namespace FlowKit.Transforms;

/// <summary>z = logit(p), p = a + b x: opens the unit interval onto the line. For x in [0, 1]. With margins on both sides b = 1 - 2a, with one below only b = 1 - a.</summary>
/// <remarks>
/// <para>log|det dz/dx| = sum of ln b - ln p - ln(1 - p); with a > 0 and both margins both ends stay finite. Inverse: x = (sigmoid(z) - a) / b.</para>
/// <para>Dinh et al. 2017, arXiv:1605.08803, section 4.1, uses p = a + (1 - a) x with a = 0.05, which touches 1 at x = 1: a white pixel's z grows without bound as x approaches 1.
/// The symmetric form, the default, stays inside.</para>
/// <para>Where p leaves (0, 1) the log-determinant is -inf, the density of a point outside the support, with finite gradients elsewhere.</para>
/// </remarks>
/// <example><code>
/// var logit = new Logit(alpha: 0.05);
/// var (z, logDet) = logit.Forward(tensor(new[,] { { 0.0 }, { 0.5 }, { 1 }, { 2 } }));
/// Console.WriteLine(z.narrow(0, 0, 3).flatten().npstr());  // => [-2.9444, 0, 2.9444]
/// Console.WriteLine(logDet.exp().npstr());                 // => [18.947, 3.6, 18.947, 0]
///
/// // The paper's form has no margin at the top.
/// Console.WriteLine(new Logit(alpha: 0.05, symmetric: false).Forward(tensor(new[,] { { 0.0, 0.5, 0.9999 } })).Z.flatten().npstr());  // => [-2.9444, 0.10008, 9.2615]
/// </code></example>
public sealed class Logit : Transform
{
    private readonly double alpha, slope;

    /// <summary>logit(a + (1 - 2a) x), or logit(a + (1 - a) x).</summary>
    /// <param name="alpha">a, 0 &lt;= a &lt; 1/2.</param>
    /// <param name="symmetric">Whether there is a margin at the top too; the paper has none.</param>
    /// <exception cref="ArgumentOutOfRangeException">a is outside [0, 1/2).</exception>
    public Logit(double alpha = 0, bool symmetric = true) : base(nameof(Logit))
    {
        if (!(alpha is >= 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Expected 0 <= alpha < 1/2.");
        (this.alpha, slope) = (alpha, symmetric ? 1 - 2 * alpha : 1 - alpha);
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var p = x * slope + alpha;
        var outside = p.le(0).logical_or(p.ge(1));
        p = p.masked_fill(outside, 0.5);
        var (logP, logQ) = (p.log(), (-p).log1p());
        var logSlope = (logP + logQ).neg() + Math.Log(slope);
        return (logP - logQ, SumEvent(logSlope.masked_fill(outside, double.NegativeInfinity)));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var logSlope = nn.functional.logsigmoid(z) + nn.functional.logsigmoid(-z) - Math.Log(slope);
        return ((z.sigmoid() - alpha) / slope, SumEvent(logSlope));
    }
}
