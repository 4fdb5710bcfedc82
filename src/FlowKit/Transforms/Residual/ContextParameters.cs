using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>The P parameters of a layer, learned, plus what a network reads for them in the context: own + h(c), with h = 0 at the start.</summary>
internal sealed class ContextParameters : FlowModule
{
    private readonly Parameter own;
    private readonly Mlp? network;

    /// <param name="start">The values to start from, (P).</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="hidden">Hidden widths of h; none makes it linear.</param>
    public ContextParameters(Tensor start, Shape? contextShape, IReadOnlyList<long>? hidden) : base(nameof(ContextParameters))
    {
        if (contextShape is not null) network = new Mlp(0, start.size(0), hidden ?? [], contextShape);
        own = new Parameter(start);                                          // takes the tensor's memory over
        RegisterComponents();
    }

    public override Shape? ContextShape => network?.ContextShape;

    /// <summary>(1, P), or (B, P) with a context.</summary>
    public Tensor Read(Tensor? context)
    {
        var all = own.unsqueeze(0);
        return network is null ? all : all + network.Forward(context!.new_zeros([context.size(0), 0]), context).clamp(-1e9, 1e9);   // their squares are finite in float32
    }

    /// <summary>The same, cut into pieces of those sizes.</summary>
    public Tensor[] Read(Tensor? context, params ReadOnlySpan<long> sizes) => Read(context).split(sizes, dim: 1);
}
