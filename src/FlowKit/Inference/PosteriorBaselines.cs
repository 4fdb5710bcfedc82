namespace FlowKit.Inference;

/// <summary>Posteriors without a network, from simulations drawn from the prior: what a trained posterior has to beat at an equal number of simulations.</summary>
/// <remarks>Shapes: parameters are (N, ...), what was simulated at each (N, M), an observation (M).</remarks>
/// <example><code>
/// // y = x + noise, x ~ N(0, 1), noise ~ N(0, 0.25): the posterior given y* = 1 is N(0.8, 0.2).
/// manual_seed(0);
/// var x = randn(100_000, 1);
/// var y = x + 0.5 * randn(100_000, 1);
/// var (near, tolerance) = PosteriorBaselines.Abc(x, y, observed: ones(1), keep: 1000);
/// var (weighted, effective) = PosteriorBaselines.Resample(x, logLikelihood: (x - 1).square().sum(1) * -2, count: 1000);
/// foreach (var draws in new[] { near, weighted }) Console.WriteLine($"{draws.mean().ToDouble():F1} {draws.var().ToDouble():F1}");
/// // => 0.8 0.2
/// // => 0.8 0.2
/// Console.WriteLine($"{tolerance &lt; 0.02} {effective > 0.3}");  // => True True
/// </code></example>
public static class PosteriorBaselines
{
    /// <summary>Approximate Bayesian computation by rejection: the parameters whose simulations came nearest to the observation. A posterior that is too wide by the tolerance.</summary>
    /// <remarks>The distance is Euclidean over the numbers of y, each divided by its standard deviation over the simulations. Pritchard et al. 1999; Beaumont, Zhang, Balding 2002, Approximate Bayesian computation in population genetics,
    /// Genetics 162 (without their regression).</remarks>
    /// <param name="parameters">(N, ...), draws of the prior.</param>
    /// <param name="simulated">y at each, (N, M), finite.</param>
    /// <param name="observed">y*, (M), finite.</param>
    /// <param name="keep">How many are accepted, 1 to N; keep / N is the acceptance rate.</param>
    /// <returns>The accepted parameters, (keep, ...), the nearest first, and the largest distance among them.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit each other, a number is not finite, or there are fewer simulations than are to be kept.</exception>
    public static (Tensor Draws, double Tolerance) Abc(Tensor parameters, Tensor simulated, Tensor observed, int keep)
    {
        CheckParameters(parameters);
        Guard.Number(simulated);
        Guard.Number(observed);
        if (simulated.Dimensions != 2 || simulated.size(0) != parameters.size(0) || simulated.size(1) == 0)
            throw new ArgumentException($"simulated has shape {Guard.Describe(simulated)}; expected ({parameters.size(0)}, M), a row for each of the parameters.", nameof(simulated));
        if (observed.Dimensions != 1 || observed.size(0) != simulated.size(1)) throw new ArgumentException($"observed has shape {Guard.Describe(observed)}; expected ({simulated.size(1)},), as simulated has that many columns.", nameof(observed));
        Guard.Finite(simulated);
        Guard.Finite(observed);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        if (keep > parameters.size(0)) throw new ArgumentOutOfRangeException(nameof(keep), keep, $"Expected at most {parameters.size(0)}, the number of simulations.");

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var y = simulated.detach().to(float64);
        var deviation = y.std(dim: 0, unbiased: false);
        var distance = ((y - observed.detach().to(float64).to(y.device)) / deviation.masked_fill(deviation.eq(0), 1)).square().sum(1).sqrt();
        var (nearest, rows) = distance.topk(keep, 0, largest: false, sorted: true);
        return (scope.MoveToOuter(parameters.detach().index_select(0, rows.to(parameters.device))), nearest[-1].ToDouble());
    }

    /// <summary>Importance resampling from the prior: parameters drawn with replacement in proportion to their likelihood. It tends to the posterior, and degenerates where few of the prior's draws explain what was observed.</summary>
    /// <remarks>Rubin 1988, Using the SIR algorithm to simulate posterior distributions. Torch's random stream is neither used nor moved.</remarks>
    /// <param name="parameters">(N, ...), draws of the prior.</param>
    /// <param name="logLikelihood">log p(y* | x) at each, (N), up to a constant; -inf where y* is impossible.</param>
    /// <param name="count">How many draws, >= 0.</param>
    /// <param name="seed">Chooses them.</param>
    /// <returns>Draws, (count, ...), and the effective sample size as a fraction of N (<see cref="ImportanceWeights.EffectiveSampleSize"/>): more draws than N times that repeat themselves.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit each other, a likelihood is NaN or +inf, or all are 0.</exception>
    public static (Tensor Draws, double EffectiveSampleSize) Resample(Tensor parameters, Tensor logLikelihood, int count, int seed = 0)
    {
        CheckParameters(parameters);
        Guard.Number(logLikelihood);
        if (logLikelihood.Dimensions != 1 || logLikelihood.size(0) != parameters.size(0))
            throw new ArgumentException($"logLikelihood has shape {Guard.Describe(logLikelihood)}; expected ({parameters.size(0)},), one for each of the parameters.", nameof(logLikelihood));
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var logWeights = logLikelihood.detach().to(float64).cpu();
        double greatest = logWeights.max().ToDouble();
        if (!double.IsFinite(greatest))
            throw new ArgumentException(double.IsNegativeInfinity(greatest)
                ? "logLikelihood is -inf for all parameters: none of the prior's draws can explain what was observed."
                : $"logLikelihood has the maximum {greatest}; expected numbers, or -inf where what was observed is impossible.", nameof(logLikelihood));
        var cumulative = (logWeights - greatest).exp().cumsum(0);
        var random = new Random(seed);
        var at = tensor(Enumerable.Range(0, count).Select(_ => random.NextDouble()).ToArray(), dtype: float64, device: CPU) * cumulative[-1];
        var rows = searchsorted(cumulative, at, right: true).clamp_max(cumulative.size(0) - 1);
        return (scope.MoveToOuter(parameters.detach().index_select(0, rows.to(parameters.device))), ImportanceWeights.EffectiveSampleSize(logWeights).ToDouble());
    }

    private static void CheckParameters(Tensor parameters)
    {
        Guard.Number(parameters);
        if (parameters.Dimensions < 2 || parameters.numel() == 0) throw new ArgumentException($"parameters has shape {Guard.Describe(parameters)}; expected (N, ...) with N >= 1 draws of the prior.", nameof(parameters));
    }
}
