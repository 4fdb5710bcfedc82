namespace FlowKit.Data;

/// <summary>A standard normal bent by a volume-preserving shear: x1 = e1, x2 = e2 + b e1² - c. Its entropy is the normal's, ln(2 pi e) = 2.837877 nats.</summary>
/// <remarks>One additive coupling represents it exactly: the truth a volume-preserving flow must reach.</remarks>
/// <example><code>
/// manual_seed(0);
/// var banana = new Banana(bend: 0.5, shift: 1);
/// var x = banana.Sample(1000);
/// Console.WriteLine($"{banana.Entropy:F6}");                                                 // => 2.837877
/// Console.WriteLine(Math.Abs(-banana.LogProb(x).mean().ToDouble() - banana.Entropy) &lt; 0.1);  // => True
/// </code></example>
public sealed class Banana : ToyDensity
{
    /// <summary>A banana.</summary>
    /// <param name="bend">b, how strongly it is bent; finite.</param>
    /// <param name="shift">c, how far it is moved down; finite.</param>
    public Banana(double bend = 0.5, double shift = 1) : base(nameof(Banana))
    {
        if (!double.IsFinite(bend)) throw new ArgumentOutOfRangeException(nameof(bend), bend, "Expected a finite number.");
        if (!double.IsFinite(shift)) throw new ArgumentOutOfRangeException(nameof(shift), shift, "Expected a finite number.");
        (Bend, Shift) = (bend, shift);
    }

    /// <summary>b.</summary>
    public double Bend { get; }

    /// <summary>c.</summary>
    public double Shift { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds
    {
        get
        {
            double reach = Math.Max(8, 8 + Math.Abs(Shift) + 64 * Math.Abs(Bend));
            return (-reach, reach);
        }
    }

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => Math.Log(2 * Math.PI * Math.E);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var x1 = x.select(1, 0);
        var e2 = x.select(1, 1) - x1.square() * Bend + Shift;
        return (x1.square() + e2.square()) * -0.5 - Math.Log(2 * Math.PI);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var e = randn([count, 2], dtype: Dtype, device: Device);
        var e1 = e.select(1, 0);
        return stack([e1, e.select(1, 1) + e1.square() * Bend - Shift], dim: 1);
    }
}
