using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A convolution, or for a kernel of 1 a linear layer at every position, of pictures whose channels come last: (B, H, W, Inputs) to (B, H, W, Outputs). The first training batch sets it so that
/// each output has mean 0 and a given standard deviation.</summary>
/// <remarks>
/// <para>Salimans, Kingma 2016, Weight normalization, arXiv:1602.07868, section 3: the data-dependent start, here of plain weights, as in the published code of Flow++ (Ho et al. 2019, arXiv:1902.00275).</para>
/// <para>Only a Forward in training mode sets it, once; that it happened is saved and loaded with the weights. Until then the weights are N(0, 0.05²), the biases 0. An output that does not vary in that
/// batch counts as one of standard deviation 1; a batch with values that are not finite is passed over.</para>
/// </remarks>
internal sealed class DataStartConv : FlowModule
{
    private const double InitialDeviation = 0.05;
    private const double LeastVariance = 1e-8;                                // what the code adds: weights grow at most by 10^4

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Tensor initialized;
    private readonly long kernel;
    private readonly double deviation;

    /// <param name="inputs">Channels read.</param>
    /// <param name="outputs">Channels given.</param>
    /// <param name="kernel">Side of the filter, odd.</param>
    /// <param name="deviation">Standard deviation of each output in the first training batch.</param>
    public DataStartConv(long inputs, long outputs, long kernel, double deviation = 1) : base(nameof(DataStartConv))
    {
        (this.kernel, this.deviation) = (kernel, deviation);
        long[] shape = kernel == 1 ? [outputs, inputs] : [outputs, inputs, kernel, kernel];
        weight = new Parameter(randn(shape, dtype: get_default_dtype(), device: CPU).mul_(InitialDeviation));
        bias = new Parameter(zeros(outputs, dtype: get_default_dtype(), device: CPU));
        initialized = zeros(1, dtype: @bool, device: CPU);
        RegisterComponents();
    }

    /// <summary>Whether a batch has set it.</summary>
    public bool IsInitialized => initialized.ToBoolean();

    /// <summary>Whether the next Forward is the one that sets it.</summary>
    public bool AwaitsBatch => training && DataStart.IsAllowed && !IsInitialized;

    public Tensor Forward(Tensor x)
    {
        if (AwaitsBatch) Initialize(x);
        return Convolve(x, bias);
    }

    private Tensor Convolve(Tensor x, Tensor? shift) => kernel == 1
        ? nn.functional.linear(x, weight, shift)
        : nn.functional.conv2d(x.permute(0, 3, 1, 2), weight, shift, padding: [kernel / 2, kernel / 2]).permute(0, 2, 3, 1);

    private void Initialize(Tensor x)
    {
        if (x.numel() == 0) return;
        using var none = no_grad();
        var (mean, variance) = Channels.Moments(Convolve(x, null).flatten(0, 2));
        if (!variance.isfinite().all().ToBoolean()) return;

        var varies = variance.gt(mean.square() * (x.dtype == float64 ? 1e-28 : 1e-12));
        var scale = (variance + LeastVariance).masked_fill(varies.logical_not(), 1).rsqrt() * deviation;
        weight.mul_(scale.reshape([-1, .. Enumerable.Repeat(1L, (int)weight.Dimensions - 1)]));
        bias.copy_(mean.neg() * scale);
        initialized.fill_(true);
    }
}
