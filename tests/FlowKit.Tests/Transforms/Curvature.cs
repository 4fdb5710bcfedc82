namespace FlowKit.Tests.Transforms;

/// <summary>The second derivative of a function along a direction, (Hessian) v, in two ways.</summary>
internal static class Curvature
{
    /// <summary>By differentiating the gradient.</summary>
    public static Tensor Along(Func<Tensor, Tensor> f, Tensor at, Tensor direction)
    {
        var x = at.detach().clone().requires_grad_();
        var gradient = autograd.grad([f(x)], [x], retain_graph: true, create_graph: true)[0];
        return autograd.grad([(gradient * direction).sum()], [x])[0];
    }

    /// <summary>By the difference of two gradients.</summary>
    public static Tensor Numeric(Func<Tensor, Tensor> f, Tensor at, Tensor direction, double step = 1e-5)
    {
        return (Gradient(at + direction * step) - Gradient(at - direction * step)) / (2 * step);

        Tensor Gradient(Tensor at)
        {
            var x = at.detach().clone().requires_grad_();
            return autograd.grad([f(x)], [x])[0];
        }
    }
}
