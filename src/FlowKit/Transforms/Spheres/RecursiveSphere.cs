using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>A diffeomorphism of the unit sphere S^D in cylindrical coordinates, but for its poles: each height passes a spline of [-1, 1], the angle that is left a map of the circle,
/// each with parameters read from the heights before it and the context.</summary>
/// <remarks>
/// <para>x = (sqrt(1 - r²) y, r) with r in [-1, 1] and y on S^(D-1), which is written the same way down to the circle: heights r_D, ..., r_2 and an angle. Surface elements:
/// dS^D = (1 - r²)^(D/2 - 1) dr dS^(D-1). Log-det: the sum of ln|g'(r_d)| + (d/2 - 1) ln[(1 - g(r_d)²)/(1 - r_d²)] over d = 2, ..., D and of that of the circle.
/// Rezende, Papamakarios et al. 2020, Normalizing flows on tori and spheres, arXiv:2002.02428, section 2.3.</para>
/// <para>The networks read the heights of the data, D small networks in either direction. A circle map that is inverted numerically makes Inverse slow;
/// <see cref="Transform.Inverted"/> is as expressive and draws by the map itself, as reverse KL wants it.</para>
/// <para>Shapes: x and z are (B, D + 1), of norm 1 within 1e-4 and divided by it; others are refused. At a pole, where y is not defined, it is taken as (1, 0, ..., 0).
/// It starts at the identity if the circle map does.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var f = new RecursiveSphere(dimension: 2, new CircularRationalQuadraticMap(Bins: 8), bins: 8, hidden: [16]);
/// var x = new UniformSphere(2).Sample(5);
/// var (z, logDet) = f.Forward(x);
/// Console.WriteLine(z.allclose(x, atol: 1e-5));          // => True
/// Console.WriteLine(z.norm(1).allclose(ones(5)));        // => True
/// </code></example>
public sealed class RecursiveSphere : Transform
{
    private readonly long dimension;
    private readonly CircleMap circle;
    private readonly IntervalRationalQuadraticMap spline;
    private readonly ModuleList<Mlp> networks;

    /// <summary>A layer that starts with the last coordinate.</summary>
    /// <param name="dimension">D >= 1, of the sphere; its points have D + 1 coordinates.</param>
    /// <param name="circle">Maps the angle, modulo 2 pi.</param>
    /// <param name="bins">Bins of the spline of each height, 2 to 500.</param>
    /// <param name="hidden">Hidden widths of each network; by default two layers of 64.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the networks.</param>
    public RecursiveSphere(long dimension, CircleMap circle, int bins = 32, IReadOnlyList<long>? hidden = null, Shape? contextShape = null, Activation activation = Activation.ReLU)
        : base(nameof(RecursiveSphere))
    {
        Guard.Size(dimension, least: 1);
        ArgumentNullException.ThrowIfNull(circle);
        if (contextShape is not null) Guard.Sizes(contextShape, dimensions: 1);

        (this.dimension, this.circle, ContextShape) = (dimension, circle, contextShape);
        spline = new(RationalQuadraticSpline.CheckBins(bins), Low: 0, High: 2);
        networks = new ModuleList<Mlp>([.. Enumerable.Range(0, (int)dimension).Select(known =>
            new Mlp(known == 0 && contextShape is null ? 1 : known, known < dimension - 1 ? spline.ParameterCount : circle.ParameterCount, hidden ?? [64, 64], contextShape, activation))]);
        RegisterComponents();
    }

    internal override string Detail => $"{circle}, {spline.Bins} bins";

    internal override bool IsOnSphere => true;

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape => dimension + 1;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Apply(SpherePoints.Project(x), context, isForward: true);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Apply(SpherePoints.Project(z), context, isForward: false);

    private (Tensor, Tensor) Apply(Tensor point, Tensor? context, bool isForward)
    {
        var known = new List<Tensor>();                                       // heights of the data, (B, 1)
        var caps = new Stack<PolarCap>();
        var logDet = zeros_like(point.narrow(1, 0, 1));
        for (long d = dimension; d > 1; d--)
        {
            var (cap, around) = PolarCap.Split(point);
            var (mapped, logSlope) = cap.Through(spline, Theta(known, context, point), isForward);
            logDet = logDet + logSlope;
            if (d > 2) logDet = logDet + (d / 2.0 - 1) * (mapped.LogSquaredRadius - cap.LogSquaredRadius);
            known.Add((isForward ? cap : mapped).Height);
            caps.Push(mapped);
            point = around;
        }

        var (angle, theta) = (atan2(point.narrow(1, 1, 1), point.narrow(1, 0, 1)), Theta(known, context, point).unsqueeze(2));
        var (turned, logTurn) = isForward ? circle.Forward(angle, theta) : circle.Inverse(angle, theta);
        point = cat([turned.cos(), turned.sin()], dim: 1);
        foreach (var cap in caps) point = cat([point * cap.Radius, cap.Height], dim: 1);
        return (point, (logDet + logTurn).squeeze(1));
    }

    // (B, P). Without anything to read, a network of the constant 1 learns as fast as the others, where plain parameters would lag behind.
    private Tensor Theta(List<Tensor> known, Tensor? context, Tensor like)
    {
        var network = networks[known.Count];
        if (known.Count > 0) return network.Forward(cat(known, dim: 1), context);
        return context is null ? network.Forward(ones([1, 1], dtype: like.dtype, device: like.device), null).expand(like.size(0), -1) : network.Forward(like.narrow(1, 0, 0), context);
    }
}
