namespace FlowKit.Distributions;

/// <summary>Independent logistic coordinates, location 0 and scale 1: log p(x) = sum of -softplus(x) - softplus(-x). NICE's prior (Dinh et al. 2015, arXiv:1410.8516, section 3.4).</summary>
/// <example><code>
/// // NICE's prior in place of the normal.
/// manual_seed(0);
/// var prior = new StandardLogistic(2);
/// Console.WriteLine(prior.Entropy);                            // => 4
/// var flow = new Flow(new DiagonalScaling(2), prior);
/// Console.WriteLine(flow.LogProb(zeros(1, 2)).exp().npstr());  // => [0.0625]
/// </code></example>
public sealed class StandardLogistic : Distribution
{
    /// <summary>Logistic(0, 1) on events of that shape.</summary>
    public StandardLogistic(params long[] eventShape) : base(nameof(StandardLogistic), eventShape) => RegisterComponents();

    /// <summary>Differential entropy, 2 D, nats.</summary>
    public double Entropy => 2.0 * Dimensions;

    /// <inheritdoc/>
    public override bool IsLocationScale => true;

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => zeros(BatchOf(1), dtype: Dtype, device: Device);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => SumEvent(nn.functional.logsigmoid(x) + nn.functional.logsigmoid(-x));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Noise.Logistic(empty(BatchOf(count), dtype: Dtype, device: Device));
}
