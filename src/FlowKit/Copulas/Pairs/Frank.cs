using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Copulas;

/// <summary>Frank's family, theta > 0: C(u, v) = -ln(1 - (1 - e^(-theta u)) (1 - e^(-theta v)) / (1 - e^-theta)) / theta. No tail dependence, alike in both tails; independence at 0.</summary>
/// <remarks>Frank 1979, Aequationes Mathematicae 19:194. Negative theta are the rotations by 90 degrees: c(u, v; -theta) = c(1 - u, v; theta).</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new Frank().Tau(5):F4}");    // => 0.4567
/// </code></example>
public sealed record Frank : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1e-8, 200)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        return t.log() + (-t).expm1().neg().log() - t * (u + v) - 2 * LogDenominator(u, v, t);
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var weak = t.lt(1);
        var few = t.masked_fill(weak.logical_not(), 1);
        return where(weak, ((-few * u).expm1() * (-few * v).expm1() / (-few).expm1()).log1p() / -few,
            ((-t).expm1().neg().log() - LogDenominator(u, v, t)) / t);
    }

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        return (-t * u).expm1().neg().log() - t * v - LogDenominator(u, v, t);
    }

    // With x = e^(-theta u): 1 - x = p (1 - e^-theta) / (e^(-theta v) + p (1 - e^(-theta v))), and x itself where that is near 1.
    private protected override Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var denominator = p * (-t * v).expm1().neg() + (-t * v).exp();
        var rest = p * (-t).expm1().neg() / denominator;
        var near = rest.lt(0.5);
        var logX = logaddexp(p.neg().log1p() - t * v, p.log() - t) - denominator.log();
        return where(near, rest.masked_fill(near.logical_not(), 0.5).neg().log1p(), logX) / -t;
    }

    private protected override double TauCore(double[] theta)
    {
        double t = theta[0];
        if (t < 1e-4) return t / 9;
        double debye = AdaptiveQuadrature.Integrate(s => s == 0 ? 1 : s / SpecialFunctions.Expm1(s), 0, t) / t;
        return 1 - 4 / t * (1 - debye);
    }

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (0, 0);

    // (1 - e^-theta) - (1 - e^(-theta u)) (1 - e^(-theta v)), a sum of two positive numbers: e^(-theta u) (1 - e^(-theta v)) + e^(-theta v) (1 - e^(-theta (1 - v))).
    private static Tensor LogDenominator(Tensor u, Tensor v, Tensor theta) =>
        logaddexp((-theta * v).expm1().neg().log() - theta * u, SpecialFunctions.Log1mExp(-theta * (1 - v)) - theta * v);
}
