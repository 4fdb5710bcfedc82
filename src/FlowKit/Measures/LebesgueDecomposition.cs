namespace FlowKit.Measures;

/// <summary>nu = nu_c + nu_s against a measure mu.</summary>
/// <param name="Continuous">nu_c, absolutely continuous to mu (not to nu: to that both parts are).</param>
/// <param name="Singular">nu_s, singular to mu.</param>
/// <param name="Density">dnu_c / dmu, 0 where mu is.</param>
public sealed record LebesgueDecomposition(SignedMeasure Continuous, SignedMeasure Singular, FiniteFunction Density);
