using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Copulas;

/// <summary>Joe's family, theta >= 1: C(u, v) = 1 - (x + y - x y)^(1/theta) with x = (1 - u)^theta and y = (1 - v)^theta. Upper tail dependence 2 - 2^(1/theta), none below; independence at 1.</summary>
/// <remarks>Joe 1993, Journal of Multivariate Analysis 46:262.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new Joe().Tau(2):F4}");    // => 0.3551
/// </code></example>
public sealed record Joe : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1, 60)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    /// <summary>ln(1 - (1 - u)^theta), from ln(1 - u).</summary>
    internal static Tensor LogInner(Tensor logRest, Tensor theta) => SpecialFunctions.Log1mExp(theta * logRest, least: 1e-300);

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var (logRestU, logRestV, logSum) = Parts(u, v, t);
        return (t.reciprocal() - 2) * logSum + (t - 1) * (logRestU + logRestV) + (logSum.exp() + t - 1).log();
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => (Parts(u, v, theta[0]).LogSum / theta[0]).expm1().neg();

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var (logRestU, logRestV, logSum) = Parts(u, v, t);
        return (t.reciprocal() - 1) * logSum + (t - 1) * logRestV + LogInner(logRestU, t);
    }

    private protected override double TauCore(double[] theta)
    {
        double t = theta[0];
        return 1 - 4 / t * AdaptiveQuadrature.Integrate(Ratio, 0, 1);

        // phi / phi' of phi(1 - s) = -ln(1 - s^theta), times -theta.
        double Ratio(double s)
        {
            double x = Math.Pow(s, t);
            return x == 0 ? s : x == 1 ? 0 : -s * (1 - x) * SpecialFunctions.Log1p(-x) / x;
        }
    }

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (0, 2 - Math.Pow(2, 1 / theta[0]));

    // ln(1 - u), ln(1 - v) and ln(x + y - x y) = ln(1 - (1 - x)(1 - y)).
    private static (Tensor LogRestU, Tensor LogRestV, Tensor LogSum) Parts(Tensor u, Tensor v, Tensor theta)
    {
        var (logRestU, logRestV) = (u.neg().log1p(), v.neg().log1p());
        var inner = LogInner(logRestU, theta) + LogInner(logRestV, theta);                              // ln((1 - x)(1 - y))
        var near = inner.lt(-1);
        var far = logaddexp(theta * logRestU + LogInner(logRestV, theta), theta * logRestV);           // x (1 - y) + y
        return (logRestU, logRestV, where(near, SpecialFunctions.Log1mExp(inner.clamp_max(-0.5)), far));
    }
}
