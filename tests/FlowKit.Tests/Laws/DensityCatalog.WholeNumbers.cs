using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class DensityCatalog
{
    private static DensityCase[] WholeNumbers =>
    [
        new("discretized logistic", () => new DiscretizedLogistic().Fixed(V(0.3), V(0.7)), Space.WholeNumbers(-60, 60, isAll: false)),
        new("discretized logistic, D = 2", () => new DiscretizedLogistic().Learned(2), Space.WholeNumbers(-120, 120, isAll: false)),
        new("discretized logistic, narrow", () => new DiscretizedLogistic().Fixed(V(2, -7.5), V(1e-3, 0.1)), Space.WholeNumbers(-12, 7, isAll: false)),
        new("discretized logistic, 17 levels", () => new DiscretizedLogistic(17).Fixed(V(13.2), V(2)), Space.WholeNumbers(0, 16)),
        new("discretized logistic, 17 levels, location outside", () => new DiscretizedLogistic(17).Fixed(V(-3, 20), V(1, 0.5)), Space.WholeNumbers(0, 16)),
        new("discretized logistic, 2 levels", () => new DiscretizedLogistic(2).Learned(3), Space.WholeNumbers(0, 1)),
        new("discretized logistic, image", () => new DiscretizedLogistic(5).Learned(1, 2, 2), Space.WholeNumbers(0, 4)),
        new("mixture of discretized logistics", () => new MixtureFamily(new DiscretizedLogistic(256), 5).Learned(1), Space.WholeNumbers(0, 255)),
        new("mixture of discretized logistics, unbounded", () => new MixtureFamily(new DiscretizedLogistic(), 3).Learned(2), Space.WholeNumbers(-120, 120, isAll: false)),
        new("categorical", () => new Categorical(5).Fixed(V(0.1, 0.2, 0.3, 0.25, 0.15).log().unsqueeze(1)), Space.WholeNumbers(0, 4)) { EntropyOf = Closed },
        new("categorical, D = 3", () => new Categorical(4).Learned(3), Space.WholeNumbers(0, 3)) { EntropyOf = Closed },
        new("categorical, image", () => new Categorical(3).Learned(1, 2, 2), Space.WholeNumbers(0, 2)) { EntropyOf = Closed },
        new("categorical with an impossible class", () => new Categorical(3).Fixed(V(0.5, 0, 0.5).log().unsqueeze(1)), Space.WholeNumbers(0, 2)) { EntropyOf = Closed },
        new("Bernoulli", () => new Bernoulli().Fixed(V(-2, 0, 3)), Space.WholeNumbers(0, 1)) { EntropyOf = Closed },
        new("Bernoulli, certain", () => new Bernoulli().Fixed(V(double.PositiveInfinity, 0)), Space.WholeNumbers(0, 1)),
        new("Bernoulli, learned", () => new Bernoulli().Learned(2, 2), Space.WholeNumbers(0, 1)) { EntropyOf = Closed },
        new("autoregressive categorical", () => Autoregressive.Table(3, 4), Space.WholeNumbers(0, 3)),
        new("autoregressive categorical, D = 1", () => Autoregressive.Table(1, 6), Space.WholeNumbers(0, 5)),
        new("MADE categorical", () => new Autoregressive(new Categorical(4), new Made(3, 4, [12])), Space.WholeNumbers(0, 3)),
        new("MADE categorical, two hidden layers, reversed, direct", () => new Autoregressive(new Categorical(2), new Made(4, 2, [16, 16], order: Orders.Reverse(4), direct: true, activation: Activation.Tanh)), Space.WholeNumbers(0, 1)),
        new("MADE, 14 bits, random masks", () => new Autoregressive(new Bernoulli(), new Made(14, 1, [30, 30], order: Orders.Random(14, seed: 6), degreeSeed: 6)), Space.WholeNumbers(0, 1)),
        new("MADE categorical, D = 1", () => new Autoregressive(new Categorical(6), new Made(1, 6, [8])), Space.WholeNumbers(0, 5)),
        new("NADE", () => new Autoregressive(new Bernoulli(), new Nade(4, 1, 6, rescales: false, activation: Activation.Sigmoid)), Space.WholeNumbers(0, 1)),
        new("NADE, 12 positions, random order", () => new Autoregressive(new Bernoulli(), new Nade(12, 1, 5, order: Orders.Random(12, seed: 1))), Space.WholeNumbers(0, 1)) { Shake = 1 },
        new("NADE categorical, random order", () => new Autoregressive(new Categorical(3), new Nade(4, 3, 6, order: Orders.Random(4, seed: 3))), Space.WholeNumbers(0, 2)),
        new("MADE ensemble", () => new MaskEnsemble(new Bernoulli(), new Made(4, 1, [12], degreeSeed: 1, maskSets: 3)), Space.WholeNumbers(0, 1)),
        new("MADE ensemble, categorical", () => new MaskEnsemble(new Categorical(3), new Made(3, 3, [12], direct: true, maskSets: 4)), Space.WholeNumbers(0, 2)),
        new("Ising lattice", () => new IsingLattice(rows: 2, columns: 4), Space.WholeNumbers(0, 1)) { EntropyOf = p => ((IsingLattice)p).Entropy },
        new("Ising lattice, repelling", () => new IsingLattice(rows: 1, columns: 4, coupling: -0.7), Space.WholeNumbers(0, 1)) { EntropyOf = p => ((IsingLattice)p).Entropy },
        new("discretized logistic, units of eight", () => new DiscretizedLogistic { Middle = 16, Unit = 8 }.Fixed(V(13.2), V(2)), Space.WholeNumbers(-80, 110, isAll: false)),
        new("mixture of discretized logistics, units of two", () => new MixtureFamily(new DiscretizedLogistic { Middle = 3, Unit = 2 }, 3).Learned(1), Space.WholeNumbers(-300, 300, isAll: false)),
        new("integer flow, uncoupled", () => IntegerDiscreteFlow.Create(2, couplings: 0, levels: 4, components: 2), Space.WholeNumbers(-200, 200, isAll: false)),
        new("integer flow, four couplings", () => IntegerDiscreteFlow.Create(2, couplings: 4, hidden: [6], levels: 4, components: 2), Space.WholeNumbers(-200, 200, isAll: false)),
        new("integer flow, one of two numbers leaves", () => new Flow(
            MultiScale.Factored([2], [Integer(2), new Permutation(0)], (kept, leaving) => new DiscretizedLogistic().Conditional(kept, (i, o) => new Mlp(i, o, [6]), leaving)),
            new DiscretizedLogistic().Learned(1)), Space.WholeNumbers(-200, 200, isAll: false)),
        new("one-hot codes", () => new Flow(new OneHot(2, 4), new OneHotCategorical(4).Learned(2, 4)), Space.WholeNumbers(0, 3)) { EntropyOf = Base },
        new("one-hot codes with an impossible class", () => new Flow(new OneHot(1, 3), new OneHotCategorical(3).Fixed(V(0.5, 0, 0.5).log().unsqueeze(0))), Space.WholeNumbers(0, 2)) { EntropyOf = Base },
        new("discrete flow, bipartite", () => DiscreteFlow.Bipartite(3, 5, layers: 2, hidden: [8], hasScale: true), Space.WholeNumbers(0, 4)) { EntropyOf = Base },
        new("discrete flow, one table", () => DiscreteFlow.Bipartite(2, 7, layers: 1), Space.WholeNumbers(0, 6)) { EntropyOf = Base },
        new("discrete flow, autoregressive", () => DiscreteFlow.Autoregressive(3, 4, layers: 1, hidden: [16], hasScale: true), Space.WholeNumbers(0, 3)),
        new("MADE of one-hot codes", () => DiscreteFlow.Autoregressive(4, 3, layers: 0, hidden: [16, 16]), Space.WholeNumbers(0, 2)),
        new("MADE of one-hot codes, ensemble", () => new Flow(new OneHot(3, 3), new MaskEnsemble(new OneHotCategorical(3), new Made(3, 1, [12], maskSets: 3, positionSize: 3))), Space.WholeNumbers(0, 2)),
        new("windows", () => DiscreteFlow.Autoregressive(new ModuloMap(3), 1, (parameters, reverse) => new WindowNet(4, parameters, 3, window: 2, hidden: [12], reverse: reverse)), Space.WholeNumbers(0, 2)),
        new("table", () => ProbabilityTable.Random(3, 4, seed: 1), Space.WholeNumbers(0, 3)) { EntropyOf = p => ((ProbabilityTable)p).Entropy },
        new("table with impossible events", () => new ProbabilityTable(V(0.5, 0, 0.2, 0.3), 2, 2), Space.WholeNumbers(0, 1)) { EntropyOf = p => ((ProbabilityTable)p).Entropy },
        new("Potts lattice", () => new PottsLattice(2, 3, 3, coupling: 0.7), Space.WholeNumbers(0, 2)) { EntropyOf = p => ((PottsLattice)p).Entropy },
        new("Potts lattice, one row", () => new PottsLattice(1, 4, 4, coupling: -1.5), Space.WholeNumbers(0, 3)) { EntropyOf = p => ((PottsLattice)p).Entropy },
        new("Potts lattice, one column", () => new PottsLattice(4, 1, 2, coupling: 1), Space.WholeNumbers(0, 1)) { EntropyOf = p => ((PottsLattice)p).Entropy },
        new("mixture of categoricals", () => Mixture.Learned(new Categorical(3).Learned(2), new Categorical(3).Learned(2)), Space.WholeNumbers(0, 2)),
        new("joint of unlike blocks", () => new ProductDistribution(new Bernoulli().Learned(1), new Categorical(4).Learned(1)), Space.WholeNumbers(0, 3)),
    ];

    private static Coupling Integer(int features) => Coupling.WithMlp(Masks.LastQuarter(features), new IntegerShiftMap(), [6]);

    private static double Base(Distribution p) => ((FamilyDistribution)((Flow)p).Base).Entropy().ToDouble();

    private static double Closed(Distribution p) => ((FamilyDistribution)p).Entropy().ToDouble();
}
