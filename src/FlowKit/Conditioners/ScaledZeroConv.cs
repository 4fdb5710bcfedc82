using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A 3x3 convolution that starts at zero, with a learned factor e^{3 l} a channel: e^{3 l} (W * x + b). H and W stay.</summary>
/// <remarks>Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, sections 3.3 and its code, where it ends each coupling's network and gives each split's prior. The 3 lets l move the scale faster than a rate for weights would.</remarks>
internal sealed class ScaledZeroConv : ImageConditioner
{
    private const double Gain = 3;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Parameter logScale;

    public ScaledZeroConv(long inputs, long outputs) : base(nameof(ScaledZeroConv), inputs, outputs, contextShape: null)
    {
        weight = new Parameter(zeros([outputs, inputs, 3, 3], dtype: get_default_dtype(), device: CPU));
        bias = new Parameter(zeros(outputs, dtype: get_default_dtype(), device: CPU));
        logScale = new Parameter(zeros(outputs, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        var scale = (logScale * Gain).exp();
        return nn.functional.conv2d(image, weight * scale.reshape(-1, 1, 1, 1), bias * scale, padding: [1, 1]);
    }
}
