namespace FlowKit.Distributions;

/// <summary>The regularized incomplete beta function I_x(a, b) and its complement in logs, exact in both tails and differentiable in a, b and x.</summary>
/// <remarks>
/// <para>In L = logit x the density x^a (1 - x)^b / B(a, b) is log-concave with its mode at the mean, so that the tail beyond x, on the mean's far side, is that density times a
/// <see cref="TailIntegral"/>: exact to rounding for a and b from 1e-3 to 1e9 and more, where continued fractions need √max(a, b) terms. A tail whose shape a is below 1 is first raised by
/// I_x(a, b) = I_x(a + 1, b) + x^a (1 - x)^b / (a B(a, b)) (NIST Handbook of Mathematical Functions 2010, 8.17.20), whose terms are positive.</para>
/// <para>The density without cancellation is Loader's (2000, "Fast and accurate computation of binomial probabilities"): √(a b / (2 pi n)) times the errors of Stirling's formula times
/// e^-D, n = a + b, with the deviance D = a f(n x / a) + b f(n (1 - x) / b), f(r) = r - 1 - ln r.</para>
/// </remarks>
internal static class IncompleteBeta
{
    /// <summary>ln I_x(a, b) and ln(1 - I_x(a, b)).</summary>
    /// <param name="a">a > 0.</param>
    /// <param name="b">b > 0.</param>
    /// <param name="x">0 &lt; x &lt; 1.</param>
    /// <param name="y">1 - x, in its own precision.</param>
    public static (Tensor Below, Tensor Above) Log(Tensor a, Tensor b, Tensor x, Tensor y)
    {
        var low = (a * y).ge(b * x);                                          // x is not above the mean
        var tail = LogTail(where(low, a, b), where(low, b, a), where(low, x, y), where(low, y, x));
        var rest = SpecialFunctions.Log1mExp(tail);
        return (where(low, tail, rest), where(low, rest, tail));
    }

    /// <summary>ln(x^a y^b / B(a, b)): the density of logit x.</summary>
    public static Tensor LogDensity(Tensor a, Tensor b, Tensor x, Tensor y)
    {
        var n = a + b;
        var excess = a * y - b * x;                                           // a - n x = n y - b
        var deviance = a * Deviance(n / a * x, -excess / a) + b * Deviance(n / b * y, excess / b);
        return (a / n * b / (2 * Math.PI)).log() / 2 + SpecialFunctions.StirlingError(n) - SpecialFunctions.StirlingError(a) - SpecialFunctions.StirlingError(b) - deviance;
    }

    // r - 1 - ln r for r = 1 + z.
    private static Tensor Deviance(Tensor r, Tensor z)
    {
        var near = z.abs().lt(0.4);
        return where(near, SpecialFunctions.LogDefect(z.clamp(-0.4, 0.4)), z - r.masked_fill(near, 1).log());
    }

    // ln I_x(a, b) for x up to the mean.
    private static Tensor LogTail(Tensor a, Tensor b, Tensor x, Tensor y)
    {
        var density = LogDensity(a, b, x, y);
        var raise = a.lt(1);
        var raised = where(raise, a + 1, a);
        var factor = where(raise, ((a + b) / a).log() + x.log(), zeros_like(x));              // B(a, b) x / B(a + 1, b)
        var tail = density + factor + LogRatio(raised, b, x, y);
        return where(raise, SpecialFunctions.LogSumExp(stack([density - a.log(), tail], dim: 0), 0), tail);
    }

    // ln of the integral over s > 0 of the density at L - s in units of that at L. With M = e^-s - 1, x' = x (1 + M) / (1 + x M) and y' = y / (1 + x M); where x > 1/2, so that b may
    // be much smaller than a, with M = e^s - 1, x' = x / (1 + y M) and y' = y (1 + M) / (1 + y M).
    private static Tensor LogRatio(Tensor a, Tensor b, Tensor x, Tensor y)
    {
        var n = a + b;
        var excess = a * y - b * x;
        var down = x.le(0.5);
        var bound = minimum(38 / excess.clamp_min(1e-300), (38 - n * y.log()) / a);
        var (power, part, sign) = (where(down, a, b).unsqueeze(-1), where(down, x, y).unsqueeze(-1), down.to(float64).mul_(-2).add_(1).unsqueeze(-1));
        var linear = excess.unsqueeze(-1) * -sign;
        var (total, mean, odds) = (n.unsqueeze(-1), a.unsqueeze(-1), (y / x).unsqueeze(-1));
        return TailIntegral.Log(Fall, s => mean * -1 + total / (odds * s.exp() + 1), bound, split: (x / y).log());

        Tensor Fall(Tensor s)
        {
            const double small = 1.0 / 3;
            var near = (s * sign).clamp(-small, small).expm1();
            var far = (s * sign).expm1();
            return where(s.lt(small),
                linear * near - power * SpecialFunctions.LogDefect(near) + total * SpecialFunctions.LogDefect(part * near),
                power * sign * s - total * (part * far).log1p());
        }
    }
}
