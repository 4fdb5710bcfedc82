namespace FlowKit.Data;

/// <summary>A long normal law wound up: e ~ N(0, diag(a², b²)), and each e is turned about the origin by t |e|, its distance times the twist. Two arms, and no change of area.</summary>
/// <remarks>A turn that depends on the distance alone has determinant 1, so the entropy is the normal's, ln(2 pi e a b), for every twist.</remarks>
/// <example><code>
/// manual_seed(0);
/// var spiral = new Spiral(length: 1, width: 0.2, twist: 2);
/// Console.WriteLine($"{spiral.Entropy:F6}");                                                  // => 1.228439
/// Console.WriteLine(Math.Abs(-spiral.LogProb(spiral.Sample(4000)).mean().ToDouble() - spiral.Entropy) &lt; 0.07);  // => True
/// </code></example>
public sealed class Spiral : ToyDensity
{
    /// <summary>A spiral about the origin.</summary>
    /// <param name="length">a > 0, the standard deviation along the arms.</param>
    /// <param name="width">b > 0, the one across them.</param>
    /// <param name="twist">t, radians per unit of distance; finite.</param>
    public Spiral(double length = 1, double width = 0.2, double twist = 2) : base(nameof(Spiral))
    {
        Guard.Finite(length);
        Guard.Finite(width);
        Guard.Finite(twist);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Length, Width, Twist) = (length, width, twist);
    }

    /// <summary>a.</summary>
    public double Length { get; }

    /// <summary>b.</summary>
    public double Width { get; }

    /// <summary>t.</summary>
    public double Twist { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (-8 * Math.Max(Length, Width), 8 * Math.Max(Length, Width));

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => Math.Log(2 * Math.PI * Math.E * Length * Width);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var e = Turn(x, -Twist);
        return ((e.select(1, 0) / Length).square() + (e.select(1, 1) / Width).square()) * -0.5 - Math.Log(Math.Tau * Length * Width);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var e = randn([count, 2], dtype: Dtype, device: Device);
        return Turn(stack([e.select(1, 0) * Length, e.select(1, 1) * Width], dim: 1), Twist);
    }

    private static Tensor Turn(Tensor x, double twist)
    {
        var (first, second) = (x.select(1, 0), x.select(1, 1));
        var angle = x.square().sum(1).clamp_min(1e-30).sqrt() * twist;
        var (cos, sin) = (angle.cos(), angle.sin());
        return stack([first * cos - second * sin, first * sin + second * cos], dim: 1);
    }
}
