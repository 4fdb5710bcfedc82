using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z = P L U x + b with a fixed permutation P, a unit lower triangle L and an upper triangle U whose diagonal is softplus(d) + 1e-3 > 0. Starts at P.</summary>
/// <remarks>
/// <para>log|det dz/dx| = H W sum of ln(softplus(d) + 1e-3). It cannot become singular.</para>
/// <para>Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, eq. 10, with the positive diagonal of the nflows library: as there, det(L U) > 0.</para>
/// <para>Shapes: x is (B, D) or (B, D, ...); W acts on dimension 1.</para>
/// </remarks>
/// <example><code>
/// // An LU layer between couplings mixes all features.
/// manual_seed(0);
/// Coupling Layer() => Coupling.WithMlp(Masks.Half(6, second: true), new RationalQuadraticMap(), [32]);
/// var flow = new Flow(new Chain(Layer(), new LuLinear(6), Layer(), new LuLinear(6), Layer()), new StandardNormal(6));
/// Console.WriteLine(flow.Sample(10));  // => [10x6], type = Float32, device = cpu
/// </code></example>
public sealed class LuLinear : LinearTransform
{
    private const double Least = 1e-3;

    private readonly Parameter packed;
    private readonly Parameter bias;

    /// <summary>P L U x + b, at the start P x.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="order">P: feature i of P y is feature order[i] of y; by default the identity.</param>
    /// <exception cref="ArgumentException">The order is no permutation of D features.</exception>
    public LuLinear(long features, IReadOnlyList<long>? order = null) : base(nameof(LuLinear), features)
    {
        order ??= [.. Enumerable.Range(0, (int)Size).Select(i => (long)i)];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, (int)Size).Select(i => (long)i)))
            throw new ArgumentException($"Expected each of 0..{features - 1} once; got ({string.Join(", ", order)}).", nameof(order));

        SetConstant("order", tensor(order.ToArray(), dtype: int64, device: CPU));
        packed = new Parameter(full(features, InverseSoftplus.Of(1 - Least), dtype: get_default_dtype(), device: CPU).diag_embed());
        bias = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    private protected override Tensor? Bias => bias;

    private protected override Tensor Weight() => Plu.Product(packed, Diagonal(), GetConstant("order"));

    private protected override Tensor InverseWeight() => Plu.Inverse(packed, Diagonal(), GetConstant("order"));

    private protected override Tensor? LogAbsDet() => Diagonal().log().sum();

    private Tensor Diagonal() => nn.functional.softplus(packed.diagonal()) + Least;
}
