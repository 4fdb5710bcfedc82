namespace FlowKit.Training;

/// <summary>The learning rate's course: a factor on the base rate as a function of progress t in [0, 1].</summary>
/// <param name="Factor">t to a factor >= 0.</param>
/// <example><code>
/// var schedule = Schedule.Cosine.AfterWarmUp(0.2);
/// double[] progress = [0, 0.1, 0.2, 0.6, 1];
/// Console.WriteLine(string.Join(", ", progress.Select(t => $"{schedule.Factor(t):F2}")));  // => 0.00, 0.50, 1.00, 0.50, 0.00
/// Console.WriteLine(Schedule.Step(0.1, at: [0.5, 0.75]).Factor(0.6));                      // => 0.1
/// </code></example>
public sealed record Schedule(Func<double, double> Factor)
{
    /// <summary>1 throughout.</summary>
    public static Schedule Constant { get; } = new(_ => 1);

    /// <summary>(1 + cos(pi t)) / 2: from 1 to 0 (Loshchilov, Hutter 2017, arXiv:1608.03983, eq. 5).</summary>
    public static Schedule Cosine { get; } = new(t => (1 + Math.Cos(Math.PI * t)) / 2);

    /// <summary>What lowers the rate when the validation loss stands still, if anything does.</summary>
    internal (double Factor, int Patience)? OnPlateau { get; private init; }

    /// <summary>Multiplied by <paramref name="factor"/> at each of those points of the training.</summary>
    /// <param name="factor">In (0, 1).</param>
    /// <param name="at">Points of progress, in (0, 1).</param>
    public static Schedule Step(double factor, params double[] at)
    {
        ArgumentNullException.ThrowIfNull(at);
        double[] points = [.. at];
        CheckFraction(factor, nameof(factor));
        foreach (double point in points) CheckFraction(point, nameof(at));
        return new(t => Math.Pow(factor, points.Count(point => t >= point)));
    }

    /// <summary>Multiplied by <paramref name="factor"/> after each <paramref name="patience"/> evaluations without a new best. It needs a validation set.</summary>
    /// <param name="factor">In (0, 1).</param>
    /// <param name="patience">Evaluations, >= 1.</param>
    public static Schedule Plateau(double factor = 0.1, int patience = 10)
    {
        CheckFraction(factor, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        return Constant with { OnPlateau = (factor, patience) };
    }

    /// <summary>Rises linearly from 0 over the first part of the training; this schedule fills the rest.</summary>
    /// <param name="fraction">The part spent rising, in (0, 1).</param>
    public Schedule AfterWarmUp(double fraction)
    {
        CheckFraction(fraction, nameof(fraction));
        return this with { Factor = t => t < fraction ? t / fraction : Factor((t - fraction) / (1 - fraction)) };
    }

    /// <summary>Both at once: their factors are multiplied.</summary>
    /// <exception cref="ArgumentException">Both watch for a plateau.</exception>
    public static Schedule operator *(Schedule left, Schedule right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.OnPlateau is not null && right.OnPlateau is not null) throw new ArgumentException("Only one of two schedules can watch for a plateau.", nameof(right));
        return new(t => left.Factor(t) * right.Factor(t)) { OnPlateau = left.OnPlateau ?? right.OnPlateau };
    }

    private static void CheckFraction(double value, string name)
    {
        if (value is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(name, value, "Expected a number in (0, 1).");
    }
}
