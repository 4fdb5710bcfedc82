namespace FlowKit.Copulas;

/// <summary>A fitted pair copula and how well it fits, in nats.</summary>
/// <param name="Copula">The copula.</param>
/// <param name="LogLikelihood">L, the sum of its log-densities over the data.</param>
/// <param name="Aic">2 k - 2 L, with k = <see cref="BivariateCopula.DegreesOfFreedom"/>.</param>
/// <param name="Bic">k ln n - 2 L, with n pairs.</param>
/// <example><code>
/// using FlowKit.Copulas;
/// var candidate = new PairCandidate(new PairCopula(new Frank(), 5.0), LogLikelihood: 100, Aic: -198, Bic: -195.4);
/// Console.WriteLine(candidate.Copula.DegreesOfFreedom);    // => 1
/// </code></example>
public sealed record PairCandidate(BivariateCopula Copula, double LogLikelihood, double Aic, double Bic)
{
    /// <summary>The number to make small.</summary>
    internal double Score(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Aic => Aic,
        SelectionCriterion.Bic => Bic,
        _ => -LogLikelihood,
    };
}
