namespace FlowKit.Copulas;

/// <summary>Independence, C(u, v) = u v: no parameters.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine(new Independence().Cdf(tensor(new[] { 0.5 }), tensor(new[] { 0.2 })).npstr());    // => [0.1]
/// </code></example>
public sealed record Independence : PairFamily
{
    /// <inheritdoc/>
    public override IReadOnlyList<PairParameter> Parameters => [];

    private protected override Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta) => (u + v) * 0;

    private protected override Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta) => u * v;

    private protected override Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta) => u.log() + v * 0;

    private protected override Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta) => p + v * 0;

    private protected override double TauCore(double[] theta) => 0;

    private protected override (double Lower, double Upper) TailDependenceCore(double[] theta) => (0, 0);
}
