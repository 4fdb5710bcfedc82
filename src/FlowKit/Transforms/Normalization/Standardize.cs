namespace FlowKit.Transforms;

/// <summary>z = (x - m) / s with the mean and sd of each feature, or channel, of given data. Fixed; saved with the model.</summary>
/// <remarks>
/// log|det dz/dx| = -H W sum of ln s (H W = 1 for vectors), so that log-likelihoods are those of the data in its own units. Inverse: x = s z + m.
/// Shapes: x is (B, D) or (B, D, ...).
/// </remarks>
/// <example><code>
/// // Log-likelihoods stay those of the data in its own units.
/// manual_seed(0);
/// var x = tensor(new[] { 170f, 70 }) + randn(500, 2) * tensor(new[] { 10f, 8 });
/// var model = SplineFlow.Create(features: 2, preprocessing: Standardize.Fit(x));
/// var entropy = new Normal().Fixed(mean: zeros(2), scale: tensor(new[] { 10.0, 8 })).Entropy().ToDouble();
/// Console.WriteLine(Math.Abs(Trainer.NegativeLogLikelihood(model, x).Mean - entropy) &lt; 0.2);  // => True
/// </code></example>
public sealed class Standardize : Transform
{
    private readonly Tensor mean;
    private readonly Tensor scale;

    /// <summary>(x - mean) / scale.</summary>
    /// <param name="mean">(D).</param>
    /// <param name="scale">(D), finite and > 0.</param>
    public Standardize(Tensor mean, Tensor scale) : base(nameof(Standardize))
    {
        Guard.Number(mean);
        Guard.Number(scale);
        if (mean.Dimensions != 1 || mean.size(0) < 1) throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected (D,).", nameof(mean));
        if (scale.Dimensions != 1 || scale.size(0) != mean.size(0)) throw new ArgumentException($"scale has shape {Guard.Describe(scale)}; expected ({mean.size(0)},).", nameof(scale));
        Refuse(mean.isfinite().logical_not(), "mean is not finite at", nameof(mean));
        Refuse(scale.gt(0).logical_and(scale.isfinite()).logical_not(), "scale is not finite and > 0 at", nameof(scale));
        this.mean = mean.detach().clone();
        this.scale = scale.detach().clone();
        RegisterComponents();
    }

    /// <summary>The standardization of that data.</summary>
    /// <param name="data">(N, D) or (N, D, ...), N >= 2.</param>
    /// <exception cref="ArgumentException">A feature is constant, or holds a value that is not finite; the message says which.</exception>
    public static Standardize Fit(Tensor data)
    {
        Guard.Number(data);
        if (data.Dimensions < 2 || data.size(0) < 2 || data.numel() == 0)
            throw new ArgumentException($"data has shape {Guard.Describe(data)}; expected (N, D) or (N, D, ...) with N >= 2.", nameof(data));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var exact = data.to(float64);
        var (mean, variance) = Channels.Moments(exact);
        Refuse(variance.isfinite().logical_not(), "data has values that are not finite in features", nameof(data));
        Refuse(variance.le(mean.square() * 1e-28), "data is constant in features", nameof(data));
        var dtype = data.is_floating_point() ? data.dtype : get_default_dtype();
        return new(mean.to(dtype), variance.sqrt().to(dtype));
    }

    /// <inheritdoc/>
    public override Shape DataShape => Shape.Leading(mean.size(0));

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        return ((x - Channels.Along(mean, x)) / Channels.Along(scale, x), Volume(x, sign: -1));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        return (z * Channels.Along(scale, z) + Channels.Along(mean, z), Volume(z, sign: 1));
    }

    private Tensor Volume(Tensor x, int sign) => (scale.log().sum() * (sign * Channels.Positions(x))).expand(x.size(0));

    private static void Refuse(Tensor bad, string what, string name)
    {
        if (bad.any().ToBoolean())
            throw new ArgumentException($"{what} {string.Join(", ", bad.nonzero().flatten().data<long>().ToArray())}.", name);
    }
}
