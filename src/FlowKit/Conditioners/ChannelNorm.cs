using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Layer normalization over the channels of each position: mean 0 and variance 1, then a learned gain and bias a channel.</summary>
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

    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x.permute(0, 2, 3, 1), [gain.size(0)], gain, bias).permute(0, 3, 1, 2);
}
