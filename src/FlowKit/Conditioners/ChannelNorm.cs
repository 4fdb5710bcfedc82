using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Layer normalization over the channels of each position of (B, H, W, C): mean 0 and variance 1, then a learned gain and bias a channel.</summary>
internal sealed class ChannelNorm : FlowModule
{
    private readonly Parameter gain;
    private readonly Parameter bias;

    public ChannelNorm(long channels) : base(nameof(ChannelNorm))
    {
        gain = new Parameter(ones(channels, dtype: get_default_dtype(), device: CPU));
        bias = new Parameter(zeros(channels, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [gain.size(0)], gain, bias);
}
