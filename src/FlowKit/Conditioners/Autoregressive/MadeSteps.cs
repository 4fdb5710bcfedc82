namespace FlowKit.Conditioners;

/// <summary>A MADE taken position by position: each step computes only the units that became computable, so that all D steps cost about one pass.</summary>
internal abstract class MadeSteps : AutoregressiveSteps
{
    /// <summary>Steps through a batch, in the fastest way that keeps the gradients the caller asked for.</summary>
    public static MadeSteps Of(Made made, Tensor? context, Tensor like) => !AreOverTiles(made, context, like) ? new GradientMadeSteps(made, context, like)
        : like.dtype == ScalarType.Float32 ? new PlainMadeSteps<float>(made, context, like) : new PlainMadeSteps<double>(made, context, like);

    /// <summary>Whether the steps can run over tiles: no gradients are wanted, and everything is of one precision and on the CPU.</summary>
    public static bool AreOverTiles(Made made, Tensor? context, Tensor like)
    {
        return !is_grad_enabled() && like.dtype is ScalarType.Float32 or ScalarType.Float64 && made.parameters().All(IsLike) && (context is null || IsLike(context));

        bool IsLike(Tensor x) => x.device_type == DeviceType.CPU && like.device_type == DeviceType.CPU && x.dtype == like.dtype;
    }

    /// <summary>The parameters (rows, P size) of a position as the caller reads them, (rows, P, 1) or (rows, P, 1, size).</summary>
    private protected static Tensor OfPosition(Made made, Tensor rows) =>
        made.PositionSize == 1 ? rows.unsqueeze(-1) : rows.reshape(rows.size(0), made.Parameters, 1, made.PositionSize);
}
