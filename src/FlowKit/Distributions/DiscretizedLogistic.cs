using System.Runtime.CompilerServices;

namespace FlowKit.Distributions;

/// <summary>A logistic law rounded to whole numbers: P(k) = sigmoid(a) - sigmoid(b), a = (k + 1/2 - mu) / s, b = (k - 1/2 - mu) / s. theta = (mu, ln s), counted in <see cref="Unit"/>s from <see cref="Middle"/>.</summary>
/// <remarks>
/// <para>ln P(k) = ln sigmoid(a) + ln sigmoid(-b) + ln(1 - e^(b - a)): exact and free of cancellation.</para>
/// <para>Without levels the support is all whole numbers, as integer flows need (Hoogeboom et al. 2019, arXiv:1905.07376, eq. 7).
/// With K levels it is 0..K-1, the two ends taking the tails (Salimans et al. 2017, PixelCNN++, arXiv:1701.05517, eq. 2).</para>
/// <para>mu = Middle + Unit theta_0, s = Unit e^theta_1. Without levels the middle is 0 and the unit 1 unless they are given; with K levels they are (K - 1) / 2 and K / 4, so that at theta = 0 the law covers the range.</para>
/// <para>Draws are whole numbers in the precision of theta, and carry no gradient. Data may be of any dtype; -inf off the support.</para>
/// </remarks>
/// <param name="Levels">K >= 2, or null for all whole numbers.</param>
/// <example><code>
/// var gray = new DiscretizedLogistic(Levels: 256).Fixed(location: tensor(new[] { 100.0 }), scale: tensor(new[] { 8.0 }));
/// var levels = arange(256, dtype: float64).unsqueeze(1);
/// var p = gray.LogProb(levels).exp();
/// Console.WriteLine($"{p.sum().ToDouble():F6}, the most likely level is {p.argmax().ToInt64()}");  // => 1.000000, the most likely level is 100
/// </code></example>
public sealed record DiscretizedLogistic(int? Levels = null) : Family
{
    private readonly double? middle, unit;

    /// <summary>K >= 2, or null for all whole numbers.</summary>
    public int? Levels { get; init; } = Levels is null or >= 2 ? Levels : throw new ArgumentOutOfRangeException(nameof(Levels), Levels, "Expected at least 2 levels, or null for all whole numbers.");

    /// <summary>The location at theta = 0, and the number that <see cref="Encode"/> writes as 0 where there are no levels.</summary>
    public double Middle { get => middle ?? (Levels is { } k ? (k - 1) / 2.0 : 0); init => middle = Number(value, positive: false); }

    /// <summary>The scale at theta = 0, > 0, in which the location is counted.</summary>
    public double Unit { get => unit ?? (Levels is { } k ? k / 4.0 : 1); init => unit = Number(value, positive: true); }

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <summary>Levels as numbers in [-1, 1], 2 x / (K - 1) - 1; whole numbers without levels as (x - Middle) / Unit.</summary>
    /// <inheritdoc/>
    public override Tensor Encode(Tensor x)
    {
        var k = IntegerInterval.Check(x, x, Lowest, Highest).K;
        k = k.masked_fill(k.isnan().logical_or(k.isinf()), 0);
        return Levels is { } levels ? k * (2.0 / (levels - 1)) - 1 : (k - Middle) / Unit;
    }

    private double Lowest => Levels is null ? double.NegativeInfinity : 0;

    private double Highest => Levels - 1 ?? double.PositiveInfinity;

    /// <summary>Independent discretized logistic elements.</summary>
    /// <param name="location">mu, in the data's own units, of the event's shape.</param>
    /// <param name="scale">s > 0, in the data's own units.</param>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public Factorized Fixed(Tensor location, Tensor scale)
    {
        return base.Fixed((Real(location).to(float64) - Middle) / Unit, Log(scale) - Math.Log(Unit));
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var (mu, logScale) = Parameters(theta);
        var (k, outside) = IntegerInterval.Check(x, theta, Lowest, Highest);
        var inverse = logScale.neg().exp();
        var below = nn.functional.logsigmoid((k + 0.5 - mu) * inverse);       // ln P(X <= k)
        var above = nn.functional.logsigmoid((mu - k + 0.5) * inverse);       // ln P(X >= k)
        var width = inverse.neg().expm1().neg().log();                        // ln(1 - e^(-1/s))
        if (Levels is not { } levels) return (below + above + width).masked_fill(outside, double.NegativeInfinity);

        var (first, last) = (k.eq(0), k.eq(levels - 1));
        return (below.masked_fill(last, 0) + above.masked_fill(first, 0) + width.masked_fill(first.logical_or(last), 0)).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta)
    {
        using var none = no_grad();
        var (mu, logScale) = Parameters(theta);
        var k = (mu + logScale.exp() * Noise.Logistic(mu)).round();
        return Levels is { } levels ? k.clamp(0, levels - 1) : k;
    }

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var (mu, logScale) = Parameters(theta);
        var end = (x.floor() + 0.5 - mu) * logScale.neg().exp();
        return LeastWhole.Between(x, Lowest, Highest, (nn.functional.logsigmoid(end), nn.functional.logsigmoid(-end)));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper)
    {
        // The logistic law's quantile, rounded up to the end of a cell; the whole numbers beside it where rounding has missed.
        using var none = no_grad();
        var (mu, logScale) = Parameters(theta);
        var k = (mu - 0.5 + logScale.exp() * (upper ? -p.logit() : p.logit())).ceil();
        if (Levels is not null) k = k.clamp(Lowest, Highest);
        return LeastWhole.Quantile(this, p, theta, upper, (k - 2).clamp_min(Lowest - 1), (k + 1).clamp_max(Highest));
    }

    // The mean and the standard deviation, pi s / sqrt(3), of the values. No deviation is set below that of a uniform cell, 1 / sqrt(12): a number that never varied in the data may do so later.
    internal override Tensor StartFor(Tensor values)
    {
        if (Levels is not null) throw new NotSupportedException($"A discretized logistic of {Levels} levels cannot start from data: the ends take the tails, and its mean is not its location.");
        var deviation = values.var(0, unbiased: false).sqrt().clamp_min(1 / (Math.Sqrt(12) * Unit));
        return stack([values.mean([0]), (deviation * (Math.Sqrt(3) / Math.PI)).log()], dim: 0);
    }

    internal override bool MovesWithValues(int parameter) => parameter == 0;

    private (Tensor Mu, Tensor LogScale) Parameters(Tensor theta) => (Middle, Unit) is (0, 1)
        ? (At(theta, 0), LogAt(theta, 1))
        : (At(theta, 0) * Unit + Middle, LogAt(theta, 1) + Math.Log(Unit));

    private static double Number(double value, bool positive, [CallerMemberName] string name = "") => double.IsFinite(value) && (value > 0 || !positive)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, positive ? "Expected a finite number > 0." : "Expected a finite number.");
}
