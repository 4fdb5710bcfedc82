using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A conditioner of affine couplings whose log-scales are g tanh(a), with one learned g a transformed feature or channel: RealNVP's bound.</summary>
/// <remarks>
/// The network behind gives (a, t); this gives (g tanh(a), t). g starts at 1. Dinh et al. 2017, arXiv:1605.08803, section 4.1. <see cref="Transforms.AffineMap"/> bounds
/// log-scales once more, softly; a wide bound there leaves this one to itself. Shapes: (B, Inputs, ...) to (B, 2 C, ...).
/// </remarks>
/// <example><code>
/// // RealNVP's own bound of log-scales in an affine coupling.
/// manual_seed(0);
/// var coupling = new Coupling(Masks.Half(4, second: true), new AffineMap(),
///     (inputs, outputs) => TanhScale.Of(inputs, outputs, (inputs, outputs) => new Mlp(inputs, outputs, [32])));
/// Console.WriteLine(coupling.Forward(randn(10, 4)).Z);  // => [10x4], type = Float32, device = cpu
/// </code></example>
public sealed class TanhScale : Conditioner
{
    private readonly Conditioner inner;
    private readonly Parameter g;

    private TanhScale(Conditioner inner) : base(nameof(TanhScale), inner.Inputs, inner.Outputs, inner.ContextShape)
    {
        this.inner = inner;
        g = new Parameter(ones(inner.Outputs / 2, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <summary>The network with bounded log-scales.</summary>
    /// <param name="inputs">Features read.</param>
    /// <param name="outputs">Features given: an a and a t for each that is transformed.</param>
    /// <param name="inner">Makes the network behind from (inputs, outputs).</param>
    /// <exception cref="ArgumentException">The outputs are not pairs, or the network behind does not fit.</exception>
    public static TanhScale Of(long inputs, long outputs, Func<long, long, Conditioner> inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (outputs < 2 || outputs % 2 != 0) throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "Expected an even number >= 2: a log-scale and a shift each.");
        return new(Make(inner, inputs, outputs));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        var parts = inner.Forward(x, context).chunk(2, dim: 1);
        return cat([parts[0].tanh() * Along(parts[0]), parts[1]], dim: 1);
    }

    private Tensor Along(Tensor a) => g.reshape([-1, .. Enumerable.Repeat(1L, (int)a.Dimensions - 2)]);
}
