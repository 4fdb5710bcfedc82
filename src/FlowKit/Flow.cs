using FlowKit.Distributions;
using FlowKit.Transforms;
using TorchSharp.Utils;

namespace FlowKit;

/// <summary>A base distribution seen through a transform: z = f(x; c) ~ Base. A normalizing flow.</summary>
/// <remarks>
/// log p(x | c) = log p_Z(f(x; c)) + log|det df/dx|; exact, or a lower bound if a layer says so. Draws: z ~ Base, x = f⁻¹(z; c).
/// Rezende, Mohamed 2015, arXiv:1505.05770; Papamakarios et al. 2021, arXiv:1912.02762, eq. 4.
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var flow = new Flow(
///     new Chain(
///         Coupling.WithMlp(Masks.Half(2, second: true), new AffineMap(), [32]),
///         Coupling.WithMlp(Masks.Half(2, second: false), new AffineMap(), [32])),
///     new StandardNormal(2));
/// var x = flow.Sample(1000);
/// Console.WriteLine(x);                                                        // => [1000x2], type = Float32, device = cpu
/// Console.WriteLine(flow.LogProb(x));                                          // => [1000], type = Float32, device = cpu
/// var (z, logDet) = flow.Transform.Forward(x);
/// Console.WriteLine(flow.LogProb(x).allclose(flow.Base.LogProb(z) + logDet));  // => True
/// </code></example>
public sealed class Flow : Distribution
{
    /// <summary>The flow of <paramref name="transform"/> over <paramref name="base"/>.</summary>
    /// <exception cref="ArgumentException">The transform's latents are not the base's events, or the two want contexts of different shapes.</exception>
    public Flow(Transform transform, Distribution @base) : base(nameof(Flow), Events(transform, @base))
    {
        ContextShape = CommonContext(nameof(Flow), transform, @base);
        Transform = transform;
        Base = @base;
        RegisterComponents();
    }

    /// <summary>f, data to latent.</summary>
    [field: ComponentName(Name = "transform")]
    public Transform Transform { get; }

    /// <summary>The distribution of z.</summary>
    [field: ComponentName(Name = "base")]
    public Distribution Base { get; }

    /// <inheritdoc/>
    public override bool IsExact => Transform.IsExact && Base.IsExact;

    /// <inheritdoc/>
    public override bool IsReparameterized => Base.IsReparameterized && Transform.IsReparameterized;

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    internal override bool IsOnSphere => Transform.IsOnSphere;

    /// <summary>This flow with the draws of its base moved towards their center (T &lt; 1) or away from it: z = center + T (z - center). It shares the transform and its training.</summary>
    /// <param name="temperature">T > 0: 0.5 to 0.8 for cleaner and less diverse pictures (Kingma, Dhariwal 2018, arXiv:1807.03039, section 6).</param>
    /// <exception cref="ArgumentException">The base has no location and scale.</exception>
    public Flow AtTemperature(double temperature) => new(Transform, new Tempered(Base, temperature));

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        return IsOnSphere && x.is_floating_point() ? SpherePoints.LogProb(x, Through) : NothingAtInfinity(x, Through);

        Tensor Through(Tensor x)
        {
            var (z, logDet) = Transform.Forward(x, ContextOf(Transform, context));
            return Base.LogProb(z, ContextOf(Base, context)) + logDet;             // log p_Z(f(x)) + log|det|
        }
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        using var draw = DataStart.Draw();
        var z = Base.Sample(count, ContextOf(Base, context));
        return Transform.Inverse(z, ContextOf(Transform, context)).X;
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        using var draw = DataStart.Draw();
        var (z, logProb) = Base.SampleWithLogProb(count, ContextOf(Base, context));
        var (x, logDet) = Transform.Inverse(z, ContextOf(Transform, context));
        return (x, logProb - logDet);                                        // log p_Z(z) - log|det dx/dz|
    }

    private static Shape Events(Transform transform, Distribution @base)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(@base);
        var met = transform.LatentShape.Meet(@base.EventShape)
            ?? throw new ArgumentException($"The transform's latents are {transform.LatentShape}; the base's events are {@base.EventShape}.", nameof(@base));
        return transform.DataShape.IsFixed ? transform.DataShape : met;
    }
}
