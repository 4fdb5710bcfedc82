namespace FlowKit.Distributions;

/// <summary>The uniform law on a closed box: p(x) = 1 / volume for low &lt;= x &lt;= high in every element, else 0.</summary>
/// <example><code>
/// var box = new Uniform(low: tensor(new[] { 0.0, -1 }), high: tensor(new[] { 2.0, 1 }));
/// Console.WriteLine(box.LogProb(tensor(new[,] { { 1.0, 0 }, { 3.0, 0 } })).exp().npstr());  // => [0.25, 0]
/// Console.WriteLine($"{box.Entropy:F4}");                                                   // => 1.3863
/// </code></example>
public sealed class Uniform : Distribution
{
    /// <summary>Uniform on [low, high].</summary>
    /// <param name="low">Lower ends, of the event's shape.</param>
    /// <param name="high">Upper ends, high > low, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or an interval is empty or not finite.</exception>
    public Uniform(Tensor low, Tensor high) : base(nameof(Uniform), Box(low, high))
    {
        using var scope = NewDisposeScope();
        SetConstant(nameof(low), low.detach().to(float64).cpu().clone());
        SetConstant(nameof(high), high.detach().to(float64).cpu().clone());
        Entropy = (high.to(float64) - low.to(float64)).log().sum().ToDouble();
        RegisterComponents();
    }

    /// <summary>Uniform on D circles: angles in [0, 2 pi].</summary>
    public static Uniform Angles(long angles)
    {
        Guard.Size(angles, least: 1);
        using var scope = NewDisposeScope();
        var low = zeros(angles, dtype: float64, device: CPU);
        return new(low, full_like(low, 2 * Math.PI));
    }

    /// <summary>Differential entropy: the logarithm of the volume, nats.</summary>
    public double Entropy { get; }

    internal Tensor Low => GetConstant("low").to(Dtype);

    internal Tensor High => GetConstant("high").to(Dtype);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var outside = x.lt(Low).logical_or(x.gt(High));
        var nothing = x.masked_fill(outside, 0) * 0;                          // 0, and NaN where x is
        return SumEvent((nothing - (High - Low).log()).masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        minimum(Low + (High - Low) * rand(BatchOf(count), dtype: Dtype, device: Device), High);

    private static Shape Box(Tensor low, Tensor high)
    {
        Guard.Number(low);
        Guard.Number(high);
        if (low.Dimensions == 0 || !low.shape.SequenceEqual(high.shape))
            throw new ArgumentException($"low has shape {Guard.Describe(low)}, high {Guard.Describe(high)}; expected both of the event's shape, as (D,).", nameof(high));
        using var scope = NewDisposeScope();
        return low.isfinite().logical_and(high.isfinite()).logical_and(low.lt(high)).all().ToBoolean()
            ? low.shape
            : throw new ArgumentException("Expected finite low < high in every element.", nameof(high));
    }
}
