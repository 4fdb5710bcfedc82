namespace FlowKit.Transforms;

/// <summary>The rational-quadratic spline as one autograd operation on the CPU: a loop over the elements, there and back.</summary>
/// <remarks>A gradient that is to be differentiated again is taken through <see cref="SplineKernels"/>.</remarks>
internal sealed class SplineFunction : autograd.MultiTensorFunction<SplineFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(SplineFunction);

    /// <summary>Whether the loop can read these.</summary>
    public static bool Takes(Tensor at, Tensor theta) =>
        at.device_type == DeviceType.CPU && theta.device_type == DeviceType.CPU && at.dtype == theta.dtype && at.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>The value and the log-slope.</summary>
    public static (Tensor Value, Tensor LogSlope) Apply(RationalQuadraticSpline spline, Tensor at, Tensor theta, bool inverse)
    {
        var loop = new SplineLoop(spline, inverse);
        var results = is_grad_enabled() && (at.requires_grad || theta.requires_grad) ? apply(at, theta, loop) : loop.Forward(at, theta);
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (at, theta, loop) = ((Tensor)vars[0], (Tensor)vars[1], (SplineLoop)vars[2]);
        SafeBackward.Prepare(ctx, vars);
        ctx.save_for_backward([at, theta]);
        ctx.save_data(nameof(SplineLoop), loop);
        ctx.set_materialize_grads(false);                                     // TorchSharp makes the missing ones like the results, which may be disposed by then
        return loop.Forward(at, theta);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => SafeBackward.Run(ctx, () => Gradients(ctx, grad_outputs));

    private static IEnumerable<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var loop = (SplineLoop)ctx.get_data(nameof(SplineLoop));
        var inputs = ctx.get_saved_variables();
        Tensor[] given = [.. grad_outputs.Select(gradient => gradient is { IsInvalid: false } ? gradient : zeros_like(inputs[0]))];
        var gradients = is_grad_enabled() ? Differentiable(loop, inputs, given) : loop.Backward(inputs[0], inputs[1], given[0], given[1]);
        return [.. gradients, null!];
    }

    private static IEnumerable<Tensor> Differentiable(SplineLoop loop, List<Tensor> inputs, Tensor[] gradients) => SafeBackward.Differentiable(inputs, all =>
    {
        var (value, logSlope) = SplineKernels.Apply(loop.Spline, all[0], all[1], loop.Inverse);
        return [value, logSlope];
    }, gradients);
}
