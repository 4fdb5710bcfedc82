namespace FlowKit.Transforms;

/// <summary>The gradient of a function of each row, by automatic differentiation, also where the caller has turned gradients off.</summary>
internal static class Score
{
    /// <summary>df/dz, of the shape of z; with a graph of its own where the caller differentiates on.</summary>
    /// <param name="f">(B, ...) to (B).</param>
    /// <param name="z">The points.</param>
    /// <param name="name">Of f, for the message.</param>
    /// <exception cref="ArgumentException">f does not depend on z by differentiable operations.</exception>
    public static Tensor Gradient(Func<Tensor, Tensor> f, Tensor z, string name)
    {
        bool goesOn = is_grad_enabled() && z.requires_grad;
        using var enabled = enable_grad();
        var at = goesOn ? z : z.detach().requires_grad_();
        var value = f(at);
        var gradient = value.requires_grad ? autograd.grad([value.sum()], [at], retain_graph: goesOn, create_graph: goesOn, allow_unused: true)[0] : null;
        return gradient is { IsInvalid: false } ? gradient : throw new ArgumentException($"{name} does not depend on its points by differentiable operations, so that it has no gradient.", name);
    }
}
