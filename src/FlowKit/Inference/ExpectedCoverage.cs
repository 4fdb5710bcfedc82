using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>Calibration of all parameters at once: how often the truth lies in credible regions of the joint posterior.</summary>
/// <remarks>The curves have error bars, an exact band and an exact p-value for trials that are independent. They are conservative tests in one sense: the prior passes them, whatever is observed; see <see cref="PosteriorShrinkage"/>.</remarks>
/// <example><code>
/// // The posterior of z from x = z + noise is N(x / 2, 1 / 2) in each coordinate. One that believes in a correlation has the right margins.
/// manual_seed(0);
/// var z = randn(400, 2);
/// var (mean, noise) = (((z + randn(400, 2)) / 2).unsqueeze(1), randn(400, 199, 2) * Math.Sqrt(0.5));
/// var correlated = noise.matmul(tensor(new[,] { { 1f, 0.9f }, { 0, MathF.Sqrt(0.19f) } }));
/// Console.WriteLine(CalibrationRanks.Of(z, mean + correlated).All(ranks => ranks.Cumulative.PValue > 0.01));  // => True
/// Console.WriteLine(ExpectedCoverage.Tarp(z, mean + noise).PValue > 0.01);                                   // => True
/// Console.WriteLine(ExpectedCoverage.Tarp(z, mean + correlated).PValue &lt; 0.01);                            // => True
/// </code></example>
public static class ExpectedCoverage
{
    /// <summary>Tests of accuracy with random points: the region of a level is the ball around a reference point that holds that part of the posterior. If the curve is the diagonal for every choice of reference points, the posterior is exact.</summary>
    /// <remarks>Lemos et al. 2023, arXiv:2302.03026. Parameters are scaled to the truths' range; random reference points are uniform there.</remarks>
    /// <param name="truth">x*, (N, D), finite, N >= 2, independent draws of the prior.</param>
    /// <param name="draws">(N, L, D), finite, L >= 2, of the posteriors given what each truth produced.</param>
    /// <param name="references">A reference point for each trial, (N, D), chosen without sight of its truth, though the observation may decide; null for random ones.</param>
    /// <param name="seed">Of random reference points.</param>
    /// <exception cref="ArgumentException">There are fewer than two trials or draws, shapes do not fit each other, or a number is not finite.</exception>
    public static CoverageCurve Tarp(Tensor truth, Tensor draws, Tensor? references = null, int seed = 0)
    {
        PosteriorTrials.Check(truth, draws);
        if (references is not null)
        {
            Guard.Number(references);
            if (!references.shape.SequenceEqual(truth.shape)) throw new ArgumentException($"references has shape {Guard.Describe(references)}; expected that of truth, {Guard.Describe(truth)}.", nameof(references));
            Guard.Finite(references);
        }
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var own = truth.detach().to(float64).cpu();
        var (low, high) = (own.amin([0]), own.amax([0]));
        var range = (high - low).masked_fill(high.eq(low), 1);
        var random = new Random(seed);
        var points = references?.detach().to(float64).cpu() ?? low + range * tensor(Enumerable.Range(0, (int)own.numel()).Select(_ => random.NextDouble()).ToArray(), own.shape, dtype: float64, device: CPU);
        var distance = ((own - points) / range).square().sum(1);                                                          // (N)
        var distances = ((draws.detach().to(float64).cpu() - points.unsqueeze(1)) / range).square().sum(2);               // (N, L)
        return CoverageCurve.Cumulative(PosteriorTrials.Ranks(distance, distances, seed), draws.size(1));
    }

    /// <summary>The region of a level is where the posterior's density is highest: the smallest region of that probability.</summary>
    /// <remarks>Hermans et al. 2022, arXiv:2110.06581. It needs densities up to a factor that depends on the observation only.</remarks>
    /// <param name="truth">log q(x* | y*), (N), N >= 2.</param>
    /// <param name="draws">log q(x | y*) of L >= 2 draws of q given each observation, (N, L).</param>
    /// <param name="seed">Decides ranks between equal densities.</param>
    /// <exception cref="ArgumentException">Shapes do not fit each other, a number is NaN, or a draw has no density.</exception>
    public static CoverageCurve HighestDensity(Tensor truth, Tensor draws, int seed = 0)
    {
        Guard.Number(truth);
        Guard.Number(draws);
        if (truth.Dimensions != 1 || truth.size(0) < 2) throw new ArgumentException($"truth has shape {Guard.Describe(truth)}; expected (N,) with N >= 2 log-densities.", nameof(truth));
        if (draws.Dimensions != 2 || draws.size(0) != truth.size(0) || draws.size(1) < 2)
            throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected ({truth.size(0)}, L) with L >= 2 log-densities a trial.", nameof(draws));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (truth.isnan().logical_or(truth.isposinf()).any().ToBoolean()) throw new ArgumentException("truth holds NaN or +inf; expected log-densities, -inf where there is none.", nameof(truth));
        Guard.Finite(draws);
        return CoverageCurve.Cumulative(PosteriorTrials.Ranks(-truth, -draws, seed), draws.size(1));
    }

    /// <summary>The same for a model of the posterior whose density is known.</summary>
    /// <param name="posterior">q(x | y), with y as its context.</param>
    /// <param name="trials">Truths x* with the observations they produced as their context, N >= 2.</param>
    /// <param name="draws">L >= 2.</param>
    /// <param name="seed">Of the draws; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The trials have no observations or do not fit the posterior, or a density is NaN.</exception>
    public static CoverageCurve HighestDensity(Distribution posterior, Dataset trials, int draws, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(trials);
        trials.Check(nameof(trials));
        if (trials.Context is null) throw new ArgumentException("trials has no context; expected the observation of each truth.", nameof(trials));
        Guard.Batch(trials.X, posterior.EventShape, nameof(trials));
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        using var mode = new EvaluationMode(posterior);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var all = PosteriorDraws.Of(posterior, trials.Context, draws, seed);
        var densities = new List<Tensor>();
        for (long row = 0; row < trials.Count; row++)
        {
            using var part = NewDisposeScope();
            densities.Add(part.MoveToOuter(posterior.LogProb(all[row], trials.Context.narrow(0, row, 1))));
        }
        return HighestDensity(posterior.LogProb(trials.X, trials.Context), stack(densities, dim: 0), seed);
    }
}
