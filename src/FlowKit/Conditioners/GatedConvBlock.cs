namespace FlowKit.Conditioners;

/// <summary>A gated convolution, then gated attention if wanted, each followed by a layer normalization.</summary>
internal sealed class GatedConvBlock : FlowModule
{
    private readonly GatedConv conv;
    private readonly ChannelNorm norm;
    private readonly GatedAttention? attention;
    private readonly ChannelNorm? attentionNorm;

    /// <param name="width">Channels of h.</param>
    /// <param name="attention">The second layer; null for none.</param>
    /// <param name="context">Channels of the context, 0 for none.</param>
    /// <param name="dropout">The share that is dropped in training.</param>
    public GatedConvBlock(long width, GatedAttention? attention, long context, double dropout) : base(nameof(GatedConvBlock))
    {
        conv = new GatedConv(width, kernel: 1, context, dropout);
        norm = new ChannelNorm(width);
        if (attention is not null) (this.attention, attentionNorm) = (attention, new ChannelNorm(width));
        RegisterComponents();
    }

    /// <param name="h">(B, H, W, C).</param>
    /// <param name="context">As <see cref="GatedConv.Forward"/> takes it.</param>
    /// <param name="places">As <see cref="GatedAttention.Forward"/> takes them.</param>
    public Tensor Forward(Tensor h, Tensor? context, Tensor? places)
    {
        h = norm.Forward(conv.Forward(h, context));
        return attention is null ? h : attentionNorm!.Forward(attention.Forward(h, places));
    }
}
