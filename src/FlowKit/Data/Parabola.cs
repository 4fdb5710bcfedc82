namespace FlowKit.Data;

/// <summary>x2 ~ N(0, 4), x1 | x2 ~ N(x2² / 4, 1): the density of MAF's Figure 1. Its entropy is ln(2 pi e) + ln 2 = 3.531024 nats.</summary>
/// <remarks>
/// Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057. With x2 first, both conditionals are normal; with x1 first, x2 | x1 has two modes, and the best that normal conditionals
/// reach is <see cref="ToyDensity.SingleCouplingFloors"/> for a model that reads x1: 3.866453 nats.
/// </remarks>
/// <example><code>
/// var parabola = new Parabola();
/// Console.WriteLine($"{parabola.Entropy:F6}");                               // => 3.531024
/// Console.WriteLine($"{parabola.SingleCouplingFloors(reads: 0).Affine:F5}");  // => 3.86645
/// Console.WriteLine($"{parabola.SingleCouplingFloors(reads: 1).Affine:F5}");  // => 3.53102
/// </code></example>
public sealed class Parabola : ToyDensity
{
    private const double Width = 2;          // of x2

    /// <summary>The parabola.</summary>
    public Parabola() : base(nameof(Parabola)) => RegisterComponents();

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-72, 72);            // x2 within 8 standard deviations, x1 within 8 of their parabola

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => Math.Log(2 * Math.PI * Math.E) + Math.Log(Width);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var x2 = x.select(1, 1);
        var e1 = x.select(1, 0) - x2.square() / 4;
        return ((x2 / Width).square() + e1.square()) * -0.5 - Math.Log(2 * Math.PI * Width);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var e = randn([count, 2], dtype: Dtype, device: Device);
        var x2 = e.select(1, 1) * Width;
        return stack([e.select(1, 0) + x2.square() / 4, x2], dim: 1);
    }
}
