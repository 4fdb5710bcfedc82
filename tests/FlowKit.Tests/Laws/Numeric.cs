namespace FlowKit.Tests.Laws;

/// <summary>What the laws measure with.</summary>
internal static class Numeric
{
    /// <summary>Largest |a - b|; NaN if any is, infinity if the shapes differ.</summary>
    public static double Distance(Tensor a, Tensor b) =>
        !a.shape.SequenceEqual(b.shape) ? double.PositiveInfinity : a.numel() == 0 ? 0 : (a.to(float64) - b.to(float64)).abs().max().ToDouble();

    /// <summary>ln|det| of the autograd Jacobian of a map whose rows do not depend on each other, (B).</summary>
    public static Tensor LogAbsDetJacobian(Func<Tensor, Tensor> f, Tensor at)
    {
        var x = at.detach().clone().requires_grad_();
        var z = f(x).flatten(1);                                              // (B, D)
        var rows = new List<Tensor>();
        for (long i = 0; i < z.size(1); i++)
        {
            var row = autograd.grad([z.select(1, i).sum()], [x], retain_graph: true, allow_unused: true)[0];
            rows.Add((row.IsInvalid ? zeros_like(x) : row).flatten(1));
        }
        return linalg.slogdet(stack(rows, dim: 1)).Item2;
    }

    /// <summary>Tensors alive on this thread.</summary>
    public static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
