using System.Globalization;

namespace FlowKit.Inference;

/// <summary>What a test of two samples found: do they come from one law?</summary>
/// <param name="Statistic">What the test measured; each says in which unit.</param>
/// <param name="PValue">The probability of a statistic at least as large if both samples come from one law, in [0, 1]. A small one speaks against it; a large one proves nothing: more draws or another test may see more.</param>
/// <example><code>
/// // Two laws with the same means and variances: one is round, the other is correlated.
/// manual_seed(0);
/// var (x, y) = (randn(400, 2), new MultivariateNormal(zeros(2), tensor(new[,] { { 1f, 0.7f }, { 0.7f, 1 } })).Sample(400));
/// TwoSampleTest kernels = Mmd.Test(x, y);
/// Console.WriteLine(kernels.PValue &lt; 0.01);        // => True
/// Console.WriteLine(Mmd.Test(x, randn(400, 2)).PValue > 0.01);  // => True
/// </code></example>
public readonly record struct TwoSampleTest(double Statistic, double PValue)
{
    /// <summary>Statistic and p-value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Statistic:G4} (p = {PValue:G3})");
}
