using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What no flow of perceptrons can avoid: the products of its weights, at a batch's size.</summary>
internal sealed class MatrixProducts
{
    private readonly (Tensor W, Tensor X, Tensor G)[] layers;

    /// <param name="flow">Whose weights.</param>
    /// <param name="rows">Of the batch.</param>
    /// <param name="device">Where.</param>
    public MatrixProducts(Flow flow, int rows, Device device) =>
        layers = [.. flow.parameters().Where(weight => weight.Dimensions == 2).Select(weight => (
            weight.detach(), randn(rows, weight.size(1), dtype: weight.dtype, device: device), randn(rows, weight.size(0), dtype: weight.dtype, device: device)))];

    /// <summary>x Wᵀ for each weight.</summary>
    public void Forward()
    {
        foreach (var (w, x, _) in layers)
        {
            using var scope = NewDisposeScope();
            x.mm(w.t());
        }
    }

    /// <summary>x Wᵀ, and the gradients gᵀ x and g W.</summary>
    public void Train()
    {
        foreach (var (w, x, g) in layers)
        {
            using var scope = NewDisposeScope();
            x.mm(w.t());
            g.t().mm(x);
            g.mm(w);
        }
    }
}
