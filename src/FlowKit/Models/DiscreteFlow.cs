using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Discrete flows: classes relabeled by modulo location-scale layers, so that a simple law fits them. No Jacobian: log p(x) = log p_Z(f(x)).</summary>
/// <remarks>
/// Tran, Vafa, Agrawal, Dinh, Poole 2019, Discrete Flows: Invertible Generative Models of Discrete Data, arXiv:1905.10347. Events are (B, D), whole numbers 0..K-1; the layers move their one-hot codes
/// (<see cref="OneHot"/>). A bijection only permutes the events: the K^D probabilities of the model are those of its base, in another order.
/// </remarks>
/// <example><code>
/// // Two bits that tend to agree: one layer learns the exclusive or.
/// manual_seed(0);
/// var data = new ProbabilityTable(tensor(new[] { 0.63, 0.07, 0.03, 0.27 }), positions: 2, classes: 2);
/// var flow = DiscreteFlow.Bipartite(features: 2, classes: 2, layers: 1);
/// Trainer.Fit(flow, data, new() { Steps = 300, LearningRate = 0.05, BatchSize = 256, Threads = 1 });
/// Console.WriteLine(data.Support.Divergence(data, flow) &lt; 0.01);      // => True
/// </code></example>
public static class DiscreteFlow
{
    /// <summary>Couplings of alternating features over independent classes: density and samples take one pass.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="layers">Couplings, >= 1; the first moves features 1, 3, ....</param>
    /// <param name="hidden">Widths of each perceptron; none makes it a table of one-hot codes.</param>
    /// <param name="hasScale">Whether layers also multiply.</param>
    /// <param name="temperature">Of the straight-through gradient.</param>
    public static Flow Bipartite(long features, int classes, int layers, IReadOnlyList<long>? hidden = null, bool hasScale = false, double temperature = 0.1)
    {
        var map = new ModuloMap(classes, hasScale, temperature);
        return Bipartite(features, map, layers, (inputs, outputs) => new OneHotNet(inputs, outputs, classes, (i, o) => new Mlp(i, o, hidden ?? [])));
    }

    /// <summary>The same with conditioners of the caller's, as <see cref="NeighborNet"/> for sequences.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="map">What moves a class.</param>
    /// <param name="layers">Couplings, >= 1.</param>
    /// <param name="conditioner">Makes each coupling's network, which reads and gives codes.</param>
    public static Flow Bipartite(long features, ModuloMap map, int layers, Func<long, long, Conditioner> conditioner)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        var couplings = Enumerable.Range(0, layers).Select(layer => new Coupling(Masks.Alternating(features, odd: layer % 2 == 0), map, conditioner));
        return new(new Chain([new OneHot(features, map.Classes), .. couplings]), new OneHotCategorical(map.Classes).Learned(features, map.Classes));
    }

    /// <summary>Autoregressive layers in the order D-1, ..., 0 over an autoregressive base in the order 0, ..., D-1, each a MADE of one-hot codes. With no layers it is the base alone.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="layers">>= 0.</param>
    /// <param name="hidden">Widths of each MADE.</param>
    /// <param name="hasScale">Whether layers also multiply.</param>
    /// <param name="temperature">Of the straight-through gradient.</param>
    public static Flow Autoregressive(long features, int classes, int layers, IReadOnlyList<long> hidden, bool hasScale = false, double temperature = 0.1)
    {
        var map = new ModuloMap(classes, hasScale, temperature);
        return Autoregressive(map, layers, (parameters, reverse) =>
            new Made(features, parameters, hidden, order: reverse ? Orders.Reverse(features) : null, positionSize: classes));
    }

    /// <summary>The same with networks of the caller's, as <see cref="WindowNet"/> for sequences.</summary>
    /// <param name="map">What moves a class.</param>
    /// <param name="layers">>= 0.</param>
    /// <param name="network">Makes a network from the parameters of a position and whether its order is reversed: the base's first, which is not.</param>
    public static Flow Autoregressive(ModuloMap map, int layers, Func<int, bool, AutoregressiveNetwork> network)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegative(layers);
        var @base = new Autoregressive(new OneHotCategorical(map.Classes), network(1, false));
        var flows = Enumerable.Range(0, layers).Select(_ => new MaskedAutoregressive(map, network(map.ParameterCount, true)));
        return new(new Chain([new OneHot(@base.EventShape[0], map.Classes), .. flows]), @base);
    }
}
