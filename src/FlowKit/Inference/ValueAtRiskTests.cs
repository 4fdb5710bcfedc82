namespace FlowKit.Inference;

/// <summary>Tests of a risk limit by its violations, days on which the loss exceeded the value at risk: are they as frequent as promised, and do they come independently of each other?</summary>
/// <remarks>
/// <para>Kupiec 1995, Techniques for verifying the accuracy of risk measurement models: under the promised probability p of a violation, LR = -2 ln(L(p) / L(x / n)) of x violations in n days is chi-squared with one degree of
/// freedom. Christoffersen 1998, Evaluating interval forecasts: the same against a Markov chain, whose probability of a violation depends on whether the day before had one.</para>
/// <para>The first day has no day before it, so that independence and conditional coverage are of the n - 1 days that have one. 0 ln 0 is 0. All p-values are asymptotic: for few expected violations, read them with care.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Inference;
/// // 11 violations of a limit of 1 % in 500 days: too many.
/// var hits = Enumerable.Range(0, 500).Select(day => day % 45 == 7).ToArray();
/// var tests = ValueAtRiskTests.Of(hits, level: 0.01);
/// Console.WriteLine($"{tests.Violations} of {tests.Days}: LR = {tests.Coverage.Statistic:F2}, p = {tests.Coverage.PValue:F3}");    // => 11 of 500: LR = 5.42, p = 0.020
/// Console.WriteLine(tests.Independence.PValue > 0.05);                                                                            // => True
/// </code></example>
/// <param name="Days">n.</param>
/// <param name="Violations">x.</param>
/// <param name="Level">p, the promised probability of a violation.</param>
/// <param name="Coverage">Kupiec's test of x / n against p.</param>
/// <param name="Independence">Christoffersen's test of independence against a Markov chain, whatever the probability.</param>
/// <param name="ConditionalCoverage">Christoffersen's test of both together, with two degrees of freedom.</param>
public sealed record ValueAtRiskTests(int Days, int Violations, double Level, LikelihoodRatioTest Coverage, LikelihoodRatioTest Independence, LikelihoodRatioTest ConditionalCoverage)
{
    /// <summary>Tests a series of violations.</summary>
    /// <param name="hits">Of each day in order, whether the loss exceeded the limit; at least 2.</param>
    /// <param name="level">p in (0, 1), as 0.01 of a value at risk of 99 %.</param>
    /// <exception cref="ArgumentException">The series is too short, or the level is not such.</exception>
    public static ValueAtRiskTests Of(IReadOnlyList<bool> hits, double level)
    {
        ArgumentNullException.ThrowIfNull(hits);
        if (hits.Count < 2) throw new ArgumentException($"hits has {hits.Count} days; expected at least 2.", nameof(hits));
        if (!(level is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "Expected a probability in (0, 1).");

        int days = hits.Count, violations = hits.Count(hit => hit);
        int[,] moves = new int[2, 2];                       // from the day before to the day
        for (int day = 1; day < days; day++) moves[hits[day - 1] ? 1 : 0, hits[day] ? 1 : 0]++;
        var (calm, after) = ((No: moves[0, 0], Yes: moves[0, 1]), (No: moves[1, 0], Yes: moves[1, 1]));
        int no = calm.No + after.No, yes = calm.Yes + after.Yes;

        double promised = LogLikelihood(no, yes, level), constant = Greatest(no, yes), chain = Greatest(calm.No, calm.Yes) + Greatest(after.No, after.Yes);
        return new(days, violations, level,
            Test(LogLikelihood(days - violations, violations, level), Greatest(days - violations, violations), degrees: 1),
            Test(constant, chain, degrees: 1),
            Test(promised, chain, degrees: 2));
    }

    /// <summary>Tests the violations of a limit: days with return &lt; -limit.</summary>
    /// <param name="returns">(n), in the order of time.</param>
    /// <param name="valueAtRisk">The limit of each day as a loss, (n), or of all, (1).</param>
    /// <param name="level">p in (0, 1).</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is NaN, or the level is not such.</exception>
    public static ValueAtRiskTests Of(Tensor returns, Tensor valueAtRisk, double level)
    {
        Guard.Number(returns);
        Guard.Number(valueAtRisk);
        if (returns.Dimensions != 1) throw new ArgumentException($"returns has shape {Guard.Describe(returns)}; expected (n,).", nameof(returns));
        if (valueAtRisk.Dimensions != 1 || valueAtRisk.size(0) != 1 && valueAtRisk.size(0) != returns.size(0))
            throw new ArgumentException($"valueAtRisk has shape {Guard.Describe(valueAtRisk)}; expected ({returns.size(0)},), a limit for each day, or (1,).", nameof(valueAtRisk));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (returns.isnan().any().ToBoolean()) throw new ArgumentException("returns holds NaN.", nameof(returns));
        if (valueAtRisk.isnan().any().ToBoolean()) throw new ArgumentException("valueAtRisk holds NaN.", nameof(valueAtRisk));
        return Of(returns.detach().cpu().to(float64).lt(valueAtRisk.detach().cpu().to(float64).neg()).data<bool>().ToArray(), level);
    }

    private static LikelihoodRatioTest Test(double restricted, double free, int degrees) => LikelihoodRatioTest.Of(Math.Max(0, 2 * (free - restricted)), degrees);

    private static double Greatest(int no, int yes) => LogLikelihood(no, yes, no + yes == 0 ? 0 : (double)yes / (no + yes));

    private static double LogLikelihood(int no, int yes, double p) => (no == 0 ? 0 : no * Distributions.SpecialFunctions.Log1p(-p)) + (yes == 0 ? 0 : yes * Math.Log(p));
}
