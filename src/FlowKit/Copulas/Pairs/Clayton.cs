using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>Clayton's family, theta > 0: C(u, v) = (u^-theta + v^-theta - 1)^(-1/theta). Lower tail dependence 2^(-1/theta), none above; independence at 0.</summary>
/// <remarks>Clayton 1978, Biometrika 65:141. E[ln c] is ln 2 - 1/2 at theta = 1.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine($"{new Clayton().FromTau(0.5):F4}");    // => 2.0000
/// </code></example>
public sealed record Clayton : PairFamily
{
    private static readonly PairParameter[] Ranges = [new("theta", 1e-10, 100)];

    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => Ranges;

    /// <summary>ln(e^x + e^y - 1), x, y >= 0.</summary>
    internal static Tensor LogSum(Tensor x, Tensor y)
    {
        var most = maximum(x, y);
        var small = most.lt(1);
        return where(small, (x.masked_fill(small.logical_not(), 0).expm1() + y.masked_fill(small.logical_not(), 0).expm1()).log1p(),
            most + ((x - most).exp() + (y - most).exp() - (-most).exp()).clamp_min(0.5).log());
    }

    /// <summary>ln c, from a = -ln u and b = -ln v.</summary>
    internal static Tensor LogDensityOf(Tensor a, Tensor b, Tensor theta) => theta.log1p() + (theta + 1) * (a + b) - (2 + theta.reciprocal()) * LogSum(theta * a, theta * b);

    /// <summary>ln h(u | v), from a = -ln u and b = -ln v.</summary>
    internal static Tensor LogGivenOf(Tensor a, Tensor b, Tensor theta) => (theta + 1) * b - (1 + theta.reciprocal()) * LogSum(theta * a, theta * b);

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta) => LogDensityOf(-u.log(), -v.log(), theta[0]);

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => (LogSum(theta[0] * -u.log(), theta[0] * -v.log()) / -theta[0]).exp();

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta) => LogGivenOf(-u.log(), -v.log(), theta[0]);

    // theta a = ln(1 + e^(theta b) (p^(-theta / (1 + theta)) - 1)).
    private protected override Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta)
    {
        var t = theta[0];
        var rise = -p.log() * t / (t + 1);
        var logExpm1 = rise + SpecialFunctions.Log1mExp(-rise);
        return (nn.functional.softplus(logExpm1 - t * v.log()) / -t).exp();
    }

    private protected override double TauCore(double[] theta) => theta[0] / (theta[0] + 2);

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (Math.Pow(2, -1 / theta[0]), 0);
}
