namespace FlowKit.Inference;

/// <summary>(y - m) / s with the mean and the standard deviation of given observations, in the shape that a network reads. Numbers that never change are 0.</summary>
internal sealed class StandardizedContext : nn.Module<Tensor, Tensor>
{
    private readonly Tensor mean, scale;
    private readonly long[] shape;

    /// <summary>Of those observations.</summary>
    /// <param name="observations">(N, M), float64.</param>
    /// <param name="shape">Of one context as it is read, of M numbers.</param>
    public StandardizedContext(Tensor observations, Shape shape) : base(nameof(StandardizedContext))
    {
        this.shape = [-1, .. shape];
        using (NewDisposeScope())
        {
            mean = observations.mean([0]).DetachFromDisposeScope();
            var deviation = observations.std(dim: 0, unbiased: false);
            scale = deviation.masked_fill(IsConstant(observations), 1).DetachFromDisposeScope();
        }
        RegisterComponents();
    }

    /// <summary>Which numbers never change, up to rounding, (M).</summary>
    public static Tensor IsConstant(Tensor observations) => observations.std(dim: 0, unbiased: false).le(observations.abs().amax([0]) * 1e-12);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(((input - mean) / scale).to(mean.dtype).view(shape));
    }
}
