namespace FlowKit.Inference;

/// <summary>A likelihood-ratio test: -2 ln of the ratio of the restricted to the free model's greatest likelihood, and its p-value under the restriction (Wilks 1938).</summary>
/// <param name="Statistic">LR >= 0.</param>
/// <param name="DegreesOfFreedom">Parameters that the restriction fixes, 1 or 2.</param>
/// <param name="PValue">The probability that a chi-squared number of so many degrees of freedom exceeds it.</param>
/// <example><code>
/// using FlowKit.Inference;
/// var tests = ValueAtRiskTests.Of(new bool[250], level: 0.01);                          // no violation in a year
/// LikelihoodRatioTest coverage = tests.Coverage;
/// Console.WriteLine($"{coverage.Statistic:F3} {coverage.PValue:F3}");                   // => 5.025 0.025
/// </code></example>
public readonly record struct LikelihoodRatioTest(double Statistic, int DegreesOfFreedom, double PValue)
{
    internal static LikelihoodRatioTest Of(double statistic, int degrees) =>
        new(statistic, degrees, degrees == 1 ? MathNet.Numerics.SpecialFunctions.Erfc(Math.Sqrt(statistic / 2)) : Math.Exp(-statistic / 2));
}
