using MathNet.Numerics.Integration;

namespace FlowKit.Copulas;

/// <summary>What the Gaussian and the Student copula share: an ellipse of correlation rho.</summary>
internal static class EllipticalPair
{
    /// <summary>The largest |rho| that is computed with.</summary>
    public const double Most = 1 - 1e-10;

    private static readonly GaussLegendreRule rule = new(-1, 1, 256);

    /// <summary>P(X &lt;= x, Y &lt;= y): the probability at rho = -1 or 1, whichever is nearer, and the integral from there of its slope by phi = arcsin rho (Plackett 1954, Biometrika 41:351).</summary>
    /// <param name="u">P(X &lt;= x).</param>
    /// <param name="v">P(Y &lt;= y).</param>
    /// <param name="x">Their quantiles.</param>
    /// <param name="y">As x.</param>
    /// <param name="rho">Correlation.</param>
    /// <param name="decay">The slope times 2 pi, of half the squared distance (x² + y² - 2 x y sin phi) / cos² phi.</param>
    public static Tensor Cdf(Tensor u, Tensor v, Tensor x, Tensor y, Tensor rho, Func<Tensor, Tensor> decay)
    {
        var above = rho.ge(0);
        var way = where(above, Math.PI / 2 - rho.asin(), Math.PI / 2 + rho.asin()).unsqueeze(-1);           // from arcsin rho to the end
        // Nodes gather at the end, where the slope changes within |x - y| or |x + y|: the angle to the end is way s³.
        var s = tensor(rule.Abscissas, dtype: float64, device: rho.device) / 2 + 0.5;
        var left = way * s.pow(3);
        var (a, b) = (x.unsqueeze(-1), y.unsqueeze(-1));
        var sign = where(above, ones_like(rho), -ones_like(rho)).unsqueeze(-1);
        var square = ((a - sign * b).square() + 4 * sign * a * b * (left / 2).sin().square()) / left.sin().square();
        var weights = tensor(rule.Weights, dtype: float64, device: rho.device) / 2 * 3 * s.square();
        var integral = (decay(square / 2) * weights).sum(-1) * way.squeeze(-1) * sign.squeeze(-1) / (2 * Math.PI);
        return (where(above, minimum(u, v), (u + v - 1).clamp_min(0)) - integral).clamp(0, 1);
    }
}
