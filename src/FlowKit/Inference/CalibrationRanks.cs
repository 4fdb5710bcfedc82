namespace FlowKit.Inference;

/// <summary>Simulation-based calibration of one parameter: the ranks of N truths among L draws of the posterior each. Uniform on 0..L if the posterior is exact.</summary>
/// <remarks>
/// <para>A truth x* comes from the prior, an observation y* from the simulator at x*, L independent draws from the posterior given y*; the rank counts the draws below x*. Talts et al. 2018, arXiv:1804.06788, theorem 1.</para>
/// <para>What it shows: ranks in the middle only, a posterior too wide; ranks at both ends, one too narrow; ranks at one end, a shift. What it does not: the prior itself is calibrated, whatever y* says. Look at
/// <see cref="PosteriorShrinkage"/> and <see cref="Resimulation"/>, too.</para>
/// </remarks>
/// <example><code>
/// // z ~ N(0, I), x = W z + noise has an exact posterior, and here is one with the same mean and 0.7 of its standard deviation.
/// manual_seed(0);
/// var model = new LinearGaussian(weights: tensor(new[,] { { 1f, 0 }, { 1, 0.5f }, { 0, 1 } }), noise: 0.5);
/// var z = randn(500, 2);
/// var x = z.matmul(tensor(new[,] { { 1f, 1, 0 }, { 0, 0.5f, 1 } })) + 0.5 * randn(500, 3);
/// var (mean, covariance) = model.Posterior(x);
/// var noise = new MultivariateNormal(zeros(2), covariance).Sample(500 * 255).view(500, 255, 2);
/// foreach (double scale in new[] { 1, 0.7 })
///     Console.WriteLine(string.Join(" ", CalibrationRanks.Of(truth: z, draws: mean.unsqueeze(1) + scale * noise).Select(ranks => ranks.ChiSquarePValue(bins: 16) > 1e-3)));
/// // => True True
/// // => False False
/// </code></example>
public sealed class CalibrationRanks
{
    private CalibrationRanks(long[] ranks, long draws)
    {
        (Ranks, Draws) = (ranks, draws);
        (Cumulative, Central) = (CoverageCurve.Cumulative(ranks, draws), CoverageCurve.Central(ranks, draws));
    }

    /// <summary>The ranks, (N), each of 0..L.</summary>
    public IReadOnlyList<long> Ranks { get; }

    /// <summary>Draws of each posterior, L.</summary>
    public long Draws { get; }

    /// <summary>The distribution function of the ranks, against the uniform one: the one-sided regions below a quantile. Its p-value tests calibration.</summary>
    public CoverageCurve Cumulative { get; }

    /// <summary>The calibration curve: how often the truth lies in the posterior's central interval of each probability. Its <see cref="CoverageCurve.Error"/> is the calibration error. Blind to a shift that is made up for by width.</summary>
    public CoverageCurve Central { get; }

    /// <summary>The ranks of every parameter, D of them.</summary>
    /// <param name="truth">x*, (N, D), finite, N >= 2: draws of the prior, independent.</param>
    /// <param name="draws">(N, L, D), finite, L >= 2: of the posteriors given what each truth produced. <see cref="PosteriorDraws"/> makes them. Correlated draws, as of a Markov chain, are to be thinned first.</param>
    /// <param name="seed">Decides ranks between equal numbers.</param>
    /// <exception cref="ArgumentException">There are fewer than two trials or draws, they do not fit each other, or a number is not finite.</exception>
    public static IReadOnlyList<CalibrationRanks> Of(Tensor truth, Tensor draws, int seed = 0)
    {
        PosteriorTrials.Check(truth, draws);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, (int)truth.size(1)).Select(d =>
            new CalibrationRanks(PosteriorTrials.Ranks(truth.select(1, d), draws.select(2, d), unchecked(seed + 31 * d)), draws.size(1)))];
    }

    /// <summary>How many ranks fall into each of so many bins of 0..L, as even as L + 1 allows.</summary>
    /// <param name="bins">1 to L + 1.</param>
    public IReadOnlyList<long> Histogram(int bins = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, Draws + 1);
        long[] counts = new long[bins];
        foreach (long rank in Ranks) counts[rank * bins / (Draws + 1)]++;
        return counts;
    }

    /// <summary>Pearson's test of the histogram against uniform ranks: the probability of a sum of (observed - expected)² / expected at least as large, by the chi-square law with bins - 1 degrees of freedom.</summary>
    /// <remarks>An approximation for at least 5 expected ranks a bin; the p-value of <see cref="Cumulative"/> is exact.</remarks>
    /// <param name="bins">2 to L + 1.</param>
    public double ChiSquarePValue(int bins = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        double[] expected = new double[bins];
        for (long rank = 0; rank <= Draws; rank++) expected[rank * bins / (Draws + 1)] += Ranks.Count / (Draws + 1.0);
        double square = Histogram(bins).Zip(expected, (count, mean) => (count - mean) * (count - mean) / mean).Sum();
        using var scope = NewDisposeScope();
        return special.gammaincc(tensor((bins - 1) / 2.0, dtype: float64, device: CPU), tensor(square / 2, dtype: float64, device: CPU)).ToDouble();
    }
}
