namespace FlowKit.Transforms;

/// <summary>f(z) = z + û tanh(wᵀz + b): bends space across one hyperplane. log|det| = ln(1 + tanh'(wᵀz + b) wᵀû).</summary>
/// <remarks>
/// <para>û = u + (m(wᵀu) - wᵀu) w/|w|² with m(a) = softplus(a) - 1 keeps wᵀû > -1, so that f is invertible. Rezende, Mohamed 2015, arXiv:1505.05770,
/// eq. 10-12 and appendix A.1. The inverse solves a + wᵀû tanh(a) = wᵀy + b for the scalar a, bracketed, then z = y - û tanh(a).</para>
/// <para>Direction: Forward is the paper's f, which there carries base to sample. A flow trained through its samples uses <c>planar.Inverted</c>,
/// whose density of a draw costs no equation.</para>
/// <para>It starts near the identity: w ~ N(0, I), wᵀu = ln(e - 1), where m = 0. From small random u every layer would start as a contraction by ln 2.</para>
/// <para>Shapes: z is (B, D). With a context, u, w and b are read from it.</para>
/// </remarks>
/// <example><code>
/// // A normal law bent by planar layers, in the paper's direction: draws are cheap, and train by reverse KL.
/// manual_seed(0);
/// var q = new Flow(new Chain(Enumerable.Range(0, 4).Select(_ => new Planar(2).Inverted)), new StandardNormal(2));
/// var history = Trainer.Fit(q, () => Objectives.ReverseKl(q, x => new Banana().LogProb(x), draws: 64), new() { Steps = 60, LearningRate = 1e-2 });
/// Console.WriteLine(q.Sample(10));  // => [10x2], type = Float32, device = cpu
/// </code></example>
public sealed class Planar : Transform
{
    private readonly ContextParameters theta;
    private readonly long features;

    /// <summary>A planar layer.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="hidden">Hidden widths of the network that reads the context; none makes it linear.</param>
    public Planar(long features, Shape? contextShape = null, IReadOnlyList<long>? hidden = null) : base(nameof(Planar))
    {
        Guard.Size(features, least: 1);
        this.features = features;
        var w = randn(features, dtype: get_default_dtype(), device: CPU);
        var u = w / w.square().sum() * InverseSoftplus.Of(1) + randn_like(w) * 0.01;
        theta = new ContextParameters(cat([u, w, zeros(1, dtype: w.dtype, device: CPU)]), contextShape, hidden);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape => theta.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape => [features];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var own = theta.Read(context);
        return FusedPlanar.Takes(x, own) ? FusedPlanar.Apply(x, own) : Bend(x, own);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (u, w, b, slope) = Parameters(theta.Read(context));
        var tanh = TanhEquation.Solve((slope - 1).expand(z.size(0), 1), Level(z, w, b)).tanh();
        return (z - u * tanh, -LogSlope(tanh, slope));
    }

    /// <inheritdoc/>
    internal override (Tensor Y, Tensor LogDet, int Layers)? Together(ArraySegment<Transform> layers, Tensor x, Tensor? context, bool inverse)
    {
        Planar[] run = inverse ? [] : [.. layers.TakeWhile(layer => layer is Planar).Cast<Planar>()];
        bool fits = run.Length > 1 && x.Dimensions == 2 && run.All(layer => layer.Dtype == x.dtype) && (context is null || context.dtype == x.dtype);
        if (!fits || x.device_type != DeviceType.CPU || FiniteTrace.IsOn || run.Any(layer => layer.Place != DeviceType.CPU)) return null;

        Tensor[] thetas = [.. run.Select(layer => layer.theta.Read(ContextOf(layer, context)))];
        if (!thetas.All(theta => FusedPlanar.Takes(x, theta))) return null;
        var (y, logDet) = FusedPlanar.Apply(x, thetas);
        return (y, logDet, run.Length);
    }

    /// <summary>f(x) and its log-determinant by ordinary operations.</summary>
    /// <param name="x">(B, D).</param>
    /// <param name="theta">(u, w, b), (1, 2 D + 1) or (B, 2 D + 1).</param>
    internal static (Tensor Z, Tensor LogDet) Bend(Tensor x, Tensor theta)
    {
        var (u, w, b, slope) = Parameters(theta);
        var tanh = Level(x, w, b).tanh();
        return (x + u * tanh, LogSlope(tanh, slope));
    }

    // û, w, b and 1 + wᵀû, which is softplus(wᵀu) wherever w is not 0.
    private static (Tensor U, Tensor W, Tensor B, Tensor Slope) Parameters(Tensor theta)
    {
        long features = (theta.size(1) - 1) / 2;
        var parts = theta.split([features, features, 1], dim: 1);
        var (u, w, b) = (parts[0], parts[1], parts[2]);
        var (along, squares) = ((w * u).sum(1, keepdim: true), w.square().sum(1, keepdim: true) + 1e-30);
        var (free, wanted) = (along + 1, nn.functional.softplus(along));     // 1 + wᵀu and 1 + wᵀû
        var share = 1 - 1e-30 / squares.detach();                            // |w|² / |w|²: 0 at w = 0, else 1
        return (u + (wanted - free) / squares * w, w, b, wanted * share + free * (1 - share));
    }

    // wᵀx + b.
    private static Tensor Level(Tensor x, Tensor w, Tensor b) => (x * w).sum(1, keepdim: true) + b;

    // 1 + tanh'(a) wᵀû, as a sum of two positive terms.
    private static Tensor LogSlope(Tensor tanh, Tensor slope)
    {
        var square = tanh.square();
        return (square + (1 - square) * slope).log().squeeze(1);
    }
}
