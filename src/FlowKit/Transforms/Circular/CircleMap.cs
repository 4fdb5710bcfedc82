namespace FlowKit.Transforms;

/// <summary>A diffeomorphism of the circle, [0, 2 pi) with its ends glued: f(0) = 0, f(2 pi) = 2 pi, f' > 0 and f'(0) = f'(2 pi); or a convex combination of several of one kind; with a rotation
/// after it if wanted.</summary>
/// <remarks>
/// <para>Rezende, Papamakarios et al. 2020, Normalizing flows on tori and spheres, arXiv:2002.02428, section 2.1: the conditions, and convex combinations, which keep them:
/// f = sum of rho_k f_k, rho = softmax. Their inverse is found by bisection and Newton's steps on [0, 2 pi]; its gradients follow by the implicit function theorem.</para>
/// <para>An angle, in radians, may be any number and is taken modulo 2 pi; what comes back lies in [0, 2 pi). A rotation by a learned angle has log-slope 0, and moves the point 0, which f leaves where it is.</para>
/// <para>theta = (K logits of weights if K > 1, the P parameters of each map, P-major, the angle of the rotation if there is one), raw. theta = 0 is the identity, or near it if K > 1.</para>
/// </remarks>
/// <param name="Rotates">Whether a rotation by a learned angle follows, in radians.</param>
/// <example><code>
/// // A map of one's own, f(x) = x + c sin(x) with |c| &lt; 1. The inverse is found numerically.
/// sealed record SineMap(bool Rotates = false) : CircleMap(Rotates)
/// {
///     protected override int TermParameters => 1;
///
///     protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters)
///     {
///         var c = parameters.select(1, 0).tanh() * 0.99;
///         return (x + c * x.sin(), (c * x.cos()).log1p());
///     }
/// }
///
/// manual_seed(0);
/// var flow = TorusFlow.Create(angles: 2, layers: 2, map: new SineMap(Rotates: true));
/// var x = rand(100, 2) * 2 * Math.PI;
/// Console.WriteLine(flow.Transform.Inverse(flow.Transform.Forward(x).Z).X.allclose(x, atol: 1e-4));  // => True
/// </code></example>
public abstract record CircleMap(bool Rotates = false) : ElementwiseMap
{
    /// <inheritdoc/>
    public sealed override int ParameterCount => BendParameters + (Rotates ? 1 : 0);

    /// <summary>K, the maps of which f is a convex combination; 1 for none.</summary>
    protected virtual int Terms => 1;

    /// <summary>P, the parameters of each of them.</summary>
    protected abstract int TermParameters { get; }

    private int BendParameters => Terms * TermParameters + (Terms > 1 ? Terms : 0);

    /// <summary>What is added to a raw parameter of one of several maps: they must differ at theta = 0, since a conditioner that starts at zero would otherwise give all of them the same gradient for
    /// ever. Not called if K = 1.</summary>
    /// <param name="parameter">0 to P - 1.</param>
    /// <param name="term">0 to K - 1.</param>
    protected virtual double Start(int parameter, int term) => 0;

    /// <summary>Constrained parameters of raw ones, (B, P, ...) to (B, any, ...): what <see cref="Bend"/> reads, made once where that is called many times. By default the raw ones.</summary>
    protected virtual Tensor Read(Tensor raw) => raw;

    /// <summary>f and ln f' on [0, 2 pi], of one map: f(0) = 0, f(2 pi) = 2 pi, f' > 0 and f'(0) = f'(2 pi).</summary>
    /// <param name="x">Angles in [0, 2 pi], (B, ...); (B, 1, ...) if K > 1.</param>
    /// <param name="parameters">Of <see cref="Read"/>, (B, P, ...); (B, P, K, ...) if K > 1, so that x broadcasts along K.</param>
    protected abstract (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters);

    /// <summary>f⁻¹ and the logarithm of its slope, of shapes as for <see cref="Bend"/>. By default found numerically.</summary>
    protected virtual (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters) =>
        MonotoneInverse.Solve(x => Bend(x, parameters), y, (zeros_like(y), full_like(y, Math.Tau)));

    /// <inheritdoc/>
    protected sealed override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (y, logSlope) = Terms > 1 ? Combine(Wrap(x), Mixture(theta)) : Bend(Wrap(x), Read(theta.narrow(1, 0, BendParameters)));
        return (Wrap(Rotates ? y + Angle(theta) : y), logSlope);
    }

    /// <inheritdoc/>
    protected sealed override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        y = Wrap(Rotates ? y - Angle(theta) : y);
        var (x, logSlope) = Terms > 1 ? Separate(y, Mixture(theta)) : Unbend(y, Read(theta.narrow(1, 0, BendParameters)));
        return (Wrap(x), logSlope);
    }

    /// <summary>The angle modulo 2 pi, in [0, 2 pi).</summary>
    internal static Tensor Wrap(Tensor angle)
    {
        var rest = angle.remainder(Math.Tau);
        return where(rest.ge(Math.Tau), rest - Math.Tau, rest);               // the remainder of a small negative number rounds up to 2 pi itself
    }

    private Tensor Angle(Tensor theta) => theta.select(1, BendParameters);

    // ln rho, (B, K, ...), and the parameters of the maps.
    private (Tensor LogWeights, Tensor Parameters) Mixture(Tensor theta)
    {
        var raw = theta.narrow(1, Terms, Terms * TermParameters).unflatten(1, [TermParameters, Terms]);      // (B, P, K, ...)
        double[] start = [.. Enumerable.Range(0, TermParameters).SelectMany(p => Enumerable.Range(0, Terms).Select(k => Start(p, k)))];
        long[] shape = [TermParameters, Terms, .. Enumerable.Repeat(1L, (int)theta.Dimensions - 2)];
        return (theta.narrow(1, 0, Terms).log_softmax(1), Read(raw + tensor(start, shape, dtype: theta.dtype, device: theta.device)));
    }

    private (Tensor, Tensor) Combine(Tensor x, (Tensor LogWeights, Tensor Parameters) mixture)
    {
        var (y, logSlope) = Bend(x.unsqueeze(1), mixture.Parameters);         // (B, K, ...)
        return ((mixture.LogWeights.exp() * y).sum(dim: 1), (mixture.LogWeights + logSlope).logsumexp(1));
    }

    // f⁻¹ lies between the points where the maps, one by one, reach y.
    private (Tensor, Tensor) Separate(Tensor y, (Tensor LogWeights, Tensor Parameters) mixture)
    {
        Tensor each;
        using (no_grad()) each = Unbend(y.unsqueeze(1), mixture.Parameters).X;
        return MonotoneInverse.Solve(x => Combine(x, mixture), y, (each.amin([1]), each.amax([1])));
    }
}
