using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Integer discrete flows (Hoogeboom, Peters, van den Berg, Welling 2019, arXiv:1905.07376): bijections of whole numbers, whose probabilities are exact and can therefore be coded.</summary>
/// <remarks>
/// <para>log P(x) = log P(z_L) + sum of log P(y_l | what is kept), without a Jacobian. x may be of any dtype; a number that is not whole has probability 0. The support is all of Z^D: what the flow puts outside
/// 0..K-1 is lost to images.</para>
/// <para>Networks read numbers of order one: see <see cref="IntegerShiftMap"/> and <see cref="DiscretizedLogistic.Unit"/>. They start at zero, so that the flow starts as a permutation of the image.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var flow = IntegerDiscreteFlow.ForImages(new(1, 4, 4) { Couplings = 2, Maps = 16, Levels = 17 });
/// var x = randint(0, 17, [5, 1, 4, 4]);
/// var latents = IntegerDiscreteFlow.Latents(flow, x);
/// foreach (var latent in latents) Console.WriteLine(latent);
/// // => [5x2x2x2], type = Float64, device = cpu
/// // => [5x8x1x1], type = Float64, device = cpu
/// Console.WriteLine(IntegerDiscreteFlow.Data(flow, latents).eq(x).all().ToBoolean());   // => True
/// </code></example>
public static class IntegerDiscreteFlow
{
    /// <summary>The paper's flow of images: at each scale a squeeze and couplings behind random permutations of the channels, after which half of the channels leave (sections 3 and 4, figure 2).</summary>
    /// <remarks>
    /// A coupling shifts the last quarter of the channels by what a dense network reads from the others. What leaves follows discretized logistics whose constants a dense network reads from what is kept; the last
    /// latent follows mixtures of them. Departures: a layer of <see cref="DenseNet"/> narrows to its own maps, and the last convolution is 1x1.
    /// </remarks>
    /// <param name="sizes">How large.</param>
    /// <exception cref="ArgumentException">The image cannot be halved that often, or a size is out of its range.</exception>
    public static Flow ForImages(IntegerFlowSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        sizes.Check();
        Shape shape = [sizes.Channels, sizes.Height, sizes.Width];
        var scales = new List<Transform>();
        for (int l = 0; l < sizes.Scales; l++)
        {
            if (l > 0) shape = [shape[0] - shape[0] / 2, .. shape[1..]];
            var squeeze = new Squeeze(shape[0], shape[1], shape[2]);
            shape = squeeze.LatentShape;
            scales.Add(new Chain([squeeze, .. Couplings(shape[0], sizes.Couplings, sizes.Seed + l, new IntegerShiftMap(sizes.Middle, sizes.Unit), Dense)]));
        }
        return new Flow(
            MultiScale.Factored([sizes.Channels, sizes.Height, sizes.Width], scales, (kept, leaving) => Logistics(sizes, sizes.PriorComponents).Conditional(kept, Dense, leaving)),
            Logistics(sizes, sizes.Components).Learned(shape));

        DenseNet Dense(long inputs, long outputs) => new(inputs, outputs, Math.Max(1, (sizes.Maps - inputs) / sizes.Depth), sizes.Depth);
    }

