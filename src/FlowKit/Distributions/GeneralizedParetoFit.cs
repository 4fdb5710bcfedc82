namespace FlowKit.Distributions;

/// <summary>Parameters of a <see cref="GeneralizedPareto"/> law by maximum likelihood.</summary>
/// <param name="Xi">The shape, >= -1.</param>
/// <param name="Beta">The scale, > 0.</param>
/// <param name="LogLikelihood">Of all excesses, nats.</param>
/// <param name="Count">Excesses, k.</param>
/// <example><code>
/// manual_seed(0);
/// var fit = GeneralizedPareto.Fit(-rand(1000, dtype: float64).log());        // exponential: xi = 0, beta = 1
/// Console.WriteLine($"{fit.XiStandardError:F3} {fit.BetaStandardError:F3}");  // => 0.031 0.045
/// </code></example>
public sealed record GeneralizedParetoFit(double Xi, double Beta, double LogLikelihood, long Count)
{
    /// <summary>The standard error of xi, (1 + xi) / √k (Smith 1987); NaN for xi &lt;= -1/2, where the likelihood is not regular.</summary>
    public double XiStandardError => Xi > -0.5 ? (1 + Xi) / Math.Sqrt(Count) : double.NaN;

    /// <summary>The standard error of beta, beta √(2 (1 + xi) / k); NaN for xi &lt;= -1/2.</summary>
    public double BetaStandardError => Xi > -0.5 ? Beta * Math.Sqrt(2 * (1 + Xi) / Count) : double.NaN;
}
