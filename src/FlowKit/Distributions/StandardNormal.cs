namespace FlowKit.Distributions;

/// <summary>N(0, I): log p(x) = -|x|²/2 - D/2 ln(2 pi).</summary>
/// <example><code>
/// manual_seed(0);
/// var law = new StandardNormal(1, 8, 8);              // images
/// Console.WriteLine(law.Sample(16));                                                        // => [16x1x8x8], type = Float32, device = cpu
/// Console.WriteLine($"{law.Entropy:F4}, {-law.LogProb(zeros(1, 1, 8, 8)).ToDouble():F4}");  // => 90.8121, 58.8121
/// </code></example>
public sealed class StandardNormal : Distribution
{
    /// <summary>N(0, I) on events of that shape.</summary>
    public StandardNormal(params long[] eventShape) : base(nameof(StandardNormal), eventShape) => RegisterComponents();

    /// <summary>Differential entropy, D/2 ln(2 pi e), nats.</summary>
    public double Entropy => Dimensions / 2.0 * Math.Log(2 * Math.PI * Math.E);

    /// <inheritdoc/>
    public override bool IsLocationScale => true;

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => zeros(BatchOf(1), dtype: Dtype, device: Device);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => SumEvent(x.square()) * -0.5 - Dimensions / 2.0 * Math.Log(2 * Math.PI);

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => randn(BatchOf(count), dtype: Dtype, device: Device);
}