    /// <summary>A flow of vectors of whole numbers: couplings behind random permutations over mixtures of discretized logistics.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="couplings">>= 0; 0 leaves independent elements.</param>
    /// <param name="hidden">Hidden widths of each perceptron; by default two layers of 64.</param>
    /// <param name="levels">K >= 2: numbers are 0..K-1 or thereabouts, which sets the unit that networks count in.</param>
    /// <param name="components">Discretized logistics in each element of the latent, >= 1.</param>
    /// <param name="seed">Chooses the permutations.</param>
    public static Flow Create(long features, int couplings = 4, IReadOnlyList<long>? hidden = null, int levels = 256, int components = 5, int seed = 0)
    {
        Guard.Size(features, least: 2);
        var sizes = new IntegerFlowSizes(1, 2, 2) { Scales = 1, Couplings = couplings, Levels = levels, Components = components };
        sizes.Check();
        var layers = Couplings(features, couplings, seed, new IntegerShiftMap(sizes.Middle, sizes.Unit), (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64]));
        return new Flow(new Chain(couplings > 0 ? layers : [Swap(features, seed)]), Logistics(sizes, components).Learned(features));
    }

    /// <summary>Starts the laws of the latents at the mean and the scale that the latents of x have: the constants of the base, and the last layers of the networks of what leaves. Call it before training.</summary>
    /// <remarks>
    /// <para>Numbers of 8 bits are far from the standard member of a law, and constants that begin there take most of a short training to arrive.</para>
    /// <para>Each element of the base takes its own mean and standard deviation; of a mixture, the components are spread over the quantiles. What leaves takes its least-squares regression on what is kept where the network
    /// passes its inputs on, as <see cref="DenseNet"/> does, one for each channel, and its mean and standard deviation where not. What these laws had learned is lost.</para>
    /// </remarks>
    /// <param name="flow">As of <see cref="Latents"/>.</param>
    /// <param name="x">(B, EventShape...), training data; of many, 4096 at equal distances serve.</param>
    /// <exception cref="ArgumentException">The shape is another, or x is empty.</exception>
    /// <exception cref="NotSupportedException">A law is of another kind than those of this class.</exception>
    /// <example><code>
    /// manual_seed(0);
    /// var x = Digits.Split().Train.Images.reshape(-1, 1, 8, 8);
    /// var flow = IntegerDiscreteFlow.ForImages(IntegerFlowSizes.Digits with { Couplings = 1, Maps = 16 });
    /// double before = Trainer.NegativeLogLikelihood(flow, x).InBitsPerDimension(64).Mean;
    /// IntegerDiscreteFlow.UseStatisticsOf(flow, x);
    /// double after = Trainer.NegativeLogLikelihood(flow, x).InBitsPerDimension(64).Mean;
    /// Console.WriteLine(after &lt; before - 1.5);  // => True
    /// </code></example>
    public static void UseStatisticsOf(Flow flow, Tensor x)
    {
        var layers = Layers(flow);
        Guard.Batch(x, flow.EventShape);
        if (x.size(0) == 0) throw new ArgumentException($"x is empty, {Guard.Describe(x)}; its statistics are needed.", nameof(x));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        long step = (x.size(0) + MostStatistics - 1) / MostStatistics;
        var h = x.slice(0, 0, x.size(0), step);
        foreach (var layer in layers)
        {
            if (layer is FactorOut factor)
            {
                (h, var left) = factor.Split(h);
                Start(factor.Prior, left, factor.ContextFor(h));
            }
            else h = layer.Forward(h).Z;
        }
        Start(flow.Base, h, null);
    }

    private const long MostStatistics = 4096;

    private static void Start(Distribution law, Tensor latents, Tensor? context)
    {
        switch (law)
        {
            case Factorized constants:
                constants.StartFrom(latents);
                break;
            case Conditional conditional:
                conditional.StartFrom(latents, context!);
                break;
            default:
                throw new NotSupportedException($"{law.GetName()} cannot start from data: expected elements of one family.");
        }
    }

    /// <summary>The latents of x, from the finest to the coarsest: y_1, ..., y_{L-1}, what leaves after each scale, and z_L.</summary>
    /// <param name="flow">Of this class, or any flow whose transform is a chain with factor-outs in it (<see cref="MultiScale.Factored"/>).</param>
    /// <param name="x">(B, EventShape...).</param>
    public static IReadOnlyList<Tensor> Latents(Flow flow, Tensor x)
    {
        var layers = Layers(flow);
        Guard.Batch(x, flow.EventShape);
        using var scope = NewDisposeScope();
        var (all, h) = (new List<Tensor>(), x);
        foreach (var layer in layers)
        {
            if (layer is FactorOut factor)
            {
                (h, var left) = factor.Split(h);
                all.Add(left.clone());
            }
            else h = layer.Forward(h).Z;
        }
        all.Add(h);
        return [.. all.Select(latent => latent.MoveToOuterDisposeScope())];
    }

    /// <summary>The x that has these latents. A latent that is null is replaced by the medians of its law given what is coarser: progressive decoding (section 5.4), for which the paper takes means or draws.</summary>
    /// <param name="flow">As of <see cref="Latents"/>.</param>
    /// <param name="latents">y_1, ..., y_{L-1}, z_L, each of the shape that <see cref="Latents"/> gives; z_L is needed.</param>
    /// <exception cref="ArgumentException">The number of latents or a shape is another, or z_L is null.</exception>
    public static Tensor Data(Flow flow, IReadOnlyList<Tensor?> latents)
    {
        var layers = Layers(flow);
        ArgumentNullException.ThrowIfNull(latents);
        int count = 1 + layers.Count(layer => layer is FactorOut);
        if (latents.Count != count) throw new ArgumentException($"The flow has {count} latents; {latents.Count} were given.", nameof(latents));
        var coarsest = latents[^1] ?? throw new ArgumentException("The last latent is null; what is finer is read from it.", nameof(latents));
        Guard.Batch(coarsest, flow.Base.EventShape, nameof(latents));

        using var scope = NewDisposeScope();
        var (h, l) = (coarsest, count - 1);
        foreach (var layer in layers.Reverse())
        {
            if (layer is not FactorOut factor)
            {
                h = layer.Inverse(h).X;
                continue;
            }
            var left = latents[--l] ?? Medians(factor, h);
            if (left.size(0) != h.size(0)) throw new ArgumentException($"The latents have {left.size(0)} and {h.size(0)} rows.", nameof(latents));
            Guard.Batch(left, factor.Prior.EventShape, nameof(latents));
            h = cat([h, left.to(h.dtype)], dim: 1);
        }
        return h.MoveToOuterDisposeScope();
    }

    private static Chain Layers(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return flow.Transform as Chain ?? throw new ArgumentException($"The flow's transform is {flow.Transform.GetName()}; expected a chain of scales and factor-outs.", nameof(flow));
    }

    private static Tensor Medians(FactorOut factor, Tensor kept)
    {
        var law = factor.Prior as FamilyDistribution ?? throw new ArgumentException($"{factor.Prior.GetName()} has no medians: expected elements of one family.", "latents");
        using var none = no_grad();
        var context = factor.ContextFor(kept);
        return law.Quantile(full([kept.size(0), .. law.EventShape], 0.5, dtype: (context ?? kept).dtype, device: kept.device), context);
    }

    private static Family Logistics(IntegerFlowSizes sizes, int components)
    {
        var logistic = new DiscretizedLogistic { Middle = sizes.Middle, Unit = sizes.Unit };
        return components == 1 ? logistic : new MixtureFamily(logistic, components);
    }

    private static IEnumerable<Transform> Couplings(long channels, int count, int seed, IntegerShiftMap map, Func<long, long, Conditioner> conditioner) =>
        Enumerable.Range(0, count).SelectMany(k => (Transform[])[Swap(channels, 1000 * seed + k), new Coupling(Masks.LastQuarter(channels), map, conditioner)]);

    // A random order, but never the given one: of two features the coupling maps the other one each time.
    private static Permutation Swap(long channels, int seed)
    {
        var drawn = Permutation.Random(channels, seed);
        for (int another = 1; drawn.Order.SequenceEqual(drawn.Order.Order()); another++) drawn = Permutation.Random(channels, seed + 100 * another);
        return drawn;
    }
}
