using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Copulas;

/// <summary>The family BB7, or Joe-Clayton, theta >= 1 and delta > 0: Clayton's copula of 1 - (1 - u)^theta and 1 - (1 - v)^theta, taken back. Dependence in both tails, 2^(-1/delta) below and 2 - 2^(1/theta) above.</summary>
/// <remarks>Joe 2014, section 4.23. Clayton's family at theta = 1, Joe's in the limit delta = 0.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// var (lower, upper) = new BB7().TailDependence(1.5, 1);
/// Console.WriteLine($"{lower:F4} {upper:F4}");    // => 0.5000 0.4126
/// </code></example>
public sealed record BB7 : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1, 20), new("delta", 1e-6, 40)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var (t, d) = (theta[0], theta[1]);
        var (logRestU, logRestV, a, b, logRest) = Parts(u, v, t, d);
        var both = Clayton.LogGivenOf(a, b, d) + Clayton.LogGivenOf(b, a, d) - logRest + (1 - t.reciprocal()).clamp_min(1e-300).log();
        return t.log() + (t.reciprocal() - 1) * logRest + (t - 1) * (logRestU + logRestV) + logaddexp(Clayton.LogDensityOf(a, b, d), both);
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => (Parts(u, v, theta[0], theta[1]).LogRest / theta[0]).expm1().neg();

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var (_, logRestV, a, b, logRest) = Parts(u, v, theta[0], theta[1]);
        return (theta[0].reciprocal() - 1) * logRest + Clayton.LogGivenOf(a, b, theta[1]) + (theta[0] - 1) * logRestV;
    }

    // 1 + 4 times the integral of phi / phi', phi(s) = (1 - s^theta)^-delta - 1, over s = 1 - t.
    private protected override double TauCore(double[] theta)
    {
        var (t, d) = (theta[0], theta[1]);
        return 1 - 4 / (t * d) * AdaptiveQuadrature.Integrate(Ratio, 0, 1);

        double Ratio(double s)
        {
            double x = Math.Pow(s, t);
            if (x == 0) return d * s;
            if (x == 1) return 0;
            double logX = SpecialFunctions.Log1p(-x);
            return -Math.Exp(logX) * SpecialFunctions.Expm1(d * logX) * s / x;
        }
    }

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (Math.Pow(2, -1 / theta[1]), 2 - Math.Pow(2, 1 / theta[0]));

    // ln(1 - u), ln(1 - v), minus the logarithms of X = 1 - (1 - u)^theta and of Y, and ln(1 - K) with K Clayton's copula of X and Y.
    private static (Tensor LogRestU, Tensor LogRestV, Tensor A, Tensor B, Tensor LogRest) Parts(Tensor u, Tensor v, Tensor theta, Tensor delta)
    {
        var (logRestU, logRestV) = (u.neg().log1p(), v.neg().log1p());
        var (a, b) = (-Joe.LogInner(logRestU, theta), -Joe.LogInner(logRestV, theta));
        return (logRestU, logRestV, a, b, SpecialFunctions.Log1mExp(Clayton.LogSum(delta * a, delta * b) / -delta, least: 1e-300));
    }
}
