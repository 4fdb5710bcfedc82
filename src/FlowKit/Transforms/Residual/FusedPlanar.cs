using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowKit.Transforms;

/// <summary>Planar layers one after the other, forward and backward, as one autograd operation on the CPU: a small flow spends its time on bookkeeping, not on arithmetic.</summary>
/// <remarks>Shapes: x (B, D), and for each layer theta = (u, w, b), one for all rows, (1, 2 D + 1), or one for each, (B, 2 D + 1). A gradient that is to be differentiated again is taken through ordinary operations.</remarks>
internal sealed class FusedPlanar : autograd.MultiTensorFunction<FusedPlanar>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedPlanar);

    /// <summary>Whether this data can be looped over.</summary>
    public static bool Takes(Tensor x, Tensor theta) =>
        x.device_type == DeviceType.CPU && theta.device_type == DeviceType.CPU && x.dtype == theta.dtype && x.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>f_K(...f_1(x)) and the sum of the log-determinants.</summary>
    /// <param name="x">(B, D).</param>
    /// <param name="thetas">Of f_1 to f_K, at least one.</param>
    public static (Tensor Y, Tensor LogDet) Apply(Tensor x, params Tensor[] thetas)
    {
        var results = is_grad_enabled() ? apply([x, .. thetas]) : Run(x, thetas, between: null);
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] all = [.. vars.Cast<Tensor>()];
        var between = all[0].new_empty([all.Length - 2, .. all[0].shape]);
        ctx.save_for_backward([.. all, between]);
        SafeBackward.Prepare(ctx, vars);
        ctx.set_materialize_grads(false);                                     // TorchSharp makes the missing ones like the results, which may be disposed by then
        return Run(all[0], all[1..], between);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => SafeBackward.Run(ctx, () =>
    {
        Tensor[] saved = [.. ctx.get_saved_variables()];
        var given = SafeBackward.Given(grad_outputs);
        return is_grad_enabled() ? Differentiable(saved[..^1], given) : Gradients(saved[0], saved[1..^1], saved[^1], given);
    });

    // between, (K - 1, B, D), takes the points that the second and every later layer is given.
    private static List<Tensor> Run(Tensor x, Tensor[] thetas, Tensor? between)
    {
        x = x.contiguous();
        var (y, logDet) = (empty_like(x), x.new_zeros([x.size(0)]));
        if (x.dtype == ScalarType.Float32) Forward<float>(x, thetas, between, y, logDet);
        else Forward<double>(x, thetas, between, y, logDet);
        GC.KeepAlive(x);                                                      // the loops hold its memory alone, outside of any scope
        return [y, logDet];
    }

    private static void Forward<T>(Tensor x, Tensor[] thetas, Tensor? between, Tensor y, Tensor logDet) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = (int)x.size(1), size = (int)x.numel();
        Span<T> from = Values<T>(x), last = Values<T>(y), kept = between is null ? default : Values<T>(between);
        for (int k = 0; k < thetas.Length; k++)
        {
            var to = between is null || k == thetas.Length - 1 ? last : kept.Slice(k * size, size);
            var theta = thetas[k].contiguous();
            PlanarLoop.Forward(from, Values<T>(theta), to, Values<T>(logDet), n);
            GC.KeepAlive(theta);
            from = to;
        }
    }

    private static List<Tensor> Gradients(Tensor x, Tensor[] thetas, Tensor between, Tensor?[] given)
    {
        x = x.contiguous();
        var ofX = given[0]?.contiguous().clone() ?? x.new_zeros(x.shape);
        var ofLogDet = given[1]?.contiguous() ?? x.new_zeros([x.size(0)]);
        List<Tensor> gradients = [ofX, .. thetas.Select(theta => theta.new_zeros(theta.shape))];
        if (x.dtype == ScalarType.Float32) Backward<float>(x, thetas, between, ofLogDet, gradients);
        else Backward<double>(x, thetas, between, ofLogDet, gradients);
        GC.KeepAlive(x);
        GC.KeepAlive(ofLogDet);
        return gradients;
    }

    private static void Backward<T>(Tensor x, Tensor[] thetas, Tensor between, Tensor ofLogDet, List<Tensor> gradients) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = (int)x.size(1), size = (int)x.numel();
        Span<T> first = Values<T>(x), kept = Values<T>(between), of = Values<T>(gradients[0]);
        for (int k = thetas.Length - 1; k >= 0; k--)
        {
            var at = k == 0 ? first : kept.Slice((k - 1) * size, size);
            var theta = thetas[k].contiguous();
            PlanarLoop.Backward(at, Values<T>(theta), of, Values<T>(ofLogDet), of, Values<T>(gradients[k + 1]), n);
            GC.KeepAlive(theta);
        }
    }

    private static IEnumerable<Tensor> Differentiable(Tensor[] inputs, Tensor?[] given) => SafeBackward.Differentiable(inputs, all =>
    {
        var (y, total) = Planar.Bend(all[0], all[1]);
        for (int k = 2; k < all.Length; k++)
        {
            (y, var logDet) = Planar.Bend(y, all[k]);
            total = total + logDet;
        }
        return [y, total];
    }, given);

    private static Span<T> Values<T>(Tensor x) where T : unmanaged => MemoryMarshal.Cast<byte, T>(x.bytes);
}
