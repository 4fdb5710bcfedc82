namespace FlowKit.Transforms;

/// <summary>A stretch of a flow's layers as one autograd operation on the CPU, tile by tile: small layers spend their time on calls and on memory, not on arithmetic.</summary>
/// <remarks>
/// <para>The way there keeps what the layers left; the way back goes over the tiles again, and then sums the gradients of the parameters. A gradient that is to be
/// differentiated again is taken through the steps' ordinary operations.</para>
/// <para>Every number is computed in one order, whatever the number of threads: results are the same bit by bit.</para>
/// </remarks>
internal sealed class TileRun : autograd.MultiTensorFunction<TileRun>
{
    /// <inheritdoc/>
    public override string Name => nameof(TileRun);

    /// <summary>Whether data of this kind can run over tiles at all: vectors in main memory, while nobody looks at each layer.</summary>
    public static bool Takes(Tensor x, Tensor? context) =>
        x.Dimensions == 2 && x.size(0) > 0 && IsPlain(x, x.dtype) && (context is null || IsPlain(context, x.dtype)) && !FiniteTrace.IsOn;

    /// <summary>The steps one after the other, or null if this data is not for them.</summary>
    /// <param name="steps">At least one; null or none for a stretch that has none.</param>
    /// <param name="x">Data, (B, D).</param>
    /// <param name="context">A context for all of them, (B, ...), or none.</param>
    public static (Tensor Y, Tensor LogDet)? Through(IReadOnlyList<TileStep>? steps, Tensor x, Tensor? context)
    {
        if (steps is not { Count: > 0 } || !Takes(x, context) || x.size(1) != steps[0].Features) return null;
        var call = new TileCall(steps);
        if (call.Parameters.Length == 0 || !call.Parameters.All(parameter => IsPlain(parameter, x.dtype) && parameter.is_contiguous())) return null;

        context = context?.flatten(1);
        bool learns = is_grad_enabled() && (x.requires_grad || context?.requires_grad == true || call.Learns);
        var results = learns ? apply([call, x, .. Optional(context), .. call.Parameters]) : call.Forward(x, context, tape: null);
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (call, x) = ((TileCall)vars[0], (Tensor)vars[1]);
        var context = vars.Length > 2 + call.Parameters.Length ? (Tensor)vars[2] : null;
        var tape = call.Tape(x, context);
        NativeMemory.Holds(tape.numel() * tape.element_size());
        ctx.save_for_backward([tape, x, .. Optional(context), .. call.Parameters]);
        SafeBackward.Prepare(ctx, vars);
        ctx.save_data(nameof(TileCall), call);
        ctx.set_materialize_grads(false);                                     // TorchSharp makes the missing ones like the results, which may be disposed by then
        return call.Forward(x, context, tape);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => SafeBackward.Run(ctx, () => Backward(ctx, grad_outputs));

    private static IEnumerable<Tensor> Backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var call = (TileCall)ctx.get_data(nameof(TileCall));
        Tensor[] saved = [.. ctx.get_saved_variables()];
        var (tape, x, context) = (saved[0], saved[1], saved.Length > 2 + call.Parameters.Length ? saved[2] : null);
        var given = SafeBackward.Given(grad_outputs);
        var parameters = saved[^call.Parameters.Length..];
        return [null!, .. is_grad_enabled() ? Differentiable(call, x, context, parameters, given) : call.Backward(tape, x, context, parameters, given)];
    }

    private static IEnumerable<Tensor> Differentiable(TileCall call, Tensor x, Tensor? context, Tensor[] parameters, Tensor?[] given) =>
        SafeBackward.Differentiable([x, .. Optional(context), .. parameters], all =>
        {
            var (y, logDet) = call.Apply(all[0], context is null ? null : all[1], all[^call.Parameters.Length..]);
            return [y, logDet];
        }, given);

    private static bool IsPlain(Tensor x, ScalarType dtype) => x.device_type == DeviceType.CPU && x.dtype == dtype && dtype is ScalarType.Float32 or ScalarType.Float64;

    private static Tensor[] Optional(Tensor? x) => x is null ? [] : [x];
}
