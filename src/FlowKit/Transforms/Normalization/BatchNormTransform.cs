using FlowKit.Training;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z = exp(g) (x - m) / sqrt(v + eps) + b: m and v are those of the batch in training, and frozen running averages at evaluation; g and b are learned.</summary>
/// <remarks>
/// <para>log|det dz/dx| = H W sum of g - ln(v + eps)/2, per feature, or per channel of an image. Dinh et al. 2017, arXiv:1605.08803, section 3.7, with g and b as in
/// Papamakarios et al. 2017, arXiv:1705.07057, section 3.4.</para>
/// <para>In training, gradients flow through m and v, and the log-likelihood of a point depends on its batch: judge a model at evaluation.
/// The variance is the biased one both in the batch and in its running average. A batch with values that are not finite leaves the averages of their features alone.</para>
/// <para>With moving averages, training normalizes by the averages themselves, once the batch has entered them: m = (1 - w) m' + w m_B and v = (1 - w) v' + w v_B, where m' and v' are the
/// averages before this batch, m_B and v_B its own mean and variance, and w the momentum. Gradients flow through m_B and v_B only. The statistics of a small batch then move m and v only
/// a little, and what training normalizes by is what evaluation will. Dinh et al. 2017, appendix E, eqs. 20 and 21, whose momentum is 1 - w.</para>
/// <para>Inverse always uses the running averages, in training too: a draw has no batch of data to take them from. It undoes Forward at evaluation, and with moving averages in training as well.</para>
/// <para>Shapes: x is (B, D) or (B, D, ...). A training batch needs two values a feature.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var norm = new BatchNormTransform(2, momentum: 1);
/// var x = 5 + 2 * randn(100, 2);
/// norm.train();
/// Console.WriteLine($"{norm.Forward(x).Z.std().ToDouble():F1}");     // => 1.0
/// norm.eval();                                                            // the averages are frozen
/// Console.WriteLine(norm.Inverse(norm.Forward(x).Z).X.allclose(x));  // => True
///
/// // Two values are a poor sample; moving averages hardly follow them.
/// var (alone, moving) = (new BatchNormTransform(2), new BatchNormTransform(2, movingAverages: true));
/// foreach (var layer in new[] { alone, moving }) layer.train();
/// var pair = tensor(new[,] { { 0.9f, 1 }, { 1.1f, 1.02f } });
/// Console.WriteLine($"{alone.Forward(pair).Z.abs().max().ToDouble():F1}, {moving.Forward(pair).Z.abs().max().ToDouble():F1}");  // => 1.0, 1.1
/// </code></example>
public sealed class BatchNormTransform : Transform
{
    private readonly Parameter logScale;
    private readonly Parameter shift;
    private readonly Tensor runningMean;
    private readonly Tensor runningVariance;
    private readonly double momentum;
    private readonly double epsilon;
    private readonly bool movingAverages;

