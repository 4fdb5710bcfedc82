namespace FlowKit.Transforms;

/// <summary>The map of the circle that cot(t/2) -> alpha cot(t/2) - beta describes, alpha > 0: all conformal maps of the unit disc that leave the point 1 of the circle where it is.</summary>
/// <remarks>
/// With s = sin(t/2), c = cos(t/2) and a = alpha c - beta s, f(t) = 2 atan2(s, a) and f'(t) = alpha / (s² + a²). Nothing is singular, and near t = 0 nothing cancels.
/// The inverse has 1/alpha and -beta/alpha; of two maps in turn, alpha = alpha_1 alpha_2 and beta = alpha_2 beta_1 + beta_2.
/// </remarks>
internal static class ProjectiveCircle
{
    /// <summary>|w| of several maps at theta = 0.</summary>
    public const double StartRadius = 1.0 / 3;

    /// <summary>f and ln f'.</summary>
    /// <param name="x">Angles in [0, 2 pi], of a shape that broadcasts with that of alpha.</param>
    /// <param name="parameters">(alpha, beta) along dimension 1.</param>
    public static (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters)
    {
        var (alpha, beta) = (parameters.select(1, 0), parameters.select(1, 1));
        var half = x / 2;
        var (s, c) = (half.sin(), half.cos());
        var a = alpha * c - beta * s;
        return (atan2(s, a) * 2, (alpha / (s.square() + a.square())).log());
    }

    /// <summary>f⁻¹ and the logarithm of its slope.</summary>
    public static (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters)
    {
        var (alpha, beta) = (parameters.select(1, 0), parameters.select(1, 1));
        return Bend(y, stack([alpha.reciprocal(), -beta / alpha], dim: 1));
    }

    /// <summary>The center w in the disc of the k-th of K maps at theta = 0. They lie evenly on a circle, so that the mean of the maps is the identity but for terms of order |w|^K.</summary>
    public static (double X, double Y) Start(int k, int terms)
    {
        var (sine, cosine) = Math.SinCos(Math.Tau * k / terms);
        return (StartRadius * cosine, StartRadius * sine);
    }
}
