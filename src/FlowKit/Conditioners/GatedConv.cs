namespace FlowKit.Conditioners;

/// <summary>h + a sigmoid(g) with (a, g) from two convolutions of concat-ELU, between which a context may enter.</summary>
internal sealed class GatedConv : GatedLayer
{
    private readonly DataStartConv inner;
    private readonly DataStartConv outer;
    private readonly DataStartConv? beside;

    /// <param name="width">Channels of h.</param>
    /// <param name="kernel">Side of the second filter; that of the first is 3.</param>
    /// <param name="context">Channels of the context, 0 for none.</param>
    /// <param name="dropout">The share that is dropped in training.</param>
    public GatedConv(long width, long kernel, long context, double dropout) : base(nameof(GatedConv), dropout)
    {
        inner = new DataStartConv(2 * width, width, kernel: 3);
        outer = new DataStartConv(2 * width, 2 * width, kernel, StartDeviation);
        if (context > 0) beside = new DataStartConv(2 * context, width, kernel: 1);
        RegisterComponents();
    }

    /// <param name="h">(B, H, W, C).</param>
    /// <param name="context">The concat-ELU of the context, (B, H, W, 2 K); null for none.</param>
    public Tensor Forward(Tensor h, Tensor? context)
    {
        var inside = inner.Forward(ConcatElu(h));
        if (beside is not null) inside = inside + beside.Forward(context!);
        inside = ConcatElu(inside);
        return h + Gate(outer.Forward(outer.AwaitsBatch ? inside : Drop(inside)));
    }
}
