namespace FlowKit.Measures;

/// <summary>nu = nu_c + nu_s against a measure mu.</summary>
/// <param name="Continuous">nu_c, absolutely continuous to mu (not to nu: to that both parts are).</param>
/// <param name="Singular">nu_s, singular to mu.</param>
/// <param name="Density">dnu_c / dmu, 0 where mu is.</param>
/// <example><code>
/// using FlowKit.Measures;
///
/// var mu = PositiveMeasure.OnPoints(1, 1, 0);
/// var nu = PositiveMeasure.OnPoints(2, 0, 3);
/// var parts = nu.Decompose(mu);
/// Console.WriteLine(parts.Continuous);  // => {0}: 2, {1}: 0, {2}: 0
/// Console.WriteLine(parts.Singular);    // => {0}: 0, {1}: 0, {2}: 3
/// Console.WriteLine(parts.Density);     // => (2, 0, 0)
/// </code></example>
public sealed record LebesgueDecomposition(SignedMeasure Continuous, SignedMeasure Singular, FiniteFunction Density);
