namespace FlowKit.Laws;

/// <summary>Kolmogorov's test: the Kolmogorov-Smirnov test of one sample: do these draws come from that law of the line?</summary>
/// <remarks>
/// D is the largest distance between the draws' own distribution function and the law's, F. If the draws come from the law and F is continuous, sqrt(n) D has the same distribution
/// whatever F is. A. N. Kolmogorov 1933; the tail is 2 (e^{-2 t²} - e^{-8 t²} + e^{-18 t²} - ...), for n to infinity.
/// </remarks>
/// <example><code>
/// using FlowKit.Laws;
/// manual_seed(0);
/// var draws = rand(10_000, dtype: float64);
/// double right = Kolmogorov.Statistic(draws, x => x), wrong = Kolmogorov.Statistic(draws, x => x.square());
/// Console.WriteLine(Kolmogorov.Tail(right) > 1e-3);  // => True
/// Console.WriteLine(Kolmogorov.Tail(wrong) > 1e-3);  // => False
/// </code></example>
public static class Kolmogorov
{
    /// <summary>sqrt(n) D. Near 0.87 for draws of the law, and as large as sqrt(n) for others; NaN if a draw is NaN.</summary>
    /// <param name="draws">n >= 1 numbers of any shape.</param>
    /// <param name="distribution">F, (n) ascending float64 numbers to (n) probabilities; called once.</param>
    /// <exception cref="ArgumentException">There is no draw, or F does not give one number for each.</exception>
    public static double Statistic(Tensor draws, Func<Tensor, Tensor> distribution)
    {
        Guard.Number(draws);
        ArgumentNullException.ThrowIfNull(distribution);
        if (draws.numel() == 0) throw new ArgumentException("At least one draw is needed; there was none.", nameof(draws));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sorted = draws.detach().flatten().to(float64).sort(0).Values;
        long n = sorted.size(0);
        if (double.IsNaN(sorted[n - 1].ToDouble())) return double.NaN;        // they are sorted last
        var theory = Guard.Made(distribution(sorted), nameof(distribution));
        if (!theory.shape.SequenceEqual(sorted.shape))
            throw new ArgumentException($"distribution gave shape {Guard.Describe(theory)} for {n} draws; expected ({n},).", nameof(distribution));

        var below = arange(n, dtype: float64, device: sorted.device) / n;     // the step at each draw, from below and from above
        var distance = maximum(theory - below, below + 1.0 / n - theory);
        return distance.max().ToDouble() * Math.Sqrt(n);
    }

    /// <summary>The probability that sqrt(n) D exceeds this for draws of the law: 0.05 at 1.36, 1e-3 at 1.95, 2e-5 at 2.4.</summary>
    /// <param name="statistic">t; where it is below 0.14, the probability is 1.</param>
    public static double Tail(double statistic)
    {
        if (double.IsNaN(statistic)) return double.NaN;
        if (statistic < 0.14) return 1;                                       // to within 1e-26
        double sum = 0;
        for (int k = 1; k <= 100; k++) sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * statistic * statistic);
        return Math.Clamp(sum, 0, 1);
    }
}
