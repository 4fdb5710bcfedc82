using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

public static partial class RealNvp
{
    private const int Alternations = 3, LastAlternations = 4;
    private const double WidestLogScale = 20;           // far beyond what g tanh(a) reaches, and within what a float32 can undo

    /// <summary>The paper's flow of integer images: dequantization, logit, then at each scale three checkerboard couplings, a squeeze and three channel couplings, after which half of the channels leave.</summary>
    /// <remarks>
    /// <para>The last scale has four checkerboard couplings. Conditioners are weight-normalized residual networks, twice as wide where the image is halved; log-scales are g tanh(a);
    /// a batch normalization follows each coupling. Sections 3.4 to 3.7 and 4.1. The flow starts at the identity, up to those normalizations.</para>
    /// <para>Departures: the logit's margin is symmetric (see <see cref="Logit"/>), and a batch normalization acts on all channels, not on the mapped half alone.</para>
    /// <para>x is (B, C, H, W), whole numbers 0..K-1; log-probs are bounds for those, as noise is drawn. The latents are <see cref="MultiScale"/>'s, which is the last layer.</para>
    /// </remarks>
    /// <param name="sizes">How large.</param>
    /// <param name="map">The map of an element; by default <see cref="AffineMap"/> through <see cref="TanhScale"/>. Any other map bounds itself.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    /// <exception cref="ArgumentException">The image cannot be halved that often.</exception>
    public static Flow ForImages(ImageSizes sizes, ElementwiseMap? map = null, Shape? contextShape = null)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        sizes.Check();
        Func<long, Transform>? normalization = sizes.BatchNorm ? channels => new BatchNormTransform(channels, movingAverages: sizes.MovingAverages) : null;
        Shape shape = [sizes.Channels, sizes.Height, sizes.Width];
        var (maps, scales) = (sizes.Maps, new List<Transform>());
        for (int l = 1; l < sizes.Scales; l++)
        {
            var scale = Stack().Checkerboards(Alternations, Net(maps)).Squeeze().Channels(Alternations, Net(2 * maps));
            scales.Add(scale.ToChain());
            shape = [scale.Shape[0] / 2, .. scale.Shape[1..]];
            maps *= 2;
        }
        scales.Add(Stack().Checkerboards(LastAlternations, Net(maps)).ToChain());
        return new Flow(
            new Chain(new UniformDequantization(sizes.Levels), new Logit(sizes.Alpha), new MultiScale([sizes.Channels, sizes.Height, sizes.Width], scales)),
            new StandardNormal(sizes.Dimensions));

        ImageStack Stack() => new(shape, map ?? new AffineMap(MaxLogScale: WidestLogScale), normalization);

        Func<long, long, Conditioner> Net(long width) => map is null
            ? (inputs, outputs) => TanhScale.Of(inputs, outputs, (i, o) => Residual(i, o, width))
            : (inputs, outputs) => Residual(inputs, outputs, width);

        ConvResidualNet Residual(long inputs, long outputs, long width) => new(inputs, outputs, width, sizes.Blocks, contextShape, batchNorm: sizes.BatchNorm, movingAverages: sizes.MovingAverages);
    }

    /// <summary>A flow of another height and width, or with a context, that starts from a trained flow's weights: convolutions serve every size, and a context enters through filters of zeros.</summary>
    /// <remarks>At first the context changes nothing: log p(x | c) is the trained flow's log p(x). The two share no tensor. Appendix C draws larger images in this way, and appendix F conditions on attributes.</remarks>
    /// <param name="trained">Made by <see cref="ForImages"/> with these sizes, height and width aside, with the same map, and without a context.</param>
    /// <param name="sizes">How large; its channels, scales, blocks, maps and normalizations are the trained flow's.</param>
    /// <param name="map">The map of an element, as of <see cref="ForImages"/>.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    /// <exception cref="ArgumentException">The sizes are not the trained flow's, or that flow has a context.</exception>
    public static Flow From(Flow trained, ImageSizes sizes, ElementwiseMap? map = null, Shape? contextShape = null)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (trained.ContextShape is not null) throw new ArgumentException($"The trained flow has a context of shape {trained.ContextShape}; expected a flow without one.", nameof(trained));
        var flow = ForImages(sizes, map, contextShape);
        var from = trained.state_dict();
        var to = flow.state_dict();
        if (!to.Keys.ToHashSet().SetEquals(from.Keys)) throw new ArgumentException($"The trained flow has other layers than {sizes} asks for.", nameof(sizes));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in to)
        {
            var source = from[name];
            bool widened = contextShape is not null && name.EndsWith("first.v", StringComparison.Ordinal) && target.size(1) == source.size(1) + contextShape[0];
            if (widened)
            {
                target.zero_();
                target.narrow(1, 0, source.size(1)).copy_(source);
            }
            else if (target.shape.SequenceEqual(source.shape)) target.copy_(source);
            else throw new ArgumentException($"The trained flow's {name} has shape {Guard.Describe(source)}; {sizes} asks for {Guard.Describe(target)}.", nameof(sizes));
        }
        return flow;
    }

    /// <summary>The paper's weight decay, coefficient times the sum of squares of all lengths g of weight-normalized filters: a scalar, for <see cref="Training.FitOptions.Penalty"/>.</summary>
    /// <param name="flow">A flow with weight-normalized convolutions, as <see cref="ForImages"/> makes.</param>
    /// <param name="coefficient">>= 0; the paper's is 5e-5.</param>
    /// <exception cref="ArgumentException">The flow has no weight-normalized convolution.</exception>
    public static Tensor ScaleDecay(Flow flow, double coefficient = 5e-5)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (!(coefficient >= 0) || !double.IsFinite(coefficient)) throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "Expected a finite number >= 0.");
        WeightNormConv[] layers = [.. flow.modules().OfType<WeightNormConv>()];
        if (layers.Length == 0) throw new ArgumentException("The flow has no weight-normalized convolution whose scale could decay.", nameof(flow));

        using var scope = NewDisposeScope();
        return scope.MoveToOuter(stack([.. layers.Select(layer => layer.SquaredLength())]).sum() * coefficient);
    }
}
