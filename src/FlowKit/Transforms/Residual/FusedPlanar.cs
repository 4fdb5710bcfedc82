using System.Runtime.InteropServices;

namespace FlowKit.Transforms;

/// <summary>A planar layer, forward and backward, as one autograd operation on the CPU: a small flow spends its time on bookkeeping, not on arithmetic.</summary>
/// <remarks>Shapes: x (B, D), theta = (u, w, b) one for all rows, (1, 2 D + 1), or one for each, (B, 2 D + 1). A gradient that is to be differentiated again is taken through ordinary operations.</remarks>
internal sealed class FusedPlanar : autograd.MultiTensorFunction<FusedPlanar>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedPlanar);

    /// <summary>Whether this data can be looped over.</summary>
    public static bool Takes(Tensor x, Tensor theta) =>
        x.device_type == DeviceType.CPU && theta.device_type == DeviceType.CPU && x.dtype == theta.dtype && x.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>f(x) and the log-determinant.</summary>
    public static (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor theta)
    {
        var results = is_grad_enabled() ? apply([x, theta]) : Run(x, theta);
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, theta) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([x, theta]);
        SafeBackward.Prepare(ctx, vars);
        ctx.set_materialize_grads(false);                                     // TorchSharp makes the missing ones like the results, which may be disposed by then
        return Run(x, theta);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => SafeBackward.Run(ctx, () =>
    {
        var saved = ctx.get_saved_variables();
        var given = SafeBackward.Given(grad_outputs);
        return is_grad_enabled() ? Differentiable(saved[0], saved[1], given) : Gradients(saved[0], saved[1], given);
    });

    private static List<Tensor> Run(Tensor x, Tensor theta)
    {
        (x, theta) = (x.contiguous(), theta.contiguous());
        var (y, logDet) = (empty_like(x), x.new_empty([x.size(0)]));
        if (x.dtype == ScalarType.Float32) PlanarLoop.Forward(Values<float>(x), Values<float>(theta), Values<float>(y), Values<float>(logDet), (int)x.size(1));
        else PlanarLoop.Forward(Values<double>(x), Values<double>(theta), Values<double>(y), Values<double>(logDet), (int)x.size(1));
        return [y, logDet];
    }

    private static IEnumerable<Tensor> Gradients(Tensor x, Tensor theta, Tensor?[] given)
    {
        (x, theta) = (x.contiguous(), theta.contiguous());
        var ofY = given[0]?.contiguous() ?? zeros_like(x);
        var ofLogDet = given[1]?.contiguous() ?? x.new_zeros([x.size(0)]);
        var (ofX, ofTheta) = (empty_like(x), zeros_like(theta));
        if (x.dtype == ScalarType.Float32)
            PlanarLoop.Backward(Values<float>(x), Values<float>(theta), Values<float>(ofY), Values<float>(ofLogDet), Values<float>(ofX), Values<float>(ofTheta), (int)x.size(1));
        else
            PlanarLoop.Backward(Values<double>(x), Values<double>(theta), Values<double>(ofY), Values<double>(ofLogDet), Values<double>(ofX), Values<double>(ofTheta), (int)x.size(1));
        return [ofX, ofTheta];
    }

    private static IEnumerable<Tensor> Differentiable(Tensor x, Tensor theta, Tensor?[] given) => SafeBackward.Differentiable([x, theta], all =>
    {
        var (y, logDet) = Planar.Bend(all[0], all[1]);
        return [y, logDet];
    }, given);

    private static Span<T> Values<T>(Tensor x) where T : unmanaged => MemoryMarshal.Cast<byte, T>(x.bytes);
}
