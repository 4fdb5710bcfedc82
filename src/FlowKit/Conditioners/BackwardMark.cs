namespace FlowKit.Conditioners;

/// <summary>The identity, which calls an action when the gradient passes it on its way back.</summary>
internal sealed class BackwardMark : autograd.SingleTensorFunction<BackwardMark>
{
    private const string Passed = "passed";

    public override string Name => nameof(BackwardMark);

    public static Tensor On(Tensor x, Action passed) => apply(x, passed);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        SafeBackward.Prepare(ctx, vars);
        ctx.save_data(Passed, vars[1]);
        return ((Tensor)vars[0]).alias();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => SafeBackward.Run(ctx, () =>
    {
        ((Action)ctx.get_data(Passed))();
        return [gradient.alias(), null!];
    });
}
