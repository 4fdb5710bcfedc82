namespace FlowKit.Data;

/// <summary>A density of the plane elsewhere and at another size: x = m + s y with y from another one. log p(x) = log p_y((x - m) / s) - 2 ln s, and the entropy grows by 2 ln s.</summary>
/// <example><code>
/// var away = new PlacedDensity(new Banana(), scale: 0.5, x: 3, y: 1);
/// Console.WriteLine($"{away.Entropy - new Banana().Entropy:F6}");      // => -1.386294
/// Console.WriteLine(away.LogProb(tensor(new[,] { { 3f, 1 } })).allclose(new Banana().LogProb(zeros(1, 2)) + Math.Log(4)));  // => True
/// </code></example>
public sealed class PlacedDensity : ToyDensity
{
    private readonly ToyDensity of;

    /// <summary>That density, scaled about the origin and then moved.</summary>
    /// <param name="density">The law of y; it becomes a part of this module.</param>
    /// <param name="scale">s > 0.</param>
    /// <param name="x">The first coordinate of m; finite.</param>
    /// <param name="y">The second coordinate of m; finite.</param>
    public PlacedDensity(ToyDensity density, double scale = 1, double x = 0, double y = 0) : base(nameof(PlacedDensity))
    {
        ArgumentNullException.ThrowIfNull(density);
        Guard.Finite(scale);
        Guard.Finite(x);
        Guard.Finite(y);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (of, Scale, At) = (density, scale, (x, y));
        RegisterComponents();
    }

    /// <summary>s.</summary>
    public double Scale { get; }

    /// <summary>m.</summary>
    public (double X, double Y) At { get; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (
        Scale * of.Bounds.Low + Math.Min(At.X, At.Y), Scale * of.Bounds.High + Math.Max(At.X, At.Y));

    /// <inheritdoc/>
    private protected override double ComputeEntropy() => of.Entropy + 2 * Math.Log(Scale);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => of.LogProb((x - Middle(x)) / Scale) - 2 * Math.Log(Scale);

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var y = of.Sample(count);
        return Middle(y) + y * Scale;
    }

    private Tensor Middle(Tensor like) => tensor([At.X, At.Y], dtype: like.dtype, device: like.device);
}
