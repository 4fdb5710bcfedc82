namespace FlowKit.Inference;

/// <summary>How much observations tell about one parameter, and whether the posteriors are where their truths are.</summary>
/// <param name="Shrinkage">The mean of 1 - posterior variance / prior variance: 0 where the observation tells nothing, near 1 where it decides. The one number here that the prior itself fails.</param>
/// <param name="ZScore">The mean of z = (truth - posterior mean) / posterior standard deviation: 0 for an exact posterior, positive if it lies below the truths.</param>
/// <param name="SquaredZScore">The mean of z², adjusted for the number of draws: 1 for an exact posterior if it is normal, larger for one that is too narrow.</param>
/// <remarks>Betancourt 2018, arXiv:1803.08393 (posterior z-score and shrinkage). z is signed here, and both are averaged over the prior. With L draws, z² of an exact normal posterior has the mean
/// (L + 1) (L - 1) / (L (L - 3)), by which it is divided.</remarks>
/// <example><code>
/// // x = z + noise with unit variances: the posterior variance is 1/2. The second parameter is not observed at all.
/// manual_seed(0);
/// var z = randn(2000, 2);
/// var half = ((z.narrow(1, 0, 1) + randn(2000, 1)) / 2).unsqueeze(1) + Math.Sqrt(0.5) * randn(2000, 200, 1);
/// foreach (var parameter in PosteriorShrinkage.Of(truth: z, draws: cat([half, randn(2000, 200, 1)], dim: 2)))
///     Console.WriteLine($"{parameter.Shrinkage.Mean:F1} {Math.Abs(parameter.ZScore.Mean):F1} {parameter.SquaredZScore.Mean:F1}");
/// // => 0.5 0.0 1.0
/// // => 0.0 0.0 1.0
/// </code></example>
public readonly record struct PosteriorShrinkage(Estimate Shrinkage, Estimate ZScore, Estimate SquaredZScore)
{
    /// <summary>Of every parameter, D of them.</summary>
    /// <param name="truth">x*, (N, D), finite, N >= 2, independent draws of the prior.</param>
    /// <param name="draws">(N, L, D), finite, L >= 4, of the posteriors given what each truth produced.</param>
    /// <param name="priorDeviation">The prior's standard deviations, (D), > 0; null for those of the truths.</param>
    /// <exception cref="ArgumentException">There are too few trials or draws, shapes do not fit each other, a number is not finite, or a posterior's draws are all equal.</exception>
    public static IReadOnlyList<PosteriorShrinkage> Of(Tensor truth, Tensor draws, Tensor? priorDeviation = null)
    {
        PosteriorTrials.Check(truth, draws);
        double l = draws.size(1);
        if (l < 4) throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected at least 4 draws a trial, as a squared z-score of fewer has no mean.", nameof(draws));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (own, all) = (truth.detach().to(float64).cpu(), draws.detach().to(float64).cpu());
        var prior = own.std(dim: 0, unbiased: true);
        if (priorDeviation is not null)
        {
            Guard.Number(priorDeviation);
            if (!priorDeviation.shape.SequenceEqual([truth.size(1)])) throw new ArgumentException($"priorDeviation has shape {Guard.Describe(priorDeviation)}; expected ({truth.size(1)},).", nameof(priorDeviation));
            Guard.Finite(priorDeviation);
            prior = priorDeviation.detach().to(float64).cpu();
        }
        if (prior.le(0).any().ToBoolean())
            throw new ArgumentException("The prior's standard deviations are not all > 0: a parameter that never changes has no shrinkage. Leave it out.", priorDeviation is null ? nameof(truth) : nameof(priorDeviation));
        var variance = all.var(1, unbiased: true);                            // (N, D)
        var constant = variance.eq(0).any(1);
        if (constant.any().ToBoolean()) throw new ArgumentException($"draws are all equal in a parameter of trial {constant.to(int64).argmax().ToInt64()}; expected a posterior with spread.", nameof(draws));

        var shrinkage = 1 - variance / prior.square();
        var z = (own - all.mean([1])) / variance.sqrt();
        var square = z.square() * (l * (l - 3) / ((l + 1) * (l - 1)));
        return [.. Enumerable.Range(0, (int)truth.size(1)).Select(d => new PosteriorShrinkage(Estimate.Of(shrinkage.select(1, d)), Estimate.Of(z.select(1, d)), Estimate.Of(square.select(1, d))))];
    }
}
