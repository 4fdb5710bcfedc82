using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>The copula of two normal numbers with correlation rho in (-1, 1). No tail dependence, however large rho is.</summary>
/// <remarks>ln c = -ln(1 - rho²) / 2 - (rho² (x² + y²) - 2 rho x y) / (2 (1 - rho²)) with x and y the normal quantiles of u and v. E[ln c] = -ln(1 - rho²) / 2.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new GaussianCopula().FromTau(0.5):F4}");    // => 0.7071
/// </code></example>
public sealed record GaussianCopula : PairFamily
{
    private static readonly Normal normal = new();
    private static readonly PairParameter[] Ranges = [new("rho", -EllipticalPair.Most, EllipticalPair.Most)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta) => LogDensityOf(Quantile(u), Quantile(v), theta[0]);

    private protected override (Tensor LogDensity, Tensor? LogFirst, Tensor? LogSecond) JointCore(Tensor u, Tensor v, Tensor[] theta, bool first, bool second)
    {
        var (x, y, rho) = (Quantile(u), Quantile(v), theta[0]);
        return (LogDensityOf(x, y, rho), first ? LogGivenOf(x, y, rho) : null, second ? LogGivenOf(y, x, rho) : null);
    }

    private static Tensor LogDensityOf(Tensor x, Tensor y, Tensor rho)
    {
        var rest = 1 - rho.square();
        return rest.log() / -2 - rho * (rho * (x.square() + y.square()) - 2 * x * y) / (2 * rest);
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => EllipticalPair.Cdf(u, v, Quantile(u), Quantile(v), theta[0], half => half.neg().exp());

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta) => LogGivenOf(Quantile(u), Quantile(v), theta[0]);

    private static Tensor LogGivenOf(Tensor x, Tensor y, Tensor rho)
    {
        var z = (x - rho * y) / (1 - rho.square()).sqrt();
        return normal.LogCdf(z, Standard(z));
    }

    private protected override Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta)
    {
        var z = Quantile(p) * (1 - theta[0].square()).sqrt() + theta[0] * Quantile(v);
        return normal.Cdf(z, Standard(z));
    }

    private protected override double TauCore(double[] theta) => 2 / Math.PI * Math.Asin(theta[0]);

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (0, 0);

    private static Tensor Quantile(Tensor p) => special.ndtri(p);

    private static Tensor Standard(Tensor x) => zeros([1, 2, .. x.shape[1..]], dtype: float64, device: x.device);
}
