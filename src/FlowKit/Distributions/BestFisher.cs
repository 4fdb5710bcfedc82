namespace FlowKit.Distributions;

/// <summary>Draws from the von Mises law around 0 by rejection from a wrapped Cauchy law, all elements at once (Best, Fisher 1979). Accepts at least two in three.</summary>
internal static class BestFisher
{
    private const int MaxRounds = 200;        // (1/3)^200: never reached, unless by NaN, which stays

    /// <summary>One angle in [-pi, pi] for each concentration kappa > 0, float64.</summary>
    public static Tensor Sample(Tensor kappa)
    {
        // Above 1e6 the law is normal to seven digits, where r below cancels; under 1e-6 it is uniform to six.
        var k = kappa.clamp(1e-6, 1e6);
        var tau = (k.square() * 4 + 1).sqrt() + 1;
        var rho = (tau - (tau * 2).sqrt()) / (k * 2);
        var r = (rho.square() + 1) / (rho * 2);

        var angle = kappa * 0;                                                // NaN where kappa is
        var pending = kappa.isnan().logical_not();
        for (int round = 0; round < MaxRounds && pending.any().ToBoolean(); round++)
        {
            var z = (rand_like(k) * Math.PI).cos();
            var f = (r * z + 1) / (r + z);
            var c = k * (r - f);
            var u = Noise.OpenUniform(k);
            var accept = (c * (2 - c) - u).gt(0).logical_or(((c / u).log() + 1 - c).ge(0));
            var draw = f.clamp(-1, 1).acos() * (rand_like(k) - 0.5).sign();
            angle = where(pending.logical_and(accept), draw, angle);
            pending = pending.logical_and(accept.logical_not());
        }
        return where(kappa.gt(1e6), randn_like(kappa) / kappa.sqrt(), angle);
    }
}
