namespace FlowKit.Copulas;

/// <summary>The pair copula that was chosen, and what it was chosen from.</summary>
/// <param name="Best">The chosen one.</param>
/// <param name="Candidates">All that were fitted, the best first.</param>
/// <param name="Tau">Kendall's tau of the data.</param>
/// <param name="IndependencePValue">How probable so large a |tau| is for an independent pair.</param>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var selection = PairFit.Select(rand(500, 2, dtype: float64));
/// Console.WriteLine(((PairCopula)selection.Best).Family.GetType().Name);    // => Independence
/// </code></example>
public sealed record PairSelection(BivariateCopula Best, IReadOnlyList<PairCandidate> Candidates, double Tau, double IndependencePValue);
