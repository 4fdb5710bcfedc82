namespace FlowKit.Distributions;

/// <summary>A distribution of axes: p(x) = (p_inner(x) + p_inner(-x))/2, which x and -x share. For unit quaternions, a law of rotations.</summary>
/// <remarks>
/// <para>The unit quaternions q and -q are one rotation: SO(3) is S^3 with antipodes glued. log p is the density of points of the sphere, each of the two; that of the axis or the rotation, counted once, is ln 2 more.</para>
/// <para>Antipodally symmetric laws: Mardia, Jupp 2000, Directional Statistics, section 9.4. p(x) and p(-x) agree to the last bit. Draws have a sign of their own, by a fair coin.</para>
/// </remarks>
/// <example><code>
/// // Axes near the first coordinate's: data of either sign are one mode, not two.
/// manual_seed(0);
/// var axes = randn(1000, 3) * 0.2 + tensor(new[] { 1f, 0, 0 });
/// var x = axes / axes.norm(1, keepdim: true) * (rand(1000, 1) - 0.5).sign();
/// var law = new AntipodalDistribution(SphereFlow.Recursive(dimension: 2, hidden: [16]));
/// Trainer.Fit(law, x, options: new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(law.LogProb(x).eq(law.LogProb(-x)).all().ToBoolean());                        // => True
/// Console.WriteLine(law.LogProb(x).mean().ToDouble() > -new UniformSphere(2).Entropy + 0.5);      // => True
/// </code></example>
public sealed class AntipodalDistribution : Distribution
{
    private readonly Distribution inner;

    /// <summary>The symmetric part of a distribution.</summary>
    /// <param name="inner">A density of vectors (D), on a sphere or any other set that holds -x with x.</param>
    /// <exception cref="ArgumentException">Its events are not vectors.</exception>
    public AntipodalDistribution(Distribution inner) : base(nameof(AntipodalDistribution), inner?.EventShape ?? throw new ArgumentNullException(nameof(inner)))
    {
        if (inner.EventShape.Count != 1) throw new ArgumentException($"{inner.GetName()} has events of shape {inner.EventShape}; expected vectors, as (4,) for quaternions.", nameof(inner));
        this.inner = inner;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => inner.IsExact;

    /// <inheritdoc/>
    public override bool IsReparameterized => inner.IsReparameterized;

    /// <inheritdoc/>
    public override Shape? ContextShape => inner.ContextShape;

    internal override bool IsOnSphere => inner.IsOnSphere;

    // Of x and -x the same one is always the first, so that both ask the inner law the same.
    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var first = x * SpherePoints.Side(x);
        return Average(inner.LogProb(first, context), inner.LogProb(-first, context));
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Turn(inner.Sample(count, context));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var (x, logProb) = inner.SampleWithLogProb(count, context);
        return (Turn(x), Average(logProb, inner.LogProb(-x, context)));
    }

    private static Tensor Average(Tensor logP, Tensor logQ) => SpecialFunctions.LogSumExp(stack([logP, logQ], dim: 1), 1) - Math.Log(2);

    private static Tensor Turn(Tensor x) => where(rand_like(x.detach().narrow(1, 0, 1)).lt(0.5), -x, x);
}
