using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z_i = e^{s_i} x_i with one learned s a feature, or channel: NICE's last layer. Starts at the identity.</summary>
/// <remarks>
/// log|det dz/dx| = H W sum of s (H W = 1 for vectors), the same for every x. Inverse: x_i = e^{-s_i} z_i. Behind volume-preserving layers and before a standard prior,
/// <see cref="Spectrum"/> says how far the data reach along each latent, as the singular values of a principal component analysis do.
/// Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 3.3. Shapes: x is (B, D) or (B, D, ...).
/// </remarks>
/// <example><code>
/// // Latents that the data do not use have a spectrum near 0.
/// manual_seed(0);
/// var flow = new Flow(new DiagonalScaling(2), new StandardNormal(2));
/// Trainer.Fit(flow, randn(1000, 2) * tensor(new[] { 2f, 0.1f }), options: new() { Steps = 400, LearningRate = 0.05 });
/// Console.WriteLine(((DiagonalScaling)flow.Transform).Spectrum().npstr("F1"));  // => [2.0, 0.1]
/// </code></example>
public sealed class DiagonalScaling : Transform
{
    private readonly Parameter logScale;

    /// <summary>The scaling of D features or channels.</summary>
    /// <param name="features">D >= 1.</param>
    public DiagonalScaling(long features) : base(nameof(DiagonalScaling))
    {
        Guard.Size(features, least: 1);
        logScale = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape => Shape.Leading(logScale.size(0));

    /// <summary>1 / S_ii = e^{-s_i}, largest first, (D): near 0 where a latent is not used.</summary>
    public Tensor Spectrum()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return logScale.neg().exp().sort(0, descending: true).Values.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse) => [new ScaleStep((int)logScale.size(0), inverse, [logScale])];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Scale(x, sign: 1);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Scale(z, sign: -1);

    private (Tensor, Tensor) Scale(Tensor x, int sign)
    {
        var s = sign > 0 ? logScale : logScale.neg();
        return (x * Channels.Along(s.exp(), x), (s.sum() * Channels.Positions(x)).expand(x.size(0)));
    }
}
