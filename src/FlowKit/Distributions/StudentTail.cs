namespace FlowKit.Distributions;

/// <summary>Student's standard t in v = arsinh(t / √nu), where its density is proportional to cosh(v)^-nu: log-concave, and as smooth for nu = 0.01 as for 10^9.</summary>
/// <remarks>P(V > v) = C cosh(v)^-nu times the integral over s > 0 of (cosh(v + s) / cosh v)^-nu, C = Gamma((nu + 1) / 2) / (Gamma(nu / 2) √pi). It is half the regularized incomplete beta
/// function I_x(nu / 2, 1 / 2) at x = 1 / cosh(v)² (Abramowitz, Stegun 1964, 26.7.1), without that function's edge at t = 0.</remarks>
internal static class StudentTail
{
    private const double Settled = 8;         // e^-16 = 1e-7: from here on cosh is an exponential for the quadrature

    /// <summary>ln P(V > v) for u = sinh v = t / √nu >= 0.</summary>
    /// <param name="u">Not negative.</param>
    /// <param name="nu">Degrees of freedom.</param>
    public static Tensor Log(Tensor u, Tensor nu)
    {
        (u, nu) = (u + nu * 0, nu + u * 0);
        var fall = nu.unsqueeze(-1);
        var tanh = Tanh(u).unsqueeze(-1);
        var (bound, split) = (minimum(38 / (nu * Tanh(u)), 38 / nu + (2 / (Tanh(u) + 1)).log()), full_like(nu, Settled));
        return LogDensity(u, nu) + TailIntegral.Log(s => Fall(s, tanh) * -fall, s => (tanh + s.tanh()) / (s.tanh() * tanh + 1) * -fall, bound, split);
    }

    /// <summary>ln of the density of V at u = sinh v.</summary>
    public static Tensor LogDensity(Tensor u, Tensor nu) =>
        SpecialFunctions.LogGammaHalfStep(nu / 2) - Math.Log(Math.PI) / 2 - nu / 2 * SpecialFunctions.Log1pSquare(u);

    // ln(cosh(v + s) / cosh v) = ln(cosh s + tanh v sinh s), by its excess over 1 for small s, over e^s for large.
    private static Tensor Fall(Tensor s, Tensor tanh)
    {
        const double small = 0.5;
        var near = s.clamp_max(small);
        return where(s.lt(small),
            ((near / 2).sinh().square() * 2 + tanh * near.sinh()).log1p(),
            s + ((s * -2).expm1() * (1 - tanh) / 2).log1p());
    }

    private static Tensor Tanh(Tensor u)
    {
        const double far = 1e9;                                               // where it rounds to 1
        return u.clamp_max(far) / (u.clamp_max(far).square() + 1).sqrt();
    }
}
