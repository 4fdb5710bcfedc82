using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>D positions with K classes each, every one given those before it: P(x) = product of softmax(b_d + sum over e &lt; d of W_{d,e,x_e})_{x_d}. Tables learned.</summary>
/// <remarks>
/// The logits are linear in the one-hot codes of the earlier positions, so that two positions can have any joint law and more have all pairwise influences.
/// For few positions and classes: W holds (D K)² numbers. Data may be of any dtype, -inf off 0..K-1; draws take D passes and carry no gradient.
/// It starts uniform. Shapes: x is (B, D).
/// </remarks>
public sealed class AutoregressiveCategorical : Distribution
{
    private readonly long positions;
    private readonly int classes;
    private readonly Parameter bias;          // (D K)
    private readonly Parameter? influence;    // (D K, D K), of which the blocks below the diagonal are read; null where D = 1

    /// <summary>A uniform law to be learned.</summary>
    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    public AutoregressiveCategorical(long positions, int classes) : base(nameof(AutoregressiveCategorical), Guard.Size(positions, least: 1))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        (this.positions, this.classes) = (positions, classes);
        long size = positions * classes;
        bias = new Parameter(zeros(size, dtype: get_default_dtype(), device: CPU));
        if (positions > 1)
        {
            influence = new Parameter(zeros(size, size, dtype: get_default_dtype(), device: CPU));
            using var scope = NewDisposeScope();
            var block = arange(size, dtype: int64, device: CPU).div(classes, RoundingMode.floor);
            SetConstant("earlier", block.unsqueeze(1).gt(block));             // (D K, D K)
        }
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var (k, outside) = IntegerInterval.Check(x, bias, 0, classes - 1);
        var missing = k.isnan();
        var index = k.masked_fill(missing, 0).to(int64);                      // (B, D)
        var logits = influence is null ? bias : OneHot(index).flatten(1).matmul(influence.masked_fill(GetConstant("earlier").logical_not(), 0).transpose(0, 1)) + bias;
        var logP = logits.reshape(-1, positions, classes).expand(x.size(0), positions, classes).log_softmax(2).gather(2, index.unsqueeze(2)).squeeze(2);
        return logP.sum(1).masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(missing.any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        using var none = no_grad();
        var codes = zeros([count, positions * classes], dtype: Dtype, device: Device);
        var draws = new Tensor[positions];
        for (long d = 0; d < positions; d++)
        {
            long known = d * classes;
            var logits = bias.narrow(0, known, classes).expand(count, classes);
            if (d > 0) logits = logits + codes.narrow(1, 0, known).matmul(influence!.narrow(0, known, classes).narrow(1, 0, known).transpose(0, 1));
            draws[d] = (logits + Noise.Gumbel(logits)).argmax(1);
            codes.narrow(1, known, classes).copy_(OneHot(draws[d]));
        }
        return stack(draws, dim: 1).to(Dtype);
    }

    private Tensor OneHot(Tensor index) => nn.functional.one_hot(index, classes).to(Dtype);
}
