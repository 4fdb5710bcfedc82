using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>The family BB1, theta > 0 and delta >= 1: C(u, v) = (1 + ((u^-theta - 1)^delta + (v^-theta - 1)^delta)^(1/delta))^(-1/theta). Dependence in both tails, 2^(-1/(theta delta)) below and 2 - 2^(1/delta) above.</summary>
/// <remarks>Joe 2014, section 4.17. Clayton's family at delta = 1, Gumbel's in the limit theta = 0.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new BB1().Tau(0.5, 1.5):F4}");    // => 0.4667
/// </code></example>
public sealed record BB1 : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1e-6, 20), new("delta", 1, 20)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var (t, d) = (theta[0], theta[1]);
        var (a, b) = (-u.log(), -v.log());
        var (logX, logY, logR) = Parts(a, b, t, d);
        var grown = nn.functional.softplus(logR);                                                       // ln(1 + R)
        var last = logaddexp((1 + t * d).log() + logR, (t * (d - 1)).clamp_min(1e-300).log()) - logR - grown;
        return LogGiven(b, logY, logR, grown, t, d) + (1 - d) * logR + (d - 1) * logX + (t + 1) * a + last;
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) =>
        (nn.functional.softplus(Parts(-u.log(), -v.log(), theta[0], theta[1]).LogR) / -theta[0]).exp();

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var (_, logY, logR) = Parts(-u.log(), -v.log(), theta[0], theta[1]);
        return LogGiven(-v.log(), logY, logR, nn.functional.softplus(logR), theta[0], theta[1]);
    }

    private protected override double TauCore(double[] theta) => 1 - 2 / (theta[1] * (theta[0] + 2));

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (Math.Pow(2, -1 / (theta[0] * theta[1])), 2 - Math.Pow(2, 1 / theta[1]));

    private static Tensor LogGiven(Tensor b, Tensor logY, Tensor logR, Tensor grown, Tensor t, Tensor d) => (d - 1) * (logY - logR) + (t + 1) * b - (1 + t.reciprocal()) * grown;

    // ln(u^-theta - 1), ln(v^-theta - 1) and ln of the inner power R.
    private static (Tensor LogX, Tensor LogY, Tensor LogR) Parts(Tensor a, Tensor b, Tensor theta, Tensor delta)
    {
        var (x, y) = (theta * a, theta * b);
        var (logX, logY) = (x + SpecialFunctions.Log1mExp(-x), y + SpecialFunctions.Log1mExp(-y));
        return (logX, logY, logaddexp(delta * logX, delta * logY) / delta);
    }
}
