namespace FlowKit.Transforms;

/// <summary>y = x + round(g u theta): carries whole numbers to whole numbers, and its inverse subtracts the same rounded number. In a <see cref="Coupling"/> it makes the layer of integer discrete flows.</summary>
/// <remarks>
/// <para>Hoogeboom et al. 2019, arXiv:1905.07376, eq. 5 and 6. A bijection of whole numbers has no volume to change: its log-slope is 0. Rounding has the gradient of the identity, straight through (Bengio et al.
/// 2013, arXiv:1308.3432), so that theta learns; the gradient is biased, more so with every layer.</para>
/// <para>The conditioner reads (x - Middle) / Unit and answers in Gain units, both of order one, where the paper divides its data by 256; Middle and Unit of powers of two lose no digit.</para>
/// <para>Exact as long as the numbers are whole in the tensor's precision: below 2^24 in float32 and 2^53 in float64, which tensors of integers become.</para>
/// </remarks>
/// <param name="Middle">What the conditioner reads as 0.</param>
/// <param name="Unit">u > 0: what it reads as 1.</param>
/// <param name="Gain">g > 0: an answer of 1 shifts by g units. The smaller it is, the smaller the shift that one step of an optimizer changes, and the calmer is the training.</param>
/// <example><code>
/// var map = new IntegerShiftMap(Unit: 4);
/// var x = tensor(new[,] { { 3.0, -7, 1e12 } });
/// var theta = tensor(new[,,] { { { 0.6, -0.3, 2.1 } } });             // shifts of 2.4, -1.2 and 8.4
/// var (y, _) = map.Forward(x, theta);
/// Console.WriteLine(string.Join(", ", (y - x).data&lt;double>()));                  // => 2, -1, 8
/// Console.WriteLine(map.Inverse(y, theta).X.eq(x).all().ToBoolean());         // => True
/// </code></example>
public sealed record IntegerShiftMap(double Middle = 0, double Unit = 1, double Gain = 1) : ElementwiseMap
{
    /// <summary>What the conditioner reads as 0.</summary>
    public double Middle { get; init; } = double.IsFinite(Middle) ? Middle : throw new ArgumentOutOfRangeException(nameof(Middle), Middle, "Expected a finite number.");

    /// <summary>u > 0: what the conditioner reads as 1.</summary>
    public double Unit { get; init; } = Unit > 0 && double.IsFinite(Unit) ? Unit : throw new ArgumentOutOfRangeException(nameof(Unit), Unit, "Expected a finite number > 0.");

    /// <summary>g > 0: an answer of 1 shifts by g units.</summary>
    public double Gain { get; init; } = Gain > 0 && double.IsFinite(Gain) ? Gain : throw new ArgumentOutOfRangeException(nameof(Gain), Gain, "Expected a finite number > 0.");

    /// <inheritdoc/>
    public override int ParameterCount => 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <summary>(x - Middle) / Unit.</summary>
    /// <inheritdoc/>
    public override Tensor Encode(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (x - Middle) / Unit;
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta) => (x + Shift(theta), zeros_like(x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta) => (y - Shift(theta), zeros_like(y));

    // t + (round(t) - t) is round(t) to the last digit: the difference of two numbers so near to each other is exact.
    private Tensor Shift(Tensor theta)
    {
        var t = theta.select(1, 0) * (Gain * Unit);
        return t + (t.round() - t).detach();
    }
}
