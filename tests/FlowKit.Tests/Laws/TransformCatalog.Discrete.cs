using FlowKit.Conditioners;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Maps of one-hot codes.
    private static TransformCase[] Discrete =>
    [
        new("one-hot codes", () => new OneHot(3, 4), Integers(4, 3)) { DataSpace = Space.WholeNumbers(0, 3), LatentSpace = Space.WholeNumbers(0, 1), Latents = Codes(3, 4) },
        Moving("modulo coupling", 3, 5, () => Modular([false, true, true], new ModuloMap(5))),
        Moving("modulo coupling with scale", 3, 6, () => Modular([true, false, true], new ModuloMap(6, HasScale: true))),
        Moving("modulo coupling with scale, prime", 2, 7, () => Modular([false, true], new ModuloMap(7, HasScale: true, Temperature: 0.5))),
        Moving("modulo coupling, context", 6, 4, () => Modular([false, true, true, false, true, true], new ModuloMap(4, HasScale: true), context: 2)),
        Moving("exclusive or", 2, 2, () => Modular([false, true], new ModuloMap(2))),
        Moving("modulo coupling over neighbors", 6, 3, () => new Coupling(Masks.Alternating(6, odd: true), new ModuloMap(3, HasScale: true), (i, o) => new NeighborNet(i, o, 3, reach: 1, hidden: [8]))),
        Moving("modulo coupling over neighbors, context", 4, 3, () => new Coupling(Masks.Alternating(4, odd: false), new ModuloMap(3), (i, o) => new NeighborNet(i, o, 3, reach: 1, hidden: [8], contextFeatures: 2))),
        Moving("modulo MAF", 3, 4, () => Modular(new ModuloMap(4), 3, [16])),
        Moving("modulo MAF with scale, reverse order", 4, 6, () => Modular(new ModuloMap(6, HasScale: true), 4, [16, 12], order: Orders.Reverse(4))),
        Moving("modulo MAF, random order, direct, context", 4, 3, () => Modular(new ModuloMap(3, HasScale: true), 4, [16], context: 2, order: Orders.Random(4, seed: 2), direct: true)),
        Moving("modulo MAF, D = 1", 1, 5, () => Modular(new ModuloMap(5, HasScale: true), 1, [8])),
        Moving("modulo MAF, several blocks of units", 9, 3, () => Modular(new ModuloMap(3), 9, [150], activation: Activation.Tanh)),
        Moving("modulo IAF", 3, 4, () => Modular(new ModuloMap(4), 3, [16]).Inverted),
        Moving("modulo MAF over windows", 5, 3, () => new MaskedAutoregressive(new ModuloMap(3, HasScale: true), new WindowNet(5, 2, 3, window: 2, hidden: [12]))),
        Moving("modulo MAF over windows, reversed, context", 5, 4, () => new MaskedAutoregressive(new ModuloMap(4), new WindowNet(5, 1, 4, window: 3, hidden: [12], reverse: true, contextFeatures: 2))),
        Moving("modulo shift by the context alone", 4, 5, () => new MaskedAutoregressive(new ModuloMap(5), new WindowNet(4, 1, 5, window: 0, hidden: [12], contextFeatures: 3))),
        Moving("permuted codes", 3, 4, () => new Chain(Permutation.Reverse(3), Modular([false, true, true], new ModuloMap(4)))),
        new("discrete flow", () => DiscreteFlow.Bipartite(3, 5, layers: 3, hidden: [8], hasScale: true).Transform, Integers(5, 3)) { DataSpace = Space.WholeNumbers(0, 4), LatentSpace = Space.WholeNumbers(0, 1), Latents = Codes(3, 5) },
    ];

    private static TransformCase Moving(string name, long features, int classes, Func<Transform> make) =>
        new(name, make, Codes(features, classes)) { DataSpace = Space.WholeNumbers(0, 1), LatentSpace = Space.WholeNumbers(0, 1), Latents = Codes(features, classes) };

    private static Func<long, Tensor> Codes(long features, int classes) => rows => nn.functional.one_hot(randint(0, classes, [rows, features], dtype: int64), classes).to(float64);

    private static Coupling Modular(bool[] mask, ModuloMap map, Shape? context = null) =>
        new(mask, map, (inputs, outputs) => new OneHotNet(inputs, outputs, map.Classes, (i, o) => new Mlp(i, o, [8], context)));

    private static MaskedAutoregressive Modular(ModuloMap map, int features, long[] hidden, Shape? context = null, IReadOnlyList<int>? order = null, bool direct = false, Activation activation = Activation.ReLU) =>
        new(map, new Made(features, map.ParameterCount, hidden, context, order, direct: direct, activation: activation, positionSize: map.Classes));
}
