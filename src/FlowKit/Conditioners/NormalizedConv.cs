using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A convolution without bias, then an activation normalization: s (W * x) + b with one s and b a channel, which the first training batch sets; H and W stay.</summary>
/// <remarks>Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, section 5 and its code: filters start as N(0, 0.05²). Once s is known it multiplies the filters, which are smaller than the image.</remarks>
internal sealed class NormalizedConv : FlowModule
{
    private const double Deviation = 0.05;

    private readonly Parameter weight;
    private readonly ActNorm norm;
    private readonly long[] padding;

    /// <param name="inputs">Channels read.</param>
    /// <param name="outputs">Channels given.</param>
    /// <param name="kernel">Side of the filter, odd.</param>
    public NormalizedConv(long inputs, long outputs, long kernel) : base(nameof(NormalizedConv))
    {
        weight = new Parameter(randn([outputs, inputs, kernel, kernel], dtype: get_default_dtype(), device: CPU) * Deviation);
        norm = new ActNorm(outputs);
        padding = [kernel / 2, kernel / 2];
        RegisterComponents();
    }

    public Tensor Forward(Tensor x)
    {
        if (norm.AwaitsBatch && DataStart.IsAllowed)
        {
            using var none = no_grad();                                       // with gradients, the first step would keep twice as much as the others
            norm.Forward(nn.functional.conv2d(x, weight, padding: padding));
        }
        var (scale, shift) = norm.ScaleAndShift;
        return nn.functional.conv2d(x, weight * scale.reshape(-1, 1, 1, 1), shift, padding: padding);
    }
}
