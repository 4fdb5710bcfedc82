namespace FlowKit.Copulas;

/// <summary>Gumbel's family, theta >= 1: C(u, v) = exp(-((-ln u)^theta + (-ln v)^theta)^(1/theta)). Upper tail dependence 2 - 2^(1/theta), none below; independence at 1.</summary>
/// <remarks>Gumbel 1960, Journal of the American Statistical Association 55:698. It is the extreme-value copula among the Archimedean ones.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new Gumbel().TailDependence(2).Upper:F4}");    // => 0.5858
/// </code></example>
public sealed record Gumbel : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1, 60)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var (a, b, logA, logB, logSum) = Parts(u, v, t);
        var sum = logSum.exp();
        return a + b - sum + (t - 1) * (logA + logB) + (1 - 2 * t) * logSum + (sum + t - 1).log();
    }

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => Parts(u, v, theta[0]).LogSum.exp().neg().exp();

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta)
    {
        var (_, b, _, logB, logSum) = Parts(u, v, theta[0]);
        return b - logSum.exp() + (theta[0] - 1) * (logB - logSum);
    }

    private protected override double TauCore(double[] theta) => 1 - 1 / theta[0];

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (0, 2 - Math.Pow(2, 1 / theta[0]));

    // a = -ln u, b = -ln v, and ln of (a^theta + b^theta)^(1/theta).
    private static (Tensor A, Tensor B, Tensor LogA, Tensor LogB, Tensor LogSum) Parts(Tensor u, Tensor v, Tensor theta)
    {
        var (a, b) = (-u.log(), -v.log());
        var (logA, logB) = (a.log(), b.log());
        return (a, b, logA, logB, logaddexp(theta * logA, theta * logB) / theta);
    }
}
