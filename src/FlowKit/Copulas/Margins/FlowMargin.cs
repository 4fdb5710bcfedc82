using FlowKit.Distributions;
using FlowKit.Transforms;
using TorchSharp.Utils;

namespace FlowKit.Copulas;

/// <summary>A flow on the line as a margin: F(x) = F_base(f(x)) for an increasing transform f, so that it can be trained and its tails are those of the base.</summary>
/// <remarks>
/// <para>The marginal flow of Wiese, Knobloch, Korn 2019, arXiv:1907.03361, section 4: where f is affine beyond some bound, as <see cref="RationalQuadraticMap"/> is, x falls off as the base does, and a base with a power law
/// gives one to x. From a Gaussian base no such transform leads to a power law.</para>
/// <para>The transform and the base become parts of the margin and are converted to float64. f is increasing where it begins, and taken to stay so in training, as the maps of <see cref="ElementwiseTransform"/> do.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = randn(2000, 1, dtype: float64).abs().log();
/// var spline = new ElementwiseTransform(new RationalQuadraticMap(Bins: 8, TailBound: 6), [1]);
/// var margin = new FlowMargin(spline, new FamilyMargin(new StudentT(), 0, 0, Math.Log(3)));
/// var before = Trainer.NegativeLogLikelihood(margin, x);
/// Trainer.Fit(margin, x, options: new() { Steps = 200, LearningRate = 0.05 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(margin, x).Mean &lt; before.Mean - 0.1);       // => True
/// Console.WriteLine(margin.Cdf(margin.Quantile(tensor(new[] { 1e-12 }))).npstr());            // => [1e-12]
/// </code></example>
public sealed class FlowMargin : Margin
{
    /// <summary>The law of f⁻¹(z).</summary>
    /// <param name="transform">f, of events (1), increasing, without a context.</param>
    /// <param name="base">The law of z; null for the standard normal.</param>
    /// <exception cref="ArgumentException">The transform takes a context or other events, has no exact density, or is not increasing.</exception>
    public FlowMargin(Transform transform, Margin? @base = null) : base(nameof(FlowMargin))
    {
        ArgumentNullException.ThrowIfNull(transform);
        if (transform.ContextShape is not null) throw new ArgumentException($"{transform.GetName()} takes a context; a margin has none.", nameof(transform));
        if (!transform.IsBijection) throw new ArgumentException($"{transform.GetName()} is no bijection; expected an increasing map of the line.", nameof(transform));
        Shape one = 1;
        if (!one.Equals(transform.After(one, nameof(transform)))) throw new ArgumentException($"{transform.GetName()} gives latents {transform.LatentShape}; expected one number, (1).", nameof(transform));
        (Transform, Base) = (transform, @base ?? new FamilyMargin(new Normal(), 0, 0));
        RegisterComponents();
        this.to(float64);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var z = transform.Forward(tensor([-1.0, 1], [2, 1], dtype: float64, device: CPU)).Z;
        if (!(z[0, 0].ToDouble() < z[1, 0].ToDouble())) throw new ArgumentException($"{transform.GetName()} carries -1 to {z[0, 0].ToDouble()} and 1 to {z[1, 0].ToDouble()}; expected an increasing map.", nameof(transform));
    }

    /// <summary>f, data to latent.</summary>
    [field: ComponentName(Name = "transform")]
    public Transform Transform { get; }

    /// <summary>The law of z.</summary>
    [field: ComponentName(Name = "base")]
    public Margin Base { get; }

    /// <inheritdoc/>
    public override bool IsExact => Transform.IsExact;

    /// <inheritdoc/>
    public override bool IsReparameterized => Base.IsReparameterized && Transform.IsReparameterized;

    /// <inheritdoc/>
    protected override (Tensor Below, Tensor Above) LogTails(Tensor x)
    {
        var (below, above, _) = LawOf(Base, Latent(x).Z);
        return (below, above);
    }

    /// <inheritdoc/>
    protected override Tensor LogDensity(Tensor x)
    {
        var (z, logDet) = Latent(x);
        return LawOf(Base, z).LogDensity + logDet;
    }

    /// <inheritdoc/>
    protected override Tensor QuantileCore(Tensor p, bool upper) => Transform.Inverse(QuantileOf(Base, p, upper).unsqueeze(1).to(Precision)).X.select(1, 0).to(float64);

    private ScalarType Precision => Transform.parameters().FirstOrDefault()?.dtype ?? float64;

    // In the precision of the transform's parameters, (B) and (B).
    private (Tensor Z, Tensor LogDet) Latent(Tensor x)
    {
        var (z, logDet) = Transform.Forward(x.unsqueeze(1).to(Precision));
        return (z.select(1, 0).to(float64), logDet.to(float64));
    }
}
