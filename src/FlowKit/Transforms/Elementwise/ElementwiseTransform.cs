using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z_i = tau(x_i; theta_i): every element through the same map, each with parameters of its own, learned or read from the context.</summary>
/// <remarks>
/// <para>log|det dz/dx| = sum of ln|dtau/dx_i|. It does not mix elements: it is a flow on the line, a layer of marginals, or, with <see cref="AffineMap"/>, NICE's scaling layer
/// (Dinh et al. 2015, arXiv:1410.8516, section 3.3).</para>
/// <para>theta starts at 0, where a map is the identity or near it. Where positions share it, it is one for each channel of (C, ...): the learned prior of Glow's last latent
/// (Kingma, Dhariwal 2018, arXiv:1807.03039, in its code) is such an affine map.</para>
/// </remarks>
/// <example><code>
/// // A flow on the line: a spline learns the law of a squared normal.
/// manual_seed(0);
/// var x = randn(1000, 1).square();
/// var flow = new Flow(new ElementwiseTransform(new RationalQuadraticMap(Bins: 16), [1]), new StandardNormal(1));
/// var before = Trainer.NegativeLogLikelihood(flow, x);
/// Trainer.Fit(flow, x, options: new() { Steps = 200, LearningRate = 0.05 });
/// Console.WriteLine(Trainer.NegativeLogLikelihood(flow, x).Mean &lt; before.Mean - 0.5);  // => True
/// </code></example>
public sealed class ElementwiseTransform : Transform
{
    private readonly ElementwiseMap map;
    private readonly Shape shape, own;
    private readonly Parameter? theta;
    private readonly Mlp? conditioner;

    /// <summary>A map of events of that shape.</summary>
    /// <param name="map">How an element is mapped.</param>
    /// <param name="shape">Sizes of one event, each >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none. With a context, theta is a perceptron of it.</param>
    /// <param name="hidden">Hidden widths of that perceptron; by default one layer of 64.</param>
    /// <param name="sharesPositions">Whether the elements of one channel share their theta, at every position of an event (C, ...).</param>
    /// <exception cref="ArgumentException">The shape is empty, or hidden widths are given without a context to read.</exception>
    public ElementwiseTransform(ElementwiseMap map, Shape shape, Shape? contextShape = null, IReadOnlyList<long>? hidden = null, bool sharesPositions = false) : base(nameof(ElementwiseTransform))
    {
        ArgumentNullException.ThrowIfNull(map);
        Guard.Sizes(shape, dimensions: 1);
        if (hidden is not null && contextShape is null) throw new ArgumentException("Hidden layers read a context; contextShape is null.", nameof(hidden));

        (this.map, this.shape, ContextShape) = (map, shape, contextShape);
        own = sharesPositions ? [shape[0], .. Enumerable.Repeat(1L, shape.Count - 1)] : shape;
        if (contextShape is null) theta = new Parameter(zeros([map.ParameterCount, .. own], dtype: get_default_dtype(), device: CPU));
        else conditioner = new Mlp(0, map.ParameterCount * own.Volume, hidden ?? [64], contextShape);
        RegisterComponents();
    }

    internal override string Detail => map.ToString();

    /// <summary>The scalar map of every element.</summary>
    internal ElementwiseMap Map => map;

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape => shape;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (z, logSlope) = map.Forward(x, Theta(x, context));
        return (z, SumEvent(logSlope));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, logSlope) = map.Inverse(z, Theta(z, context));
        return (x, SumEvent(logSlope));
    }

    // (B, P, ...)
    private Tensor Theta(Tensor x, Tensor? context)
    {
        var each = conditioner is null ? theta!.unsqueeze(0) : conditioner.Forward(context!.new_zeros([x.size(0), 0]), context).view([x.size(0), map.ParameterCount, .. own]);
        return each.expand([x.size(0), map.ParameterCount, .. shape]);
    }
}
