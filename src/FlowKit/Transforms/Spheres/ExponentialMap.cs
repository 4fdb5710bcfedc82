namespace FlowKit.Transforms;

/// <summary>x = exp_z(grad phi(z)): every latent z of the sphere S^D walks along the gradient of a potential, on a great circle and as far as the gradient is long.</summary>
/// <remarks>
/// <para>With v = grad phi - (z·grad phi) z and r = |v|: x = z cos r + v sin(r) / r. Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.3.3; potentials: <see cref="RadialPotential"/> and
/// <see cref="PolynomialPotential"/>.</para>
/// <para>The paper has log|det| = ln det(Eᵀ Jᵀ J E) / 2, E a basis of the tangent space at z and J the Jacobian of R^(D+1). With M, the Hessian of phi on the sphere, Eᵀ (Hess - (z·grad phi) I) E,
/// J is in parallel frames (I + M) along v and cos r I + sin(r) / r M across it, so that the determinant is one of D x D; on S² it is
/// cos r + sin(r) / r (tr M + det M) + (cos r - sin(r) / r) vᵀ M v / r².</para>
/// <para>Inverse, latent to data, is this formula: reverse KL trains on it. Forward finds z by a damped Newton's method on phi(z) + d(z, x)² / 2, of which it is the only stationary point, to rounding; its gradients are those
/// of the implicit function theorem, up to the second order.</para>
/// <para>Errors: a vector off the sphere, by more than 1e-4 in norm, is an <see cref="ArgumentException"/>; Forward is a <see cref="NotSupportedException"/> where the potential is not known to make the map invertible.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var map = new ExponentialMap(new RadialPotential(dimension: 2, components: 3));
/// var z = new UniformSphere(2).Sample(10);
/// var (x, logDet) = map.Inverse(z);
/// Console.WriteLine(x.norm(1).allclose(ones(10)));                        // => True
/// var (back, backLogDet) = map.Forward(x);
/// Console.WriteLine(back.allclose(z, atol: 1e-5));                        // => True
/// Console.WriteLine(backLogDet.allclose(-logDet, atol: 1e-4));            // => True
/// </code></example>
public sealed class ExponentialMap : Transform
{
    private readonly SpherePotential potential;

    /// <summary>The map along the gradient of a potential.</summary>
    public ExponentialMap(SpherePotential potential) : base(nameof(ExponentialMap))
    {
        ArgumentNullException.ThrowIfNull(potential);
        this.potential = potential;
        SetConstant("series", ArcSeries.Coefficients());
        RegisterComponents();
    }

    internal override bool IsOnSphere => true;

    /// <inheritdoc/>
    public override Shape DataShape => potential.Dimension + 1;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        if (!potential.IsInvertible)
            throw new NotSupportedException($"{potential.GetName()} with these parameters is not known to make the exponential map invertible: it has draws and their log-density, but no log-density of given points.");

        var image = SpherePoints.Project(x);
        Tensor z;
        using (no_grad()) z = GradientMapInverse.Root(potential, image.detach());
        if (is_grad_enabled()) z = Follow(image, Follow(image, z));
        return (z, At(z).LogVolume().neg());
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var step = At(SpherePoints.Project(z));
        return (step.End, step.LogVolume());
    }

    // Converted from what a module in float32 holds, the series would keep its rounding.
    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        SetConstant("series", ArcSeries.Coefficients().to(Device));
    }

    private ExponentialStep At(Tensor z) => ExponentialStep.From(z, potential, GetConstant("series").to(z.dtype));

    // The value of z, the gradient of Newton's step from it. At a root each step doubles the order to which derivatives are the root's.
    private Tensor Follow(Tensor image, Tensor z)
    {
        var step = At(z);
        var (end, jacobian) = (step.End, step.Jacobian());
        var residual = image - end * (image * end).sum(1, keepdim: true);
        var newton = linalg.solve(jacobian, residual.unsqueeze(2)).squeeze(2);
        var moved = z + (newton - newton.detach());
        return moved / moved.norm(1, keepdim: true);
    }
}
