namespace FlowKit.Transforms;

/// <summary>z = σ⁻¹ (x - μ) mod K, and back x = (μ + σ z) mod K, on one-hot codes of x and z: the modulo location-scale transform of discrete flows. With K = 2 it is x xor μ.</summary>
/// <remarks>
/// <para>Tran et al. 2019, Discrete Flows: Invertible Generative Models of Discrete Data, arXiv:1905.10347, eq. 4 to 6. μ and σ are the classes of largest logit; σ is chosen among the units of Z_K, which have an
/// inverse, by masking the others' logits. Values are exact; the gradient to the logits is that of a softmax at a temperature, passed straight through (section 4.3). Whole numbers have no volume: ln|dz/dx| = 0.</para>
/// <para>Shapes: an element is a code of K numbers. x and z are (B, ..., K); theta is (B, P, ..., K), the K logits of μ and, with a scale, the K of σ. At theta = 0 it is the identity.</para>
/// <para>It goes wherever an elementwise map goes: <see cref="Coupling"/> makes it the paper's bipartite flow, <see cref="MaskedAutoregressive"/> its autoregressive one. The paper's classes have no order that
/// it keeps: 0 and K - 1 are neighbors.</para>
/// </remarks>
/// <param name="Classes">K, 2 to 1024.</param>
/// <param name="HasScale">Whether there is a σ; without one it is 1.</param>
/// <param name="Temperature">tau > 0 of the gradient's softmax; the paper's is 0.1.</param>
/// <example><code>
/// var map = new ModuloMap(Classes: 5, HasScale: true);
/// Tensor Code(long k) => nn.functional.one_hot(tensor(new[] { k }), 5).to(float64).unsqueeze(1);   // (1, 1, 5)
/// var theta = stack([Code(1), Code(3)], dim: 1);                                                     // mu = 1, sigma = 3
/// var z = map.Forward(Code(2), theta).Y;
/// Console.WriteLine(z.npstr());                               // => [[[0, 0, 1, 0, 0]]]
/// Console.WriteLine(map.Inverse(z, theta).X.npstr());         // => [[[0, 0, 1, 0, 0]]]
/// Console.WriteLine((1 + 3 * 2) % 5);                         // => 2
/// </code></example>
public sealed record ModuloMap(int Classes, bool HasScale = false, double Temperature = 0.1) : ElementwiseMap
{
    private const int Most = 1024;            // its tables have K² entries

    /// <summary>K, 2 to 1024.</summary>
    public int Classes { get; init; } = Classes is >= 2 and <= Most ? Classes : throw new ArgumentOutOfRangeException(nameof(Classes), Classes, $"Expected 2 to {Most} classes.");

    /// <summary>tau > 0 of the gradient's softmax.</summary>
    public double Temperature { get; init; } = Temperature > 0 && double.IsFinite(Temperature) ? Temperature : throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "Expected a finite number > 0.");

    /// <summary>1, or 2 with a scale: a parameter is K logits, in the places of the code's K numbers.</summary>
    public override int ParameterCount => HasScale ? 2 : 1;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (mu, sigma) = Parameters(x, theta);
        var z = ModuloTables.Apply(Tables.Difference, x, mu);
        if (sigma is not null) z = ModuloTables.Apply(Tables.Quotient, z, sigma);
        return (z, zeros_like(z));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor z, Tensor theta)
    {
        var (mu, sigma) = Parameters(z, theta);
        var x = sigma is null ? z : ModuloTables.Apply(Tables.Product, z, sigma);
        x = ModuloTables.Apply(Tables.Sum, x, mu);
        return (x, zeros_like(x));
    }

    private ModuloTables Tables => ModuloTables.Of(Classes);

    private (Tensor Mu, Tensor? Sigma) Parameters(Tensor x, Tensor theta)
    {
        if (x.Dimensions < 3 || x.size(-1) != Classes)
            throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (B, ..., {Classes}): one-hot codes of {Classes} classes, as OneHot makes them.", nameof(x));

        var mu = StraightThrough.OneHot(theta.select(1, 0), Temperature);
        return (mu, HasScale ? StraightThrough.OneHot(Coprime(theta.select(1, 1)), Temperature) : null);
    }

    // Only what has an inverse can be chosen.
    private Tensor Coprime(Tensor logits) => logits.masked_fill(tensor(Tables.Units, dtype: @bool, device: logits.device).logical_not(), double.NegativeInfinity);
}