    /// <summary>Batch normalization of D features or channels.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="momentum">Weight of a new batch in the running averages, in (0, 1].</param>
    /// <param name="epsilon">Added to the variance, > 0.</param>
    /// <param name="movingAverages">Whether training, too, normalizes by the running averages; otherwise it normalizes by the batch alone.</param>
    public BatchNormTransform(long features, double momentum = 0.1, double epsilon = 1e-5, bool movingAverages = false) : base(nameof(BatchNormTransform))
    {
        Guard.Size(features, least: 1);
        if (!(momentum is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Expected 0 < momentum <= 1.");
        if (!(epsilon > 0 && double.IsFinite(epsilon))) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite epsilon > 0.");
        (this.momentum, this.epsilon, this.movingAverages) = (momentum, epsilon, movingAverages);
        logScale = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        shift = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        runningMean = zeros(features, dtype: get_default_dtype(), device: CPU);
        runningVariance = ones(features, dtype: get_default_dtype(), device: CPU);
        RegisterComponents();
    }

    /// <summary>Sets m and v of every batch normalization of a flow to those of whole data, as the layers before pass them on. Call it after training: the density of x then depends on no batch,
    /// and on no average that has not caught up with the weights (Papamakarios et al. 2017, arXiv:1705.07057, appendix B).</summary>
    /// <param name="flow">Whose transform is such a layer or a <see cref="Chain"/> with some; others hold nothing to set. It ends in evaluation mode.</param>
    /// <param name="data">The training data, with their context if the flow takes one.</param>
    /// <exception cref="NotSupportedException">A batch normalization lies inside another transform than a chain.</exception>
    public static void UseStatisticsOf(Flow flow, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(data);
        data.Check(nameof(data));
        Guard.Batch(data.X, flow.EventShape, nameof(data));
        Guard.Context(data.Context, flow.ContextShape, data.Count, flow.GetName());
        if (flow.modules().OfType<BatchNormTransform>().Except(Flat(flow.Transform).OfType<BatchNormTransform>()).Any())
            throw new NotSupportedException($"A batch normalization of {flow.GetName()} is not a layer of its chain: its data are not known here.");

        flow.eval();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = data.X.is_floating_point() ? data.X : data.X.to(flow.parameters().First().dtype);
        foreach (var layer in Flat(flow.Transform))
        {
            if (layer is BatchNormTransform norm)
            {
                var (mean, variance) = Channels.Moments(x);
                norm.runningMean.copy_(mean);
                norm.runningVariance.copy_(variance);
            }
            x = cat([.. Enumerable.Range(0, (int)((x.size(0) + Rows - 1) / Rows)).Select(part =>
            {
                long first = part * Rows, count = Math.Min(Rows, x.size(0) - first);
                using var one = NewDisposeScope();
                return one.MoveToOuter(layer.Forward(x.narrow(0, first, count), ContextOf(layer, data.Context?.narrow(0, first, count))).Z);
            })], dim: 0);
        }
    }

    private const long Rows = 4096;           // taken through a layer together

    private static IEnumerable<Transform> Flat(Transform transform) => transform is Chain chain ? chain.SelectMany(Flat) : [transform];

    /// <inheritdoc/>
    public override Shape DataShape => Shape.Leading(logScale.size(0));

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (mean, variance) = training ? TrainingMoments(x) : (runningMean, runningVariance);
        var logSlope = LogSlope(variance);
        return ((x - Channels.Along(mean, x)) * Channels.Along(logSlope.exp(), x) + Channels.Along(shift, x), Volume(logSlope, x));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var logSlope = LogSlope(runningVariance).neg();
        return ((z - Channels.Along(shift, z)) * Channels.Along(logSlope.exp(), z) + Channels.Along(runningMean, z), Volume(logSlope, z));
    }

    private Tensor LogSlope(Tensor variance) => logScale - (variance + epsilon).log() / 2;

    private static Tensor Volume(Tensor logSlope, Tensor x) => (logSlope.sum() * Channels.Positions(x)).expand(x.size(0));

    private (Tensor Mean, Tensor Variance) TrainingMoments(Tensor x)
    {
        if (x.size(0) * Channels.Positions(x) < 2)
            throw new ArgumentException($"x has shape {Guard.Describe(x)}; batch statistics in training need at least two values a feature.", nameof(x));

        var (mean, variance) = Channels.Moments(x);
        // Products, unlike lerp, keep nothing of the averages for the backward pass: they change in place below.
        var averages = (Mean: runningMean * (1 - momentum) + mean * momentum, Variance: runningVariance * (1 - momentum) + variance * momentum);
        using (no_grad())
        {
            // A batch with a value that is not finite would leave its mark for ever.
            var usable = (mean + variance).isfinite();
            runningMean.copy_(where(usable, averages.Mean, runningMean));
            runningVariance.copy_(where(usable, averages.Variance, runningVariance));
        }
        return movingAverages ? averages : (mean, variance);
    }
}
