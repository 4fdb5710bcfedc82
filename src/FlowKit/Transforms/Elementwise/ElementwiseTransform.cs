using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z_i = tau(x_i; theta_i): every element through the same map, each with parameters of its own, learned or read from the context.</summary>
/// <remarks>
/// <para>log|det dz/dx| = sum of ln|dtau/dx_i|. It does not mix elements: it is a flow on the line, a layer of marginals, or, with <see cref="AffineMap"/>, NICE's scaling layer
/// (Dinh et al. 2015, arXiv:1410.8516, section 3.3).</para>
/// <para>theta starts at 0, where a map is the identity or near it.</para>
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
    private readonly Shape shape;
    private readonly Parameter? theta;
    private readonly Mlp? conditioner;

    /// <summary>A map of events of that shape.</summary>
    /// <param name="map">How an element is mapped.</param>
    /// <param name="shape">Sizes of one event, each >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none. With a context, theta is a perceptron of it.</param>
    /// <param name="hidden">Hidden widths of that perceptron; by default one layer of 64.</param>
    /// <exception cref="ArgumentException">The shape is empty, or hidden widths are given without a context to read.</exception>
    public ElementwiseTransform(ElementwiseMap map, Shape shape, Shape? contextShape = null, IReadOnlyList<long>? hidden = null) : base(nameof(ElementwiseTransform))
    {
        ArgumentNullException.ThrowIfNull(map);
        Guard.Sizes(shape, dimensions: 1);
        if (hidden is not null && contextShape is null) throw new ArgumentException("Hidden layers read a context; contextShape is null.", nameof(hidden));

        (this.map, this.shape, ContextShape) = (map, shape, contextShape);
        if (contextShape is null) theta = new Parameter(zeros([map.ParameterCount, .. shape], dtype: get_default_dtype(), device: CPU));
        else conditioner = new Mlp(0, map.ParameterCount * shape.Volume, hidden ?? [64], contextShape);
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
    private Tensor Theta(Tensor x, Tensor? context) => conditioner is null
        ? theta!.unsqueeze(0).expand([x.size(0), map.ParameterCount, .. shape])
        : conditioner.Forward(context!.new_zeros([x.size(0), 0]), context).view([x.size(0), map.ParameterCount, .. shape]);
}
