using MathNet.Numerics.Integration;

namespace FlowKit.Data;

/// <summary>Two interleaving half circles of radius 1 with Gaussian noise: (cos a, sin a) or (1 - cos a, 1/2 - sin a), a uniform on [0, pi], plus N(0, sd² I).</summary>
/// <remarks>The density is the noise's, averaged along the two arcs by Gauss-Legendre quadrature, exact to 1e-10 for sd >= 0.03.</remarks>
/// <example><code>
/// manual_seed(0);
/// var moons = new TwoMoons(sd: 0.1);
/// var x = moons.Sample(1000);
/// Console.WriteLine(x);                                                                // => [1000x2], type = Float32, device = cpu
/// Console.WriteLine(moons.LogProb(tensor(new[,] { { 0.0, 1 }, { 0, -1 } })).npstr());  // => [-0.45297, -32.971]
/// Figures.Density(DensityGrid.Evaluate(x => moons.LogProb(x), (-2, 3), resolution: 60), samples: x)
/// </code></example>
public sealed class TwoMoons : ToyDensity
{
    private const int Nodes = 320;

    /// <summary>Two moons.</summary>
    /// <param name="sd">Standard deviation of the noise in each coordinate, >= 0.03.</param>
    public TwoMoons(double sd = 0.1) : base(nameof(TwoMoons))
    {
        Guard.Finite(sd);
        ArgumentOutOfRangeException.ThrowIfLessThan(sd, 0.03);
        StandardDeviation = sd;
        var rule = new GaussLegendreRule(0, 1, Nodes);
        SetConstant("arc", tensor([.. rule.Abscissas.SelectMany(u => Upper(Math.PI * u)), .. rule.Abscissas.SelectMany(u => Lower(Math.PI * u))], [2 * Nodes, 2], dtype: float64, device: CPU));
        SetConstant("logWeight", tensor([.. rule.Weights.Concat(rule.Weights).Select(w => Math.Log(w / 2))], dtype: float64, device: CPU));
    }

    /// <summary>Standard deviation of the noise in each coordinate.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-1 - 8 * StandardDeviation, 2 + 8 * StandardDeviation);

    /// <inheritdoc/>
    private protected override double FinestScale => StandardDeviation;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        double variance = StandardDeviation * StandardDeviation;
        var squares = (x.unsqueeze(1) - GetConstant("arc").to(x.dtype)).square().sum(2);        // (B, 2 Nodes)
        return (squares * (-0.5 / variance) + GetConstant("logWeight").to(x.dtype)).logsumexp(1) - Math.Log(2 * Math.PI * variance);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var angle = rand([count], dtype: Dtype, device: Device) * Math.PI;
        var lower = randint(0, 2, [count], dtype: int64, device: Device).to(Dtype);
        var sign = 1 - 2 * lower;
        var center = stack([sign * angle.cos() + lower, sign * angle.sin() + lower * 0.5], dim: 1);
        return center + randn([count, 2], dtype: Dtype, device: Device) * StandardDeviation;
    }

    private static double[] Upper(double angle) => [Math.Cos(angle), Math.Sin(angle)];

    private static double[] Lower(double angle) => [1 - Math.Cos(angle), 0.5 - Math.Sin(angle)];
}
