namespace FlowKit.Inference;

/// <summary>N independent uniform numbers, counted below z_1 &lt; ... &lt; z_K: which counts are usual at each point, and how probable it is that all of them are, exactly.</summary>
/// <remarks>
/// Säilynoja, Bürkner, Vehtari 2022, arXiv:2103.10522: a count of c at z_i has the two-sided probability 2 min(P(C &lt;= c), P(C >= c)) with C ~ Bin(N, z_i). The probability that all K of them exceed gamma follows
/// from a recursion over the points. Here the increments are Poisson numbers whose sum is given to be N, which has the same law and makes each step a convolution.
/// </remarks>
internal sealed class BinomialBand
{
    private const double Reach = 12;                  // standard deviations: what lies further off has a probability below 1e-30

    private readonly long count;
    private readonly double[] points;
    private readonly (int From, double[] TwoSided)[] usual;       // by point: of the counts From, From + 1, ...

    public BinomialBand(IReadOnlyList<double> points, long count)
    {
        (this.points, this.count) = ([.. points], count);
        usual = [.. points.Select(TwoSided)];
    }

    /// <summary>P(C >= c) for C ~ Bin(N, z), 0 &lt; z &lt; 1.</summary>
    public static double AtLeast(long c, long count, double z)
    {
        var (from, p) = Binomial(count, z);
        return c <= from ? 1 : Math.Min(1, p.Skip((int)Math.Min(c - from, p.Length)).Sum());
    }

    /// <summary>The smallest two-sided probability of those counts, one a point.</summary>
    public double Smallest(IReadOnlyList<long> counts) => Enumerable.Range(0, points.Length).Min(i => At(i, counts[i]));

    /// <summary>P(every two-sided probability exceeds gamma).</summary>
    public double Coverage(double gamma)
    {
        double[] state = [1];                                     // by count, from the lowest that is allowed
        (int from, double before) = (0, 0);
        for (int i = 0; i <= points.Length; i++)
        {
            var (low, high) = i < points.Length ? Range(i, gamma) : ((int)count, (int)count);
            if (high < low) return 0;
            double z = i < points.Length ? points[i] : 1;
            double[] steps = Poisson(count * (z - before), high - from), next = new double[high - low + 1];
            for (int r = 0; r < state.Length; r++)
                for (int c = Math.Max(low, from + r); c <= high; c++) next[c - low] += state[r] * steps[c - from - r];
            (state, from, before) = (next, low, z);
        }
        return Math.Clamp(state[0] / Poisson(count, (int)count)[count], 0, 1);
    }

    /// <summary>Counts from low to high at each point, so that all lie there with at least that probability, and hardly more.</summary>
    public (long Low, long High)[] Of(double confidence)
    {
        double least = (1 - confidence) / points.Length, most = 1 - confidence;          // by Bonferroni, and as a single point would have it
        for (int i = 0; i < 40; i++)
        {
            double middle = Math.Sqrt(least * most);
            if (Coverage(middle) >= confidence) least = middle;
            else most = middle;
        }
        return [.. Enumerable.Range(0, points.Length).Select(i => Range(i, least)).Select(range => ((long)range.Low, (long)range.High))];
    }

    private double At(int point, long c)
    {
        var (from, twoSided) = usual[point];
        return c >= from && c < from + twoSided.Length ? twoSided[c - from] : 0;
    }

    private (int Low, int High) Range(int point, double gamma)
    {
        var (from, twoSided) = usual[point];
        int low = Array.FindIndex(twoSided, probability => probability > gamma), high = Array.FindLastIndex(twoSided, probability => probability > gamma);
        return low < 0 ? (0, -1) : (from + low, from + high);
    }

    // The probabilities of the counts From, From + 1, ...
    private static (int From, double[] Probabilities) Binomial(long count, double z)
    {
        double sd = Math.Sqrt(count * z * (1 - z));
        int mode = (int)Math.Min(count, Math.Floor((count + 1) * z)), from = (int)Math.Max(0, mode - Reach * sd - Reach), to = (int)Math.Min(count, mode + Reach * sd + Reach);
        return (from, FromMode(mode, from, to, c => (count - c) / (c + 1.0) * (z / (1 - z))));
    }

    private (int From, double[] TwoSided) TwoSided(double z)
    {
        var (from, p) = Binomial(count, z);
        double[] below = new double[p.Length], above = new double[p.Length];
        for (int i = 0; i < p.Length; i++) below[i] = p[i] + (i > 0 ? below[i - 1] : 0);
        for (int i = p.Length - 1; i >= 0; i--) above[i] = p[i] + (i < p.Length - 1 ? above[i + 1] : 0);
        return (from, [.. below.Zip(above, (b, a) => Math.Min(1, 2 * Math.Min(b, a)))]);
    }

    // The probabilities of 0, 1, ..., last under a Poisson law.
    private static double[] Poisson(double mean, int last)
    {
        double sd = Math.Sqrt(mean);
        int mode = (int)mean, from = (int)Math.Max(0, mode - Reach * sd - Reach), to = (int)(mode + (Reach * sd + Reach) * 2);
        double[] near = FromMode(mode, from, to, c => mean / (c + 1.0)), all = new double[last + 1];
        for (int c = from; c <= Math.Min(last, to); c++) all[c] = near[c - from];
        return all;
    }

    // A law on from, ..., to by the ratios of p(c + 1) to p(c).
    private static double[] FromMode(int mode, int from, int to, Func<int, double> ratio)
    {
        double[] p = new double[to - from + 1];
        p[mode - from] = 1;
        for (int c = mode; c < to; c++) p[c + 1 - from] = p[c - from] * ratio(c);
        for (int c = mode; c > from; c--) p[c - 1 - from] = p[c - from] / ratio(c - 1);
        double sum = p.Sum();
        return [.. p.Select(value => value / sum)];
    }
}
