using System.Runtime.CompilerServices;

namespace FlowKit.Distributions;

/// <summary>Mean and covariance of data, in float64 and a few thousand rows at a time: the data themselves are never held in float64 at once.</summary>
internal static class SecondMoments
{
    private const long Block = 4096;

    /// <summary>The mean, (D), and the covariance with divisor N, (D, D), of (N, D).</summary>
    public static (Tensor Mean, Tensor Covariance) Of(Tensor data)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var mean = Mean(data);
        var covariance = zeros(data.size(1), data.size(1), dtype: float64, device: data.device);
        for (long start = 0; start < data.size(0); start += Block)
        {
            using var block = NewDisposeScope();
            var centered = data.narrow(0, start, Math.Min(Block, data.size(0) - start)).to(float64) - mean;
            covariance.addmm_(centered.t(), centered);
        }
        return scope.MoveToOuter(mean, covariance.div_(data.size(0)));
    }

    /// <summary>Refuses what has no mean and covariance, and features without spread.</summary>
    /// <exception cref="ArgumentException">The data are no table of finite numbers, or a feature is constant; the message says which.</exception>
    public static void Check(Tensor data, [CallerArgumentExpression(nameof(data))] string name = "")
    {
        Guard.Number(data, name);
        if (data.Dimensions != 2 || data.numel() == 0) throw new ArgumentException($"{name} has shape {Guard.Describe(data)}; expected (N, D) with at least one row.", name);
        Guard.Finite(data, name);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var constant = data.amax([0]).eq(data.amin([0]));
        if (data.size(0) > 1 && constant.any().ToBoolean())
            throw new ArgumentException($"{name} is constant in features {string.Join(", ", constant.nonzero().flatten().data<long>().ToArray())}: a column without spread has no density. Leave it out.", name);
    }

    /// <summary>The mean over the first dimension, (...), of (N, ...).</summary>
    public static Tensor Mean(Tensor data)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sum = zeros(data.shape[1..], dtype: float64, device: data.device);
        for (long start = 0; start < data.size(0); start += Block)
        {
            using var block = NewDisposeScope();
            sum.add_(data.narrow(0, start, Math.Min(Block, data.size(0) - start)).to(float64).sum(dim: 0));
        }
        return scope.MoveToOuter(sum.div_(data.size(0)));
    }
}
