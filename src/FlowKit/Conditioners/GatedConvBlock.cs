namespace FlowKit.Conditioners;

/// <summary>norm(h + a sigmoid(g)) with (a, g) from two convolutions of concat-ELU; then the same with (a, g) from attention.</summary>
internal sealed class GatedConvBlock : FlowModule
{
    private readonly WeightNormConv inner;
    private readonly WeightNormConv outer;
    private readonly ChannelNorm norm;
    private readonly SelfAttention? attention;
    private readonly ChannelNorm? attentionNorm;

    public GatedConvBlock(long width, int heads) : base(nameof(GatedConvBlock))
    {
        inner = new WeightNormConv(2 * width, width, kernel: 3);
        outer = new WeightNormConv(2 * width, 2 * width, kernel: 1);
        norm = new ChannelNorm(width);
        if (heads > 0) (attention, attentionNorm) = (new SelfAttention(width, 2 * width, width, heads), new ChannelNorm(width));
        RegisterComponents();
    }

    public Tensor Forward(Tensor h)
    {
        h = norm.Forward(h + Gate(outer.Forward(ConcatElu(inner.Forward(ConcatElu(h))))));
        return attention is null ? h : attentionNorm!.Forward(h + Gate(attention.Forward(h, context: null)));
    }

    private static Tensor Gate(Tensor both)
    {
        long half = both.size(1) / 2;
        return both.narrow(1, 0, half) * both.narrow(1, half, half).sigmoid();
    }

    // Twice the channels: the sign a plain ELU would lose stays.
    private static Tensor ConcatElu(Tensor h) => cat([h, h.neg()], dim: 1).elu();
}
