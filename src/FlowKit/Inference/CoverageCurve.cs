namespace FlowKit.Inference;

/// <summary>How often the truth lies in a posterior's regions, by the probability that the posterior gives them. For an exact posterior the curve is the diagonal, up to chance.</summary>
/// <remarks>
/// <para>Where it lies below, the truth falls outside too often: regions are too small, the posterior is overconfident. What the regions are says whoever made the curve: <see cref="CalibrationRanks"/> or <see cref="ExpectedCoverage"/>.</para>
/// <para>The band and the p-value are exact for N independent trials and hold for all levels at once: Säilynoja, Bürkner, Vehtari 2022, arXiv:2103.10522. A curve keeps at most 99 levels; draws
/// decide which ones are possible, so that no level is off because draws are few.</para>
/// </remarks>
/// <example><code>
/// // 500 trials of an exact posterior, N(0, 1), and of one that is too narrow.
/// manual_seed(0);
/// var truth = randn(500, 1);
/// CoverageCurve exact = CalibrationRanks.Of(truth, randn(500, 99, 1))[0].Central, narrow = CalibrationRanks.Of(truth, 0.7 * randn(500, 99, 1))[0].Central;
/// Console.WriteLine($"{exact.PValue > 0.01} {narrow.PValue &lt; 1e-6}");    // => True True
/// Console.WriteLine($"{exact.Error &lt; 0.03} {narrow.Error > 0.05}");      // => True True
/// Console.WriteLine(narrow.Excess &lt; 0);                                  // => True
/// </code></example>
public sealed class CoverageCurve
{
    private readonly long[] counts;
    private readonly Lazy<BinomialBand> band;

    /// <param name="nominal">Ascending, within (0, 1).</param>
    /// <param name="counts">How many of the truths lie in the region of each level.</param>
    /// <param name="count">N.</param>
    internal CoverageCurve(double[] nominal, long[] counts, long count)
    {
        (Nominal, this.counts, Count) = (nominal, counts, count);
        Observed = [.. counts.Select(inside => new Estimate((double)inside / count, Math.Sqrt((double)inside / count * (1 - (double)inside / count) / (count - 1)), count))];
        band = new(() => new(nominal, count));
    }

    /// <summary>Trials, N: observations with a known truth.</summary>
    public long Count { get; }

    /// <summary>The levels q: the probabilities of the regions under the posterior, ascending, in (0, 1).</summary>
    public IReadOnlyList<double> Nominal { get; }

    /// <summary>The fraction of truths inside, by level, with its standard error.</summary>
    public IReadOnlyList<Estimate> Observed { get; }

    /// <summary>The calibration error: the median over the levels of |observed - nominal|. Ardizzone et al. 2019, arXiv:1808.04730. Chance alone makes it about 0.3 / sqrt(N), not 0.</summary>
    public double Error
    {
        get
        {
            double[] sorted = [.. Nominal.Zip(Observed, (q, inside) => Math.Abs(inside.Mean - q)).Order()];
            return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
        }
    }

    /// <summary>The mean over the levels of observed - nominal: negative for a posterior that is too narrow, positive for one that is too wide.</summary>
    public double Excess => Nominal.Zip(Observed, (q, inside) => inside.Mean - q).Average();

    /// <summary>The probability that an exact posterior's curve leaves the diagonal at least as improbably at some level, in [0, 1]. Exact, all levels at once; below 1e-12 it is rounding.</summary>
    public double PValue => 1 - band.Value.Coverage(band.Value.Smallest(counts) * (1 + 1e-12));

    /// <summary>Between which fractions an exact posterior's curve lies, one pair a level: at all levels at once with that probability.</summary>
    /// <param name="confidence">In (0, 1).</param>
    public IReadOnlyList<(double Low, double High)> Band(double confidence = 0.95)
    {
        if (!(confidence > 0 && confidence < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected a number in (0, 1).");
        return [.. band.Value.Of(confidence).Select(range => ((double)range.Low / Count, (double)range.High / Count))];
    }

    /// <summary>Of ranks 0..L that should be uniform: how many lie below k, for k of 1..L.</summary>
    internal static CoverageCurve Cumulative(IReadOnlyList<long> ranks, long draws) =>
        Of(ranks, draws, Cuts(draws), (rank, k) => rank < k, k => (double)k / (draws + 1));

    /// <summary>Of ranks 0..L that should be uniform: how many lie within k..L - k, so that the truth lies between the k-th smallest and the k-th largest draw.</summary>
    internal static CoverageCurve Central(IReadOnlyList<long> ranks, long draws) =>
        Of(ranks, draws, [.. Cuts(draws / 2).Reverse()], (rank, k) => rank >= k && rank <= draws - k, k => (double)(draws + 1 - 2 * k) / (draws + 1));

    private static CoverageCurve Of(IReadOnlyList<long> ranks, long draws, long[] cuts, Func<long, long, bool> isInside, Func<long, double> nominal) =>
        new([.. cuts.Select(nominal)], [.. cuts.Select(k => ranks.LongCount(rank => isInside(rank, k)))], ranks.Count);

    // At most 99 of 1..last, evenly.
    private static long[] Cuts(long last)
    {
        long points = Math.Min(last, 99);
        return [.. Enumerable.Range(1, (int)points).Select(i => (long)Math.Round(i * (last + 1.0) / (points + 1))).Distinct()];
    }
}
