namespace FlowKit.Transforms;

/// <summary>z = (x + u) / K with u uniform on [0, 1): carries integers 0..K-1 into the unit interval. Makes the log-likelihood a lower bound.</summary>
/// <remarks>
/// <para>For a density p on the interval, log P(x) = log of the integral of p over x's cell >= E_u[log p(z)] - D ln K (Jensen), so the contribution is -D ln K
/// and bits per dimension are those of a discrete model. Theis et al. 2016, arXiv:1511.01844, eq. 3-5.</para>
/// <para>x may be of any dtype. A number that is not whole is refused; one outside 0..K-1 has log-determinant -inf.</para>
/// <para>Inverse: x = floor(K z), cut to 0..K-1. Each Forward draws new noise: average several draws to evaluate.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var dequantize = new UniformDequantization(Digits.Levels);
/// var x = tensor(new[,] { { 0L, 8, 16 } });
/// var (z, bound) = dequantize.Forward(x);
/// Console.WriteLine(dequantize.Inverse(z).X.npstr());                   // => [[0, 8, 16]]
/// Console.WriteLine($"{bound.ToDouble():F4}, {-3 * Math.Log(17):F4}");  // => -8.4996, -8.4996
/// </code></example>
public sealed class UniformDequantization : Transform
{
    private readonly int levels;

    /// <summary>Dequantization of K levels.</summary>
    /// <param name="levels">K, 2 to 65536: 256 for 8-bit images, 17 for the 8x8 digits.</param>
    public UniformDequantization(int levels) : base(nameof(UniformDequantization))
    {
        this.levels = Levels.Check(levels);
    }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (real, outside) = Levels.Read(x, levels, Dtype);
        // x + u must not round up to x + 1, another level: u stays below 1 by more than the spacing of numbers around K.
        double below = 1 - levels * (real.dtype == float64 ? 1e-15 : 2.5e-7);
        var z = (real + rand_like(real).clamp_max(below)) / levels;
        return (z, outside - Volume(x));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        ((z * levels).floor().clamp(0, levels - 1), SameForAll(Volume(z), z));

    private double Volume(Tensor x) => x.size(0) == 0 ? 0 : (double)x.NumberOfElements / x.size(0) * Math.Log(levels);
}
