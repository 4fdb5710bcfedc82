namespace FlowKit.Copulas;

/// <summary>What chooses among fitted pair copulas.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = new PairCopula(new Clayton(), 2.0).Sample(500).to(float64);
/// var selection = PairFit.Select(x, new PairFitOptions { Criterion = SelectionCriterion.Aic });
/// Console.WriteLine(selection.Candidates.Min(candidate => candidate.Aic) == selection.Candidates[0].Aic);    // => True
/// </code></example>
public enum SelectionCriterion
{
    /// <summary>The least 2 k - 2 L, with k parameters and log-likelihood L (Akaike 1974).</summary>
    Aic,

    /// <summary>The least k ln n - 2 L, with n pairs (Schwarz 1978).</summary>
    Bic,

    /// <summary>The largest log-likelihood, whatever the number of parameters.</summary>
    LogLikelihood,
}
