using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>Both halves mapped in turn: v1 = tau(u1; h2(u2; c)), then v2 = tau(u2; h1(v1; c)). The block of invertible neural networks.</summary>
/// <remarks>
/// <para>log|det| is the sum of both couplings'. Ardizzone et al. 2019, Analyzing inverse problems with invertible neural networks, arXiv:1808.04730, eq. 7-8.
/// The paper bounds log-scales by (2c/pi) atan(s/c); the map here brings its own bound.</para>
/// <para>Shapes: x and z are (B, D) or (B, D, ...); the first ceil(D/2) features are u1.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// Transform Block() => new TwoSidedCoupling(features: 4, new AffineMap(), (inputs, outputs) => new Mlp(inputs, outputs, [32]));
/// var flow = new Flow(new Chain(Block(), Permutation.Random(4, seed: 0), Block()), new StandardNormal(4));
/// Console.WriteLine(flow.Sample(100));  // => [100x4], type = Float32, device = cpu
/// </code></example>
public sealed class TwoSidedCoupling : Transform
{
    private readonly Coupling first;
    private readonly Coupling second;

    /// <summary>A block of D features.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="map">How an element is mapped.</param>
    /// <param name="conditioner">Makes h2, then h1, from (inputs, outputs).</param>
    public TwoSidedCoupling(long features, ElementwiseMap map, Func<long, long, Conditioner> conditioner) : base(nameof(TwoSidedCoupling))
    {
        first = new Coupling(Masks.Half(features, second: false), map, conditioner);
        second = new Coupling(Masks.Half(features, second: true), map, conditioner);
        ContextShape = CommonContext(nameof(TwoSidedCoupling), first, second);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape => first.DataShape;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (half, one) = first.Forward(x, ContextOf(first, context));
        var (z, two) = second.Forward(half, ContextOf(second, context));
        return (z, one + two);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (half, two) = second.Inverse(z, ContextOf(second, context));
        var (x, one) = first.Inverse(half, ContextOf(first, context));
        return (x, one + two);
    }
}
