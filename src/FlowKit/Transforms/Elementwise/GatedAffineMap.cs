namespace FlowKit.Transforms;

/// <summary>y = sigma x + (1 - sigma) m with a gate sigma = sigmoid(s + Bias) in (0, 1) and theta = (m, s). ln|dy/dx| = ln sigma.</summary>
/// <remarks>
/// <para>The numerically stable step of the inverse autoregressive flow: y is between x and m, and sigma never exceeds 1. Kingma et al. 2016, arXiv:1606.04934, eq. 13-14 and algorithm 1.
/// It is the affine map with the shift (1 - sigma) m.</para>
/// <para>At theta = 0 it multiplies by sigmoid(Bias): with the default bias of 2 a flow starts near the identity, as the paper's bias of the forget gate has it do.</para>
/// </remarks>
/// <param name="Bias">Added to s, finite: 1 to 2 in the paper.</param>
/// <example><code>
/// var x = tensor(new[,] { { 1.0, 2 } });
/// var theta = tensor(new[,,] { { { 5.0, 0 }, { -2, 0 } } });          // m and s of both elements
/// var (y, logSlope) = new GatedAffineMap(Bias: 2).Forward(x, theta);
/// Console.WriteLine(y.npstr());                // => [[3, 1.7616]]
/// Console.WriteLine(logSlope.exp().npstr());   // => [[0.5, 0.8808]]
/// </code></example>
public sealed record GatedAffineMap(double Bias = 2) : ElementwiseMap
{
    /// <summary>Added to s, finite.</summary>
    public double Bias { get; init; } = double.IsFinite(Bias) ? Bias : throw new ArgumentOutOfRangeException(nameof(Bias), Bias, "Expected a finite number.");

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (m, s) = Parameters(theta);
        return (x * s.sigmoid() + m * s.neg().sigmoid(), nn.functional.logsigmoid(s));       // 1 - sigma as sigmoid(-s): an open gate passes x as it is, whatever m
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        var (m, s) = Parameters(theta);
        return (y + (y - m) * s.neg().exp(), -nn.functional.logsigmoid(s));
    }

    // No more than 80 of |s| is used, as of a log-scale, so that the inverse is finite.
    private (Tensor M, Tensor S) Parameters(Tensor theta) => (theta.select(1, 0), (theta.select(1, 1) + Bias).clamp(-80, 80));
}
