namespace FlowKit.Conditioners;

/// <summary>h + a sigmoid(g) with (a, g) from self-attention among the positions; or, without heads, from a pointwise network of as many parameters: the largest of three linear functions.</summary>
/// <remarks>Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.2; the pointwise network is that of its ablation, as published in its code.</remarks>
internal sealed class GatedAttention : GatedLayer
{
    private readonly DataStartConv project;
    private readonly DataStartConv last;
    private readonly int heads;

    /// <param name="width">Channels of h.</param>
    /// <param name="heads">A divisor of the width; 0 for the pointwise network.</param>
    /// <param name="dropout">The share that is dropped in training.</param>
    public GatedAttention(long width, int heads, double dropout) : base(nameof(GatedAttention), dropout)
    {
        this.heads = heads;
        project = new DataStartConv(width, 3 * width, kernel: 1);
        last = new DataStartConv(width, 2 * width, kernel: 1, StartDeviation);
        RegisterComponents();
    }

    /// <param name="h">(B, H, W, C).</param>
    /// <param name="places">What is added to h to tell where a position is, (H, W, C); null for nothing.</param>
    public Tensor Forward(Tensor h, Tensor? places)
    {
        var all = project.Forward(places is null ? h : h + places);          // (B, H, W, 3 C)
        var read = heads > 0
            ? SelfAttention.Among(all.flatten(1, 2), heads).reshape(h.shape)
            : all.unflatten(3, [h.size(3), 3]).amax([4]);
        return h + Gate(last.Forward(last.AwaitsBatch ? read : Drop(read)));
    }
}
