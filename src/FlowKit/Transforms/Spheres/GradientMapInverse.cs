namespace FlowKit.Transforms;

/// <summary>Solves exp_z(grad phi(z)) = x for z on the sphere, all rows at once.</summary>
/// <remarks>
/// z is a stationary point of F(z) = phi(z) + d(z, x)² / 2, whose gradient is grad phi - log_z x: the least one, as the map is invertible. Newton's steps on F are damped (Levenberg 1944, Marquardt 1963)
/// until F or its gradient falls enough. F needs no more of the potential than the map does.
/// </remarks>
internal static class GradientMapInverse
{
    private const int MostSteps = 100;
    private const double MostDamping = 1e8;

    /// <summary>z, (B, D + 1), to rounding. NaN in, NaN out.</summary>
    public static Tensor Root(SpherePotential potential, Tensor x)
    {
        using var all = NewDisposeScope();
        double ulp = x.dtype == float64 ? 2.2e-16 : 1.2e-7;
        var at = Landscape.At(x, x, potential);
        var damping = zeros_like(at.Value);
        for (int step = 0; step < MostSteps; step++)
        {
            using var scope = NewDisposeScope();
            var far = at.Size.gt(20 * ulp).logical_and(damping.lt(MostDamping));
            if (!far.any().ToBoolean()) break;

            var newton = linalg.solve_ex(at.Hessian + damping.unsqueeze(2) * eye(x.size(1), dtype: x.dtype, device: x.device), -at.Gradient.unsqueeze(2)).Item1.squeeze(2);
            var stride = newton * newton.norm(1, keepdim: true).reciprocal().clamp_max(1);
            var moved = at.Z + stride;
            var next = Landscape.At(moved / moved.norm(1, keepdim: true), x, potential);
            var slope = (at.Gradient * stride).sum(1, keepdim: true);
            var lower = slope.lt(0).logical_and(next.Value.le(at.Value + slope * 1e-4));
            var good = lower.logical_or(next.Size.le(at.Size / 2)).logical_and(far);
            damping = where(good, where(damping.lt(1e-2), zeros_like(damping), damping / 8), damping.clamp_min(0.05) * 4);
            at = Landscape.Choose(good, next, at);
            scope.MoveToOuter(damping);
            at.MoveToOuter(scope);
        }
        return all.MoveToOuter(where(x.isnan(), x, at.Z));
    }

    // F at z, its gradient and how long that is, and its Hessian, with 1 along z so that it is regular.
    private sealed record Landscape(Tensor Z, Tensor Value, Tensor Gradient, Tensor Size, Tensor Hessian)
    {
        public static Landscape At(Tensor z, Tensor x, SpherePotential potential)
        {
            var (gradient, hessian) = potential.Derivatives(z);
            var pull = (z * gradient).sum(1, keepdim: true);
            var across = eye(z.size(1), dtype: z.dtype, device: z.device) - Outer(z, z);

            // log_z x = w r / sin r, of length r.
            var cos = (z * x).sum(1, keepdim: true);
            var w = x - z * cos;
            var sin = w.norm(1, keepdim: true);
            var r = sin.atan2(cos);
            var safe = sin.clamp_min(z.dtype == float64 ? 1e-150 : 1e-18);
            var (unit, bend) = (w / safe, where(sin.lt(1e-4).logical_and(cos.gt(0)), 1 - r.square() / 3, cos * r / safe).clamp_min(-10));      // r cot r
            var slope = gradient - z * pull - unit * r;
            var curved = across.matmul(hessian).matmul(across) + across * (bend - pull).unsqueeze(2) + Outer(unit, unit) * (1 - bend).unsqueeze(2) + Outer(z, z);
            return new(z, potential.Value(z).unsqueeze(1) + r.square() / 2, slope, slope.norm(1, keepdim: true), curved);
        }

        public static Landscape Choose(Tensor first, Landscape a, Landscape b) => new(
            where(first, a.Z, b.Z), where(first, a.Value, b.Value), where(first, a.Gradient, b.Gradient), where(first, a.Size, b.Size), where(first.unsqueeze(2), a.Hessian, b.Hessian));

        public void MoveToOuter(DisposeScope scope)
        {
            foreach (var tensor in (Tensor[])[Z, Value, Gradient, Size, Hessian]) scope.MoveToOuter(tensor);
        }

        private static Tensor Outer(Tensor a, Tensor b) => a.unsqueeze(2) * b.unsqueeze(1);
    }
}
