namespace FlowKit.Distributions;

/// <summary>A distribution of location and scale at another temperature: x = center + T (z - center), z from the inner one; log p(x) = log p_z(z) - D ln T.</summary>
/// <remarks>For a normal law sigma becomes T sigma, which is p^(1/T²) normalized. Below 1, draws of a flow lie nearer to its modes (Parmar et al. 2018, arXiv:1802.05751;
/// Kingma, Dhariwal 2018, arXiv:1807.03039): see <see cref="Flow.AtTemperature"/>.</remarks>
/// <example><code>
/// manual_seed(0);
/// var cool = new Tempered(new StandardNormal(2), temperature: 0.5);
/// Console.WriteLine(cool.Sample(10_000).std().ToDouble() &lt; 0.52);  // => True
/// Console.WriteLine(cool.LogProb(zeros(1, 2)).exp().npstr());      // => [0.63662]
/// </code></example>
public sealed class Tempered : Distribution
{
    private readonly Distribution inner;

    /// <summary>The distribution at temperature T.</summary>
    /// <param name="inner">A standard, multivariate or factorized law of location and scale, or a joint of such.</param>
    /// <param name="temperature">T > 0.</param>
    /// <exception cref="ArgumentException">The inner distribution has no location and scale.</exception>
    public Tempered(Distribution inner, double temperature) : base(nameof(Tempered), inner?.EventShape ?? throw new ArgumentNullException(nameof(inner)))
    {
        if (!(temperature > 0) || !double.IsFinite(temperature)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "Expected a finite temperature > 0.");
        if (!inner.IsLocationScale)
            throw new ArgumentException($"{inner.GetName()} has no location and scale: only normal, logistic and Student t laws, and joints of them, have a temperature.", nameof(inner));
        this.inner = inner;
        Temperature = temperature;
        RegisterComponents();
    }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <inheritdoc/>
    public override bool IsReparameterized => inner.IsReparameterized;

    /// <inheritdoc/>
    public override Shape? ContextShape => inner.ContextShape;

    /// <inheritdoc/>
    public override bool IsLocationScale => true;

    private double LogVolume => Dimensions * Math.Log(Temperature);

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => inner.Center(rows, context);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var center = Center(x.size(0), context);
        return inner.LogProb(center + (x - center) / Temperature, context) - LogVolume;
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Spread(inner.Sample(count, context), context);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var (z, logProb) = inner.SampleWithLogProb(count, context);
        return (Spread(z, context), logProb - LogVolume);
    }

    private Tensor Spread(Tensor z, Tensor? context)
    {
        var center = Center(z.size(0), context);
        return center + (z - center) * Temperature;
    }
}
