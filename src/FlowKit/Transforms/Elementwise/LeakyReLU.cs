namespace FlowKit.Transforms;

/// <summary>z = x for x >= 0, a x below. ln|dz/dx| = ln a where x &lt; 0.</summary>
/// <example><code>
/// var (z, logDet) = new LeakyReLU(slope: 0.1).Forward(tensor(new[,] { { 2.0, -3 } }));
/// Console.WriteLine($"{z.npstr()}, {logDet.npstr()}");  // => [[2, -0.3]], [-2.3026]
/// </code></example>
public sealed class LeakyReLU : Transform
{
    private readonly double slope;

    /// <summary>A kink at 0.</summary>
    /// <param name="slope">a > 0, the slope below 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">a is not a finite number > 0.</exception>
    public LeakyReLU(double slope = 0.01) : base(nameof(LeakyReLU))
    {
        if (!(slope > 0 && double.IsFinite(slope))) throw new ArgumentOutOfRangeException(nameof(slope), slope, "Expected a finite slope > 0.");
        this.slope = slope;
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Kink(x, slope);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Kink(z, 1 / slope);

    private static (Tensor, Tensor) Kink(Tensor x, double slope)
    {
        var below = x.lt(0);
        return (where(below, x * slope, x), SumEvent(zeros_like(x).masked_fill(below, Math.Log(slope))));
    }
}
