using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Benchmarks;

/// <summary>The matrix products a flow of perceptrons cannot do without, alone: what a step would take if everything else were free.</summary>
/// <remarks>Of a masked layer only the blocks that hold connections count.</remarks>
internal sealed class Products
{
    private readonly (Tensor X, Tensor Weight, Tensor Gradient)[] all;

    public Products(Flow flow, long batch)
    {
        var shapes = flow.modules().SelectMany(module => module switch
        {
            Linear linear => [(linear.weight.size(1), linear.weight.size(0))],
            MaskedLinear masked => MaskBlock.Of(masked.Mask(0)).Select(block => (block.Columns, block.Rows)),
            _ => Enumerable.Empty<(long, long)>(),
        });
        all = [.. shapes.Select(shape => (Normal(batch, shape.Item1), Normal(shape.Item2, shape.Item1), Normal(batch, shape.Item2)))];

        static Tensor Normal(long rows, long columns) => randn(rows, columns, dtype: float32, device: CPU);
    }

    /// <summary>x Wᵀ.</summary>
    public void Forward()
    {
        foreach (var (x, weight, _) in all) x.mm(weight.t());
    }

    /// <summary>The gradients of x and of W.</summary>
    public void Backward()
    {
        foreach (var (x, weight, gradient) in all)
        {
            gradient.mm(weight);
            gradient.t().mm(x);
        }
    }
}
