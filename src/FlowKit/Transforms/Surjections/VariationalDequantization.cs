using FlowKit.Distributions;

namespace FlowKit.Transforms;

/// <summary>z = (x + u) / K with u ~ q(u | x) on [0, 1)^D learned: a tighter bound than with uniform noise.</summary>
/// <remarks>
/// <para>log P(x) >= E_q[log p(z) - log q(u | x)] - D ln K, with equality for q(u | x) = p(u | x): the contribution is -log q(u | x) - D ln K.
/// Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.1 and eq. 9.</para>
/// <para>q is a distribution of events of x's shape inside the unit cube, as a flow that begins with <see cref="Logit"/>; gradients reach it through its draws.
/// If it is conditional it is given x, scaled to [-1, 1]: its context has the shape of x.</para>
/// <para>Inverse: x = floor(K z), cut to 0..K-1. Each Forward draws new noise: average several draws to evaluate.</para>
/// </remarks>
/// <example><code>
/// // Noise u of a learned law in the unit cube: a flow that begins with a logit.
/// manual_seed(0);
/// var noise = new Flow(new Logit(), new Normal().Learned(2));
/// var flow = new Flow(new Chain(new VariationalDequantization(levels: 4, noise), new Logit(), new LuLinear(2)), new StandardNormal(2));
/// var x = randint(0, 4, [500, 1]).expand(500, 2).to(float32);
/// var before = Trainer.NegativeLogLikelihood(flow, x);
/// Trainer.Fit(flow, x, options: new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(flow, x).Mean &lt; before.Mean);  // => True
/// </code></example>
public sealed class VariationalDequantization : Transform
{
    private readonly Distribution noise;
    private readonly int levels;

    /// <summary>Dequantization of K levels with learned noise.</summary>
    /// <param name="levels">K, 2 to 65536: 256 for 8-bit images.</param>
    /// <param name="noise">q(u | x).</param>
    /// <exception cref="ArgumentException">The noise is conditional on something other than x.</exception>
    public VariationalDequantization(int levels, Distribution noise) : base(nameof(VariationalDequantization))
    {
        Levels.Check(levels);
        ArgumentNullException.ThrowIfNull(noise);
        if (noise.ContextShape is { } context && !context.Equals(noise.EventShape))
            throw new ArgumentException($"The noise has a context of shape {context}; it is given x, of shape {noise.EventShape}.", nameof(noise));
        (this.levels, this.noise) = (levels, noise);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override Shape DataShape => noise.EventShape;

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (real, outside) = Levels.Read(x, levels, Dtype);
        using var start = DataStart.Noise();
        var (u, logQ) = noise.SampleWithLogProb(x.size(0), Condition(real));
        // x + u must not round up to the next level.
        double below = 1 - levels * (u.dtype == float64 ? 3e-16 : 1.2e-7);
        return ((real + u.clamp(0, below)) / levels, outside - logQ - Volume);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var scaled = z.to(Dtype) * levels;
        var x = scaled.detach().floor().clamp(0, levels - 1);
        return (x, noise.LogProb(scaled - x, Condition(x)) + Volume);
    }

    private double Volume => noise.Dimensions * Math.Log(levels);

    private Tensor? Condition(Tensor x) => noise.ContextShape is null ? null : x * (2.0 / (levels - 1)) - 1;
}
