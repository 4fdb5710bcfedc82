using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z = s x + b with one s > 0 and b a feature, a channel, or an element; set by the first training batch so that its z has mean 0 and sd 1, learned from then on.</summary>
/// <remarks>
/// <para>log|det dz/dx| = H W sum of ln s (H W = 1 for vectors). Inverse: x = (z - b) / s. Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, section 3.1. With s and b an element
/// (<see cref="PerElement"/>), as in the published code of Flow++ (Ho et al. 2019, arXiv:1902.00275), log|det dz/dx| = sum of ln s.</para>
/// <para>Only a Forward in training mode sets it, once; that it happened is saved and loaded with the parameters. Until then it is the identity.
/// A feature that does not vary in that batch keeps s = 1; a batch with values that are not finite is passed over.</para>
/// <para>Shapes: x is (B, D) or (B, D, ...); with s and b an element, (B, EventShape...).</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var norm = new ActNorm(3);
/// var z = norm.Forward(5 + 2 * randn(200, 3)).Z;                  // the first batch sets scale and shift
/// Console.WriteLine(norm.IsInitialized);                 // => True
/// Console.WriteLine($"{z.mean().abs().ToDouble():F2}");  // => 0.00
///
/// Console.WriteLine(ActNorm.PerElement([3, 8, 8]).ParameterCount);  // => 384
/// </code></example>
public sealed class ActNorm : Transform
{
    private readonly Parameter logScale;
    private readonly Parameter shift;
    private readonly Tensor initialized;

    /// <summary>Activation normalization of D features or channels.</summary>
    public ActNorm(long features) : this([Guard.Size(features, least: 1)], Shape.Leading(features)) { }

    private ActNorm(Shape parameters, Shape data) : base(nameof(ActNorm))
    {
        DataShape = data;
        logScale = new Parameter(zeros([.. parameters], dtype: get_default_dtype(), device: CPU));
        shift = new Parameter(zeros([.. parameters], dtype: get_default_dtype(), device: CPU));
        initialized = zeros(1, dtype: @bool, device: CPU);
        RegisterComponents();
    }

    /// <summary>Activation normalization with a scale and a shift of its own for every element of an event.</summary>
    /// <param name="eventShape">Sizes of one x without the batch, as (C, H, W).</param>
    public static ActNorm PerElement(params Shape eventShape)
    {
        Guard.Sizes(eventShape, dimensions: 1);
        return new(eventShape, eventShape);
    }

    /// <summary>Whether a batch has set scale and shift.</summary>
    public bool IsInitialized => initialized.ToBoolean();

    /// <summary>Whether the next Forward is the one that sets it.</summary>
    internal bool AwaitsBatch => training && !IsInitialized;

    /// <summary>s and b, (D) each.</summary>
    internal (Tensor Scale, Tensor Shift) ScaleAndShift => (logScale.exp(), shift);

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    private bool IsPerElement => !DataShape.IsOpen;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse) =>
        logScale.Dimensions > 1 || AwaitsBatch ? null : [new ScaleStep((int)logScale.size(0), inverse, [logScale, shift])];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        if (AwaitsBatch) Initialize(x);
        return (x * Along(logScale.exp(), x) + Along(shift, x), Volume(x, sign: 1));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        return ((z - Along(shift, z)) * Along(logScale.neg().exp(), z), Volume(z, sign: -1));
    }

    private Tensor Along(Tensor parameter, Tensor x) => IsPerElement ? parameter : Channels.Along(parameter, x);

    private Tensor Volume(Tensor x, int sign) => (logScale.sum() * (sign * (IsPerElement ? 1 : Channels.Positions(x)))).expand(x.size(0));

    private void Initialize(Tensor x)
    {
        if (x.numel() == 0) return;
        using var none = no_grad();
        var (mean, variance) = Channels.Moments(IsPerElement ? x.flatten(1) : x);
        if (!variance.isfinite().all().ToBoolean()) return;

        var varies = variance.gt(mean.square() * (x.dtype == float64 ? 1e-28 : 1e-12));
        logScale.copy_((variance.masked_fill(varies.logical_not(), 1).log() * -0.5).reshape(logScale.shape));
        shift.copy_(mean.neg().reshape(shift.shape) * logScale.exp());
        initialized.fill_(true);
    }
}
