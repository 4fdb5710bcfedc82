using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>The copula of two Student numbers with nu degrees of freedom and correlation rho: tail dependence 2 T_(nu + 1)(-√((nu + 1)(1 - rho) / (1 + rho))) in both tails, also at rho = 0.</summary>
/// <remarks>Demarta, McNeil 2005, International Statistical Review 73:111. The Gaussian copula in the limit of large nu.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new StudentCopula().TailDependence(0.5, 4).Lower:F4}");    // => 0.2532
/// </code></example>
public sealed record StudentCopula : PairFamily
{
    private const int Many = 32;
    private static readonly StudentT student = new();
    private static readonly PairParameter[] Ranges = [new("rho", -EllipticalPair.Most, EllipticalPair.Most), new("nu", 1, 1e6)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta) => LogDensityOf(Quantile(u, theta[1]), Quantile(v, theta[1]), theta[0], theta[1]);

    private protected override (Tensor LogDensity, Tensor? LogFirst, Tensor? LogSecond) JointCore(Tensor u, Tensor v, Tensor[] theta, bool first, bool second)
    {
        var (rho, nu) = (theta[0], theta[1]);
        var (x, y) = (Quantile(u, nu), Quantile(v, nu));
        return (LogDensityOf(x, y, rho, nu), first ? LogGivenOf(x, y, rho, nu) : null, second ? LogGivenOf(y, x, rho, nu) : null);
    }

    private static Tensor LogDensityOf(Tensor x, Tensor y, Tensor rho, Tensor nu)
    {
        var rest = 1 - rho.square();
        // Gamma((nu + 2) / 2) Gamma(nu / 2) / Gamma((nu + 1) / 2)², by half steps that stay exact for large nu.
        var gammas = SpecialFunctions.LogGammaHalfStep((nu + 1) / 2) - SpecialFunctions.LogGammaHalfStep(nu / 2);
        // Squares of numbers far out would overflow: they are computed in units of the larger one.
        var largest = maximum(x.abs(), y.abs());
        var far = largest.gt(1e100);
        var unit = largest.masked_fill(far.logical_not(), 1);
        var joint = ((x / unit - rho * (y / unit)).square() / rest + (y / unit).square()) / nu;
        var logJoint = where(far, joint.masked_fill(far.logical_not(), 1).log() + 2 * unit.log(), joint.log1p());
        var root = nu.sqrt();
        return gammas - rest.log() / 2 - (nu + 2) / 2 * logJoint + (nu + 1) / 2 * (SpecialFunctions.Log1pSquare(x / root) + SpecialFunctions.Log1pSquare(y / root));
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var nu = theta[1].unsqueeze(-1);
        return EllipticalPair.Cdf(u, v, Quantile(u, theta[1]), Quantile(v, theta[1]), theta[0], half => ((half * 2 / nu).log1p() * (nu / -2)).exp());
    }

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta) => LogGivenOf(Quantile(u, theta[1]), Quantile(v, theta[1]), theta[0], theta[1]);

    private static Tensor LogGivenOf(Tensor x, Tensor y, Tensor rho, Tensor nu) => LogCdf((x - rho * y) / Spread(y, rho, nu), nu + 1);

    private protected override Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta)
    {
        var (rho, nu) = (theta[0], theta[1]);
        var y = Quantile(v, nu);
        var x = Quantile(p, nu + 1) * Spread(y, rho, nu) + rho * y;
        return LogCdf(x, nu).exp();
    }

    private protected override double TauCore(double[] theta) => 2 / Math.PI * Math.Asin(theta[0]);

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta)
    {
        var (rho, nu) = (theta[0], theta[1]);
        using var scope = NewDisposeScope();
        var edge = tensor([-Math.Sqrt((nu + 1) * (1 - rho) / (1 + rho))], dtype: float64, device: CPU);
        double tail = 2 * student.Cdf(edge, Standard(tensor([nu + 1], dtype: float64, device: CPU))).ToDouble();
        return (tail, tail);
    }

    // Given Y = y, X is Student with nu + 1 degrees of freedom around rho y, with this scale.
    private static Tensor Spread(Tensor y, Tensor rho, Tensor nu) => hypot(nu.sqrt(), y) * ((1 - rho.square()) / (nu + 1)).sqrt();

    private static Tensor Quantile(Tensor p, Tensor nu) => Table(p, nu)?.Quantile(p) ?? student.Quantile(p, Standard(nu));

    private static Tensor LogCdf(Tensor x, Tensor nu) => Table(x, nu)?.LogCdf(x) ?? student.LogCdf(x, Standard(nu));

    // For many numbers with one nu that need no gradient.
    private static StudentScores? Table(Tensor x, Tensor nu) =>
        x.numel() < Many || x.device_type != DeviceType.CPU || is_grad_enabled() && (x.requires_grad || nu.requires_grad) || nu.amin([]).ToDouble() is var least && nu.amax([]).ToDouble() != least
            ? null
            : StudentScores.Of(least);

    private static Tensor Standard(Tensor nu) => stack([zeros_like(nu), zeros_like(nu), nu.log()], dim: 1);
}
