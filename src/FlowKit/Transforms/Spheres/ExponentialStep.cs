namespace FlowKit.Transforms;

/// <summary>One step along a potential's gradient on the sphere S^D, from points z, (B, D + 1), and its derivatives.</summary>
/// <param name="Z">Where it starts.</param>
/// <param name="V">The gradient on the sphere, tangent at z.</param>
/// <param name="Pull">z·grad phi in R^(D+1), (B, 1): what curvature takes from the Hessian.</param>
/// <param name="Hessian">Of phi in R^(D+1).</param>
/// <param name="Square">r² = |v|², (B, 1).</param>
/// <param name="CosineRest">(1 - cos r) / r², (B, 1).</param>
/// <param name="SineRest">(1 - sin(r) / r) / r², (B, 1).</param>
internal sealed record ExponentialStep(Tensor Z, Tensor V, Tensor Pull, Tensor Hessian, Tensor Square, Tensor CosineRest, Tensor SineRest)
{
    private readonly Tensor one = ones_like(Square);

    /// <summary>The step from z.</summary>
    public static ExponentialStep From(Tensor z, SpherePotential potential, Tensor series)
    {
        var (gradient, hessian) = potential.Derivatives(z);
        var pull = (z * gradient).sum(1, keepdim: true);
        var v = gradient.addcmul(z, pull, -1);
        var square = v.square().sum(1, keepdim: true);
        var (cosine, sine) = ArcSeries.Of(square, series, potential.IsGentle);
        return new(z, v, pull, hessian, square, cosine, sine);
    }

    private Tensor Cos => one.addcmul(Square, CosineRest, -1);

    // sin(r) / r
    private Tensor Sinc => one.addcmul(Square, SineRest, -1);

    /// <summary>Where it ends: z cos r + v sin(r) / r.</summary>
    public Tensor End => (Z * Cos).addcmul(V, Sinc, 1);

    /// <summary>ln of the factor by which it stretches the surface, (B).</summary>
    public Tensor LogVolume() => Z.size(1) == 3 ? Determinant().abs().log().squeeze(1) : linalg.slogdet(Parallel()).Item2;

    // On S²; M has the trace, the determinant and the value vᵀ M v of the Hessian's part across z, less those of the pull.
    private Tensor Determinant()
    {
        var (ahead, along) = (Apply(Hessian, Z), Apply(Hessian, V));
        var trace = Hessian.diagonal(0, 1, 2).sum(1, keepdim: true) - (ahead * Z).sum(1, keepdim: true);
        var cofactors = linalg.cross(Hessian.roll(-1, 1), Hessian.roll(-2, 1), 2);
        var determinant = (Apply(cofactors, Z) * Z).sum(1, keepdim: true);
        var m = trace + determinant - Pull * (trace + 2 - Pull);                             // tr M + det M
        var vMv = (along * V).sum(1, keepdim: true) - Pull * Square;
        return Cos.addcmul(Sinc, m, 1).addcmul(SineRest - CosineRest, vMv, 1);              // (cos r - sin(r) / r) / r² is the difference of the rests
    }

    // The D x D determinant as one of R^(D+1), where z goes to z: cos r I + sin(r) / r M, and along v what it lacks of I + M.
    private Tensor Parallel()
    {
        var (across, m) = Tangent();
        var (c, s) = (Cos.unsqueeze(2), Sinc.unsqueeze(2));
        var row = V * CosineRest + Apply(m, V) * SineRest;
        return across * c + m * s + Outer(Z, Z) + Outer(V, row);
    }

    /// <summary>The Jacobian from the tangent space at z to that at the end, (B, D + 1, D + 1), with z to the end itself: it is regular where the map is.</summary>
    public Tensor Jacobian()
    {
        var (across, m) = Tangent();
        var (c, s, turned) = (Cos.unsqueeze(2), Sinc.unsqueeze(2), Apply(m, V));
        return across * c + m * s + Outer(V, turned * (SineRest - CosineRest)) - Outer(Z, (V + turned) * Sinc) + Outer(End, Z);
    }

    /// <summary>The projection onto the tangent space at z, and M: the Hessian of phi on the sphere. Both (B, D + 1, D + 1).</summary>
    public (Tensor Projection, Tensor M) Tangent()
    {
        var across = eye(Z.size(1), dtype: Z.dtype, device: Z.device) - Outer(Z, Z);
        return (across, across.matmul(Hessian).matmul(across) - across * Pull.unsqueeze(2));
    }

    private static Tensor Apply(Tensor matrix, Tensor vector) => (matrix * vector.unsqueeze(1)).sum(2);

    private static Tensor Outer(Tensor a, Tensor b) => a.unsqueeze(2) * b.unsqueeze(1);
}
