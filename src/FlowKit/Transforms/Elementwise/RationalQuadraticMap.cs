namespace FlowKit.Transforms;

/// <summary>A monotone rational-quadratic spline on [-TailBound, TailBound], the identity outside it. theta = (K widths, K heights, K - 1 inner slopes), raw.</summary>
/// <remarks>
/// Durkan, Bekasov, Murray, Papamakarios 2019, Neural spline flows, arXiv:1906.04032, section 3.1: widths and heights by softmax, slopes by softplus, each at least 1e-3;
/// the end slopes are 1, so that the line goes on smoothly. Where we depart from it: raw slopes are shifted by c = ln(e^0.999 - 1), so that theta = 0 is the identity.
/// Standardize the data first: what lies beyond the bound is not bent.
/// </remarks>
/// <param name="Bins">K, 2 to 500.</param>
/// <param name="TailBound">Half the length of the interval, > 0.</param>
/// <example><code>
/// manual_seed(0);
/// var map = new RationalQuadraticMap(Bins: 8, TailBound: 5);
/// var theta = randn(1, map.ParameterCount, 3, dtype: float64);
/// var x = tensor(new[,] { { -1.0, 4, 7 } });
/// var (y, logSlope) = map.Forward(x, theta);
/// Console.WriteLine(map.Inverse(y, theta).X.allclose(x));  // => True
/// Console.WriteLine(y[0, 2].ToDouble());                   // => 7
/// </code></example>
public sealed record RationalQuadraticMap(int Bins = 8, double TailBound = 5) : ElementwiseMap
{
    /// <summary>K, 2 to 500.</summary>
    public int Bins { get; init; } = RationalQuadraticSpline.CheckBins(Bins);

    /// <summary>Half the length of the interval, > 0.</summary>
    public double TailBound { get; init; } = TailBound > 0 && double.IsFinite(TailBound)
        ? TailBound
        : throw new ArgumentOutOfRangeException(nameof(TailBound), TailBound, "Expected a finite bound > 0.");

    /// <inheritdoc/>
    public override int ParameterCount => Spline.ParameterCount;

    internal override ITileMap Tiles => new SplineTiles(Spline);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta) => Spline.Forward(x, theta);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta) => Spline.Inverse(y, theta);

    private RationalQuadraticSpline Spline => new(Bins, -TailBound, TailBound, SplineEnds.Identity);
}
