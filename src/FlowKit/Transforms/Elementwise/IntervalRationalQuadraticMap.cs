namespace FlowKit.Transforms;

/// <summary>A monotone rational-quadratic spline of [Low, High] onto itself, with free slopes at both ends. theta = (K widths, K heights, K + 1 slopes), raw.</summary>
/// <remarks>
/// <para>The spline of Durkan et al. 2019, arXiv:1906.04032, without tails, as Rezende et al. 2020, arXiv:2002.02428, use it on [-1, 1]:
/// the end slopes are positive and finite. theta = 0 is the identity.</para>
/// <para>Outside the interval the value is the nearer end and the log-slope -inf: a density is zero there.</para>
/// </remarks>
/// <param name="Bins">K, 2 to 500.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, > Low.</param>
/// <example><code>
/// // A flow on [0, 1] over the uniform law; nothing leaves the interval.
/// manual_seed(0);
/// var x = new Beta().Fixed(a: full(1, 2.0), b: full(1, 5.0)).Sample(1000);
/// var flow = new Flow(new ElementwiseTransform(new IntervalRationalQuadraticMap(Bins: 8), [1]), new Uniform(zeros(1), ones(1)));
/// Trainer.Fit(flow, x, options: new() { Steps = 200, LearningRate = 0.05 });
/// Console.WriteLine($"{flow.Sample(2000).mean().ToDouble():F1}, {2.0 / 7:F1}");  // => 0.3, 0.3
/// </code></example>
public sealed record IntervalRationalQuadraticMap(int Bins = 8, double Low = 0, double High = 1) : ElementwiseMap
{
    /// <summary>K, 2 to 500.</summary>
    public int Bins { get; init; } = RationalQuadraticSpline.CheckBins(Bins);

    /// <summary>The upper end, > Low.</summary>
    public double High { get; init; } = Low < High && double.IsFinite(High - Low)
        ? High
        : throw new ArgumentOutOfRangeException(nameof(High), High, $"Expected a finite interval with Low < High; Low is {Low}.");

    /// <inheritdoc/>
    public override int ParameterCount => Spline.ParameterCount;

    internal override ITileMap Tiles => new SplineTiles(Spline);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta) => Spline.Forward(x, theta);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta) => Spline.Inverse(y, theta);

    private RationalQuadraticSpline Spline => new(Bins, Low, High, SplineEnds.Free);
}
