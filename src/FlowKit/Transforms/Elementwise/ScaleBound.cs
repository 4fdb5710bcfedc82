namespace FlowKit.Transforms;

/// <summary>How an <see cref="AffineMap"/> bounds its log-scale s, given the unbounded a and the bound c = MaxLogScale.</summary>
/// <example><code>
/// var theta = tensor(new[,,] { { { 3.0, 3000 }, { 0, 0 } } });            // a = 3 and a = 3000, no shift
/// foreach (var bound in new[] { ScaleBound.Rational, ScaleBound.Arctangent })
///     Console.WriteLine(new AffineMap(MaxLogScale: 3, bound).Forward(zeros(1, 2, dtype: float64), theta).LogSlope.round(3).npstr());
/// // => [[1.5, 2.997]]
/// // => [[1.5, 2.998]]
/// </code></example>
public enum ScaleBound
{
    /// <summary>s = a / (1 + |a| / c): slope 1 at 0, and the cheapest.</summary>
    Rational,

    /// <summary>s = (2 c / pi) atan(a / c): slope 2 / pi at 0. The soft clamp of invertible neural networks (Ardizzone et al. 2019, arXiv:1808.04730 and 1907.02392, section 3.2).</summary>
    Arctangent,
}
