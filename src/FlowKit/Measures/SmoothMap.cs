using FlowKit.Transforms;

namespace FlowKit.Measures;

/// <summary>A bijection given by two formulas, x to r(x) and back, whose log-determinants automatic differentiation finds: the change of variables as a <see cref="Transform"/>.</summary>
/// <remarks>
/// <para>log|det dz/dx| is that of the autograd Jacobian, row by row, (B, D, D): for a few dimensions, and for maps whose rows do not depend on each other.</para>
/// <para>With data y = r(x) of a base x, the flow is <c>new Flow(new SmoothMap(r⁻¹, r), base)</c>: g(y) = f(r⁻¹(y)) |det dr⁻¹/dy|, for increasing and decreasing r alike.</para>
/// </remarks>
/// <param name="forward">x to z, (B, D) to (B, D), of differentiable operations.</param>
/// <param name="inverse">z to x.</param>
/// <example><code>
/// using FlowKit.Measures;
///
/// // The log-normal law: y = exp(x) for a standard normal x.
/// var logNormal = new Flow(new SmoothMap(forward: y => y.log(), inverse: x => x.exp()), new StandardNormal(1));
/// var logDensity = logNormal.LogProb(tensor(new[,] { { 1.0 } }));
/// Console.WriteLine($"{logDensity.exp().ToDouble():F4}");  // => 0.3989
/// </code></example>
public sealed class SmoothMap(Func<Tensor, Tensor> forward, Func<Tensor, Tensor> inverse) : Transform(nameof(SmoothMap))
{
    private readonly Func<Tensor, Tensor> forward = forward ?? throw new ArgumentNullException(nameof(forward));
    private readonly Func<Tensor, Tensor> inverse = inverse ?? throw new ArgumentNullException(nameof(inverse));

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Apply(forward, x);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Apply(inverse, z);

    /// <summary>The Jacobian matrices of a map at each row, (B, D, D), by automatic differentiation.</summary>
    /// <exception cref="ArgumentException">The map changes the shape, or does not depend on its argument by differentiable operations.</exception>
    public static Tensor Jacobian(Func<Tensor, Tensor> map, Tensor at)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Differentiate(map, at).Jacobian);
    }

    private static (Tensor, Tensor) Apply(Func<Tensor, Tensor> map, Tensor at)
    {
        var (value, jacobian) = Differentiate(map, at);
        return (value, linalg.slogdet(jacobian).Item2);
    }

    private static (Tensor Value, Tensor Jacobian) Differentiate(Func<Tensor, Tensor> map, Tensor at)
    {
        Guard.Batch(at, [-1]);
        Guard.Floating(at, nameof(SmoothMap), float32);
        if (at.size(1) == 0) throw new ArgumentException($"A Jacobian is of a map of one dimension at least; at has shape {Guard.Describe(at)}.", nameof(at));
        bool goesOn = is_grad_enabled() && at.requires_grad;      // the caller differentiates what comes out
        using var enabled = enable_grad();
        var x = goesOn ? at : at.detach().clone().requires_grad_();
        var y = Guard.Made(map(x), nameof(map));
        Guard.Real(y, nameof(map));
        if (!y.shape.SequenceEqual(x.shape) || !y.requires_grad) throw NotSmooth();
        var rows = Enumerable.Range(0, (int)y.size(1)).Select(i => autograd.grad([y.select(1, i).sum()], [x], retain_graph: true, create_graph: goesOn, allow_unused: true)[0])
            .Select(row => row is { IsInvalid: false } ? row : throw NotSmooth());
        return (goesOn ? y.alias() : y.detach(), stack(rows.ToArray(), dim: 1));

        ArgumentException NotSmooth() =>
            new($"A smooth bijection maps {Guard.Describe(x)} to the same shape by differentiable operations; it gave {Guard.Describe(y)}.", nameof(map));
    }
}
