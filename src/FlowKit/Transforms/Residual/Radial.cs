namespace FlowKit.Transforms;

/// <summary>f(z) = z + beta (z - z0) / (alpha + r), r = |z - z0|: stretches or shrinks space around one point.</summary>
/// <remarks>
/// <para>With g = alpha + beta: f scales z - z0 by (g + r)/(alpha + r), log|det| = (D - 1) ln((g + r)/(alpha + r)) + ln((r² + 2 alpha r + alpha g)/(alpha + r)²).
/// alpha = softplus(a) > 0 and beta = -alpha + softplus(b), that is g = softplus(b) > 0, keep f invertible. Rezende, Mohamed 2015, arXiv:1505.05770, eq. 14 and appendix A.2.
/// Inverse in closed form: r is the positive root of r² + (g - s) r - alpha s = 0, s = |y - z0|.</para>
/// <para>Direction: Forward is the paper's f, which there carries base to sample; a flow trained through its samples uses <c>radial.Inverted</c>.</para>
/// <para>It starts at the identity, alpha = g = 1, z0 ~ N(0, I). Shapes: z is (B, D). With a context, z0, a and b are read from it.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var radial = new Radial(2);
/// var x = randn(10, 2);
/// Console.WriteLine(radial.Forward(x).Z.allclose(x, atol: 1e-6));                    // => True
/// foreach (var weight in radial.parameters()) nn.init.normal_(weight);
/// Console.WriteLine(radial.Inverse(radial.Forward(x).Z).X.allclose(x, atol: 1e-5));  // => True
/// </code></example>
public sealed class Radial : Transform
{
    private readonly ContextParameters theta;
    private readonly long features;

    /// <summary>A radial layer.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="hidden">Hidden widths of the network that reads the context; none makes it linear.</param>
    public Radial(long features, Shape? contextShape = null, IReadOnlyList<long>? hidden = null) : base(nameof(Radial))
    {
        Guard.Size(features, least: 1);
        this.features = features;
        var center = randn(features, dtype: get_default_dtype(), device: CPU);
        theta = new ContextParameters(cat([center, full(2, InverseSoftplus.Of(1), dtype: center.dtype, device: CPU)]), contextShape, hidden);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape => theta.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape => [features];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (center, alpha, g) = Parameters(context);
        var offset = x - center;
        var r = Length(offset);
        return (center + offset * ((g + r) / (alpha + r)), LogDet(r, alpha, g));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (center, alpha, g) = Parameters(context);
        var offset = z - center;
        var s = Length(offset);
        var unit = s.detach().clamp_min(1);                                  // in whose measure no square overflows
        var (share, half) = (s / unit, (g - s) / unit / 2);
        var root = (half.square() + alpha / unit * share).sqrt();
        // The root as written where it does not cancel, and as product over other root where it does.
        var r = where(half.gt(0), alpha * share / (half.abs() + root), (half.abs() + root) * unit);
        return (center + offset * ((alpha + r) / (g + r)), -LogDet(r, alpha, g));
    }

    private (Tensor Center, Tensor Alpha, Tensor G) Parameters(Tensor? context)
    {
        var parts = theta.Read(context, features, 1, 1);
        return (parts[0], nn.functional.softplus(parts[1]), nn.functional.softplus(parts[2]));
    }

    private static Tensor Length(Tensor offset)
    {
        var unit = offset.detach().abs().amax([1], keepdim: true).clamp_min(1);
        return linalg.vector_norm(offset / unit, 2, [1], keepdim: true) * unit;
    }

    // With p = r / (alpha + r), q = 1 - p and h = g / (alpha + r): the scale p + h, and its slope p (1 + q) + q h.
    private Tensor LogDet(Tensor r, Tensor alpha, Tensor g)
    {
        var whole = alpha + r;
        var (p, q, h) = (r / whole, alpha / whole, g / whole);
        var (across, along) = ((p + h).log(), (p * (1 + q) + q * h).log());
        return (across * (features - 1) + along).squeeze(1);
    }
}
