using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Bijections of whole numbers, and the flows they make. What leaves between scales has a contribution, so that their log-det is not zero.
    private static TransformCase[] IntegerFlows =>
    [
        OfIntegers("integer coupling", () => Shifted(5, new IntegerShiftMap()), 5),
        OfIntegers("integer coupling, D = 2", () => Shifted(2, new IntegerShiftMap(Middle: 3, Unit: 4)), 2),
        OfIntegers("integer coupling, context", () => Shifted(4, new IntegerShiftMap(Unit: 8, Gain: 0.5), contextShape: 2), 4),
        OfIntegers("integer coupling, dense", () => new Coupling(Masks.LastQuarter(4), new IntegerShiftMap(8, 4), (i, o) => new DenseNet(i, o, growth: 4, depth: 2)), 4, 2, 2),
        OfIntegers("integer coupling, inverted", () => Shifted(4, new IntegerShiftMap()).Inverted, 4),
        OfIntegers("integer flow of vectors", () => IntegerDiscreteFlow.Create(6, couplings: 3, hidden: [8], levels: 17).Transform, 6),
        OfIntegers("integer flow of one scale", () => IntegerDiscreteFlow.ForImages(new(1, 4, 4) { Scales = 1, Couplings = 3, Depth = 2, Maps = 12, Levels = 17 }).Transform, 1, 4, 4) with { Latents = Whole(4, 2, 2) },
        Leaving("integers of which half leave", () => new FactorOut([4, 2, 2], (kept, leaving) => new MixtureFamily(new DiscretizedLogistic { Middle = 8, Unit = 4 }, 3).Conditional(kept, (i, o) => new DenseNet(i, o, growth: 4, depth: 1), leaving)), [4, 2, 2], [2, 2, 2]),
        Leaving("integer flow of two scales", () => IntegerDiscreteFlow.ForImages(new(1, 4, 4) { Couplings = 2, Depth = 2, Maps = 12, Levels = 17, PriorComponents = 2 }).Transform, [1, 4, 4], [8, 1, 1]),
        Leaving("integer flow of three scales, no coupling", () => IntegerDiscreteFlow.ForImages(new(1, 8, 8) { Scales = 3, Couplings = 0, Depth = 1, Maps = 12 }).Transform, [1, 8, 8], [16, 1, 1]),
    ];

    private static TransformCase OfIntegers(string name, Func<Transform> make, params long[] shape) =>
        new(name, make, Whole(shape)) { DataSpace = Space.WholeNumbers(-20, 20), LatentSpace = Space.WholeNumbers(-20, 20), Latents = Whole(shape) };

    private static TransformCase Leaving(string name, Func<Transform> make, long[] data, long[] latent) =>
        new(name, make, Whole(data)) { DataSpace = Space.WholeNumbers(-20, 20), UndoesForward = false, Latents = Whole(latent) };

    private static Func<long, Tensor> Whole(params long[] shape) => rows => randint(-20, 20, [rows, .. shape], dtype: float64);

    private static Coupling Shifted(int features, IntegerShiftMap map, Shape? contextShape = null) => Coupling.WithMlp(Masks.LastQuarter(features), map, [8], contextShape);
}
