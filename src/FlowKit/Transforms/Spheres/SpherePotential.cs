namespace FlowKit.Transforms;

/// <summary>A smooth function phi of points x of the unit sphere S^D, given on R^(D+1) around it, whose gradient an <see cref="ExponentialMap"/> follows.</summary>
/// <remarks>Shapes: x is (B, D + 1) of norm 1. Derivatives are those of R^(D+1); the map takes what is tangent to the sphere from them.</remarks>
/// <example><code>
/// manual_seed(0);
/// SpherePotential phi = new RadialPotential(dimension: 2, components: 3);
/// var x = new UniformSphere(2).Sample(10);
/// var (gradient, hessian) = phi.Derivatives(x);
/// Console.WriteLine(gradient);                     // => [10x3], type = Float32, device = cpu
/// Console.WriteLine(hessian);                      // => [10x3x3], type = Float32, device = cpu
/// Console.WriteLine(phi.IsInvertible);             // => True
/// </code></example>
public abstract class SpherePotential : FlowModule
{
    /// <summary>A potential on S^D.</summary>
    /// <param name="name">Of the module, for messages and for its textual form.</param>
    /// <param name="dimension">D >= 1, of the sphere; its points have D + 1 coordinates.</param>
    protected SpherePotential(string name, long dimension) : base(name)
    {
        Dimension = Guard.Size(dimension, least: 1);
    }

    /// <summary>D, of the sphere.</summary>
    public long Dimension { get; }

    /// <summary>Whether x to exp_x(grad phi(x)) is known to be a diffeomorphism of the sphere that moves no point by pi / 2 or more, with the parameters as they are.</summary>
    public abstract bool IsInvertible { get; }

    /// <summary>phi, (B).</summary>
    /// <exception cref="ArgumentException">x is not (B, D + 1), or not of the precision or on the device of the parameters.</exception>
    /// <exception cref="InvalidOperationException"><see cref="ValueCore"/> gave something else than (B) numbers of the kind of x.</exception>
    public Tensor Value(Tensor x)
    {
        Check(x);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var value = ValueCore(x);
        Check(value, "phi", x, dimensions: 1);
        return scope.MoveToOuter(value);
    }

    /// <summary>The gradient, (B, D + 1), and the Hessian, (B, D + 1, D + 1), with respect to x. Gradients flow through both, to x and to the parameters.</summary>
    /// <exception cref="ArgumentException">x is not (B, D + 1), or not of the precision or on the device of the parameters.</exception>
    /// <exception cref="InvalidOperationException"><see cref="DerivativesCore"/> gave other shapes, or numbers not of the kind of x.</exception>
    public (Tensor Gradient, Tensor Hessian) Derivatives(Tensor x)
    {
        Check(x);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var (gradient, hessian) = DerivativesCore(x);
        Check(gradient, "the gradient", x, dimensions: 2);
        Check(hessian, "the Hessian", x, dimensions: 3);
        return scope.MoveToOuter(gradient, hessian);
    }

    /// <summary>The mathematics of <see cref="Value"/>. Returns a fresh tensor, (B).</summary>
    protected abstract Tensor ValueCore(Tensor x);

    /// <summary>The mathematics of <see cref="Derivatives"/>. Returns fresh tensors, (B, D + 1) and (B, D + 1, D + 1). The map's way back calls it without gradients, under <c>no_grad</c>.</summary>
    protected abstract (Tensor Gradient, Tensor Hessian) DerivativesCore(Tensor x);

    /// <summary>Whether gradients are never longer than 1, whatever the parameters.</summary>
    internal virtual bool IsGentle => false;

    private void Check(Tensor x)
    {
        Guard.Batch(x, Dimension + 1);
        Guard.Real(x);
        Guard.Place(x, Place, GetName());
        if (IsParameterized) Guard.Dtype(x, Dtype, GetName());
        else Guard.Floating(x, GetName(), Dtype);
    }

    // What a subclass computed: a Hessian of another shape would end the process in a product.
    private void Check(Tensor? made, string what, Tensor x, int dimensions)
    {
        bool fits = made is { IsInvalid: false, is_sparse: false } && made.Dimensions == dimensions && made.size(0) == x.size(0) && made.dtype == x.dtype && made.device_type == x.device_type && made.device_index == x.device_index;
        for (int i = 1; fits && i < dimensions; i++) fits = made!.size(i) == x.size(1);
        if (fits) return;

        string found = made switch { null => "null", { IsInvalid: true } => "a disposed tensor", _ => Kind(made, Guard.Describe(made)) };
        string expected = Kind(x, Guard.Describe(Enumerable.Repeat($"{x.size(1)}", dimensions - 1).Prepend($"{x.size(0)}")));
        throw new InvalidOperationException($"{GetType().Name} gave {found} as {what} at x of shape {Guard.Describe(x)}; expected {expected}.");
    }

    private static string Kind(Tensor of, string shape) => $"{shape}, {(of.is_sparse ? "sparse " : "")}{Guard.Name(of.dtype)} on {of.device}";
}
