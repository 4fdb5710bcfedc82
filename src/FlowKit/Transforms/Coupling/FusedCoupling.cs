using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>A coupling with a ReLU perceptron and a map that loops, as one autograd operation on the CPU: small flows spend their time on bookkeeping, not on arithmetic.</summary>
/// <remarks>A gradient that is to be differentiated again is taken through ordinary operations.</remarks>
internal sealed class FusedCoupling : autograd.MultiTensorFunction<FusedCoupling>
{
    private const int Fixed = 2;   // saved before the layers' inputs: what is mapped, and theta

    /// <inheritdoc/>
    public override string Name => nameof(FusedCoupling);

    /// <summary>Whether this data can be looped over.</summary>
    public static bool Takes(Tensor x, Tensor? context, Tensor weight) =>
        x.Dimensions == 2 && x.device_type == DeviceType.CPU && weight.device_type == DeviceType.CPU && x.dtype == weight.dtype
        && (context is null || context.Dimensions == 2 && context.dtype == x.dtype) && x.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>The coupled features and the log-determinant.</summary>
    public static (Tensor Y, Tensor LogDet) Apply(CouplingPlan plan, Tensor x, Tensor? context, Tensor[] parameters)
    {
        var results = is_grad_enabled() ? apply([plan, x, .. Optional(context), .. parameters]) : Run(plan, x, context, parameters).Results;
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (plan, x) = ((CouplingPlan)vars[0], (Tensor)vars[1]);
        int first = 2 + (vars.Length - 2) % 2;                                // parameters come in pairs
        var context = first == 3 ? (Tensor)vars[2] : null;
        Tensor[] parameters = [.. vars.Skip(first).Cast<Tensor>()];
        var (results, transformed, theta, inputs) = Run(plan, x, context, parameters);
        ctx.save_for_backward([transformed, theta, .. inputs, .. parameters, x, .. Optional(context)]);
        SafeBackward.Prepare(ctx, vars);
        ctx.save_data(nameof(CouplingPlan), plan);
        ctx.save_data(nameof(parameters), parameters.Length);
        ctx.set_materialize_grads(false);                                     // TorchSharp makes the missing ones like the results, which may be disposed by then
        return results;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => SafeBackward.Run(ctx, () => Backward(ctx, grad_outputs));

    private static IEnumerable<Tensor> Backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var (plan, count) = ((CouplingPlan)ctx.get_data(nameof(CouplingPlan)), (int)ctx.get_data("parameters"));
        Tensor[] saved = [.. ctx.get_saved_variables()];
        int first = Fixed + count / 2, last = first + count;
        var (inputs, parameters) = (saved[Fixed..first], saved[first..last]);
        var (x, context) = (saved[last], saved.Length > last + 1 ? saved[last + 1] : null);
        var given = SafeBackward.Given(grad_outputs);
        return [null!, .. is_grad_enabled()
            ? Differentiable(plan, x, context, parameters, given)
            : Gradients(plan, saved[0], saved[1], inputs, x, context, parameters, given)];
    }

    private static (List<Tensor> Results, Tensor Transformed, Tensor Theta, Tensor[] Inputs) Run(CouplingPlan plan, Tensor x, Tensor? context, Tensor[] parameters)
    {
        var (passed, transformed) = plan.Split.Apart(x);
        transformed = transformed.contiguous();
        var values = MlpPass.Forward(context is null ? passed : cat([passed, context], 1), parameters);
        var (y, logSlope) = plan.Loop.Forward(transformed, values[^1], plan.Inverse);
        return ([plan.Split.Merge(passed, y), logSlope.sum(1)], transformed, values[^1], values[..^1]);
    }

    private static IEnumerable<Tensor> Gradients(CouplingPlan plan, Tensor transformed, Tensor theta, Tensor[] inputs, Tensor x, Tensor? context, Tensor[] parameters, Tensor?[] given)
    {
        var (ofPassed, ofMapped) = given[0] is { } ofY ? plan.Split.Apart(ofY) : (null, zeros_like(transformed));
        var ofSlope = given[1] is { } ofLogDet ? ofLogDet.unsqueeze(1).expand(-1, transformed.size(1)).contiguous() : zeros_like(transformed);
        var (ofTransformed, ofTheta) = plan.Loop.Backward(transformed, theta, ofMapped.contiguous(), ofSlope, plan.Inverse);
        var gradients = new Tensor[parameters.Length];
        var ofInput = MlpPass.Backward(ofTheta, inputs, parameters, gradients);
        var ofRead = context is null ? ofInput : ofInput.narrow(1, 0, plan.Split.Passed);
        var ofX = plan.Split.Merge(ofPassed is null ? ofRead : ofPassed + ofRead, ofTransformed);
        return [ofX, .. Optional(context is null ? null : ofInput.narrow(1, plan.Split.Passed, context.size(1))), .. gradients];
    }

    private static IEnumerable<Tensor> Differentiable(CouplingPlan plan, Tensor x, Tensor? context, Tensor[] parameters, Tensor?[] given) =>
        SafeBackward.Differentiable([x, .. Optional(context), .. parameters], all =>
        {
            var (passed, transformed) = plan.Split.Apart(all[0]);
            var theta = MlpPass.Forward(context is null ? passed : cat([passed, all[1]], 1), all[^parameters.Length..])[^1];
            var (mapped, logSlope) = plan.Apply(transformed, theta);
            return [plan.Split.Merge(passed, mapped), logSlope.sum(1)];
        }, given);

    private static Tensor[] Optional(Tensor? x) => x is null ? [] : [x];
}
