using FlowKit.Copulas;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

/// <summary>Every distribution there is, of real numbers, of whole ones and on spheres. A new one is one line here, and all laws hold for it.</summary>
public static partial class DensityCatalog
{
    private static readonly double Log2PiE = Math.Log(2 * Math.PI * Math.E);

    private static readonly DensityCase[] Cases =
    [
        .. Families,
        .. WholeNumbers,
        .. Spheres,
        .. RecursiveSpheres,
        .. ExponentialSpheres,
        .. ElementwiseFlows,
        // The Laplace law has a corner: the midpoint rule is second order there.
        Closed("Laplace, D = 1", () => new Laplace().Fixed(V(-2), V(0.5)), (-22, 18)) with { Resolution = 8000, Tolerance = 1e-4 },
        Closed("Laplace, D = 2", () => new Laplace().Fixed(V(-1, 1), V(0.8, 1)), (-24, 24)) with { Resolution = 1600, Tolerance = 1e-3 },
        new("Laplace, learned", () => new Laplace().Learned(1), (-40, 40)) { Resolution = 8000, Tolerance = 1e-4 },
        new("mixture of Laplaces in each element", () => new MixtureFamily(new Laplace(), 2).Learned(1), (-40, 40)) { Resolution = 8000, Tolerance = 1e-4 },
        new("standard normal, D = 1", () => new StandardNormal(1), (-9, 9)) { Entropy = Log2PiE / 2 },
        new("standard normal, D = 2", () => new StandardNormal(2), (-9, 9)) { Entropy = Log2PiE },
        new("standard logistic, D = 1", () => new StandardLogistic(1), (-40, 40)) { Entropy = 2 },
        new("standard logistic, D = 2", () => new StandardLogistic(2), (-40, 40)) { Entropy = 4 },
        new("Gaussian ring", () => new GaussianRing(), (-3.6, 3.6)),
        new("sharp Gaussian ring", () => new GaussianRing(modes: 5, radius: 1, sd: 0.1), (-1.8, 1.8)),
        new("two moons", () => new TwoMoons(), (-1.8, 2.8)),
        new("banana", () => new Banana(), (-40, 40)) { Entropy = Log2PiE, Resolution = 1200 },
        new("parabola", () => new Parabola(), (-72, 72)) { Entropy = Log2PiE + Math.Log(2), Resolution = 1200 },
        new("checkerboard", () => new Checkerboard(), Space.Box(-2, 2)) { Entropy = Math.Log(8) },
        new("pair copula: Frank", () => new PairCopula(new Frank(), 3.0), Space.Box(0, 1)) { Tolerance = 1e-5 },
        new("pair copula: Clayton, turned by 90 degrees", () => new PairCopula(new Clayton(), 0.5) { Rotation = 90 }, Space.Box(0, 1)) { Tolerance = 1e-2 },        // no bound in a corner
        new("copula flow", () => CopulaFlow.Create(2, layers: 2, hidden: [8], map: new AffineMap(), activation: Conditioners.Activation.Tanh), Space.Box(0, 1)) { Tolerance = 1e-2 },                // as above
        new("copula flow, autoregressive", () => CopulaFlow.Autoregressive(2, bins: 4, hidden: [8]), Space.Box(0, 1)) { Tolerance = 1e-2 },
        new("vine copula, D = 2", () => new VineCopula(VineStructure.DVine(1, 0), [[new PairCopula(new Frank(), 3.0) { Rotation = 270 }]]), Space.Box(0, 1)) { Tolerance = 1e-5 },
        new("pair copula: kernel", () => KernelCopula.Fit(rand(500, 2, dtype: float64)), Space.Box(0, 1)) { Tolerance = 1e-3 },       // kinks at the grid's nodes
        new("Gaussian copula, D = 2", () => new MultivariateGaussianCopula(tensor(new[,] { { 1, 0.3 }, { 0.3, 1 } })), Space.Box(0, 1)) { Tolerance = 1e-3, Entropy = 0.5 * Math.Log(1 - 0.09) },   // no bound in two corners
        new("tailed margin, Gaussian tails", () => TailedMargin.Fit(Column(500), new() { Lower = TailBelief.Gaussian, Upper = TailBelief.Gaussian }), (-11, 11)) { Tolerance = 1e-4 },  // corners at the knots
        new("tailed margin, exponential tails", () => TailedMargin.Fit(Column(500), new() { Lower = TailBelief.Exponential, Upper = TailBelief.Exponential }), (-22, 22)) { Tolerance = 1e-4 },
        new("kernel margin", () => KernelMargin.Fit(Column(100)), (-9, 9)),
        new("empirical margin", () => EmpiricalMargin.Fit(linspace(-2, 2, 21, dtype: float64)), (-40, 40)) { Tolerance = 1e-4 },            // its steps are between cells
        new("family margin", () => new FamilyMargin(new Logistic(), 1, 0), (-40, 42)) { Entropy = 2 },
        new("flow margin", () => new FlowMargin(new ElementwiseTransform(new RationalQuadraticMap(), [1])), (-9, 9)),
        new("copula model", () => new CopulaModel([KernelMargin.Fit(Column(100)), new FamilyMargin(new Normal(), 0, 0)], new PairCopula(new Frank(), 3.0)), (-9, 9)),
        new("checkerboard, 6 x 6", () => new Checkerboard(squares: 6, side: 3), Space.Box(-1.5, 1.5)) { Entropy = Math.Log(4.5), Resolution = 600 },
        new("RealNVP", () => RealNvp.Create(2, layers: 4, hidden: [16], activation: Conditioners.Activation.Tanh), (-14, 14)),
        new("RealNVP, ReLU", () => RealNvp.Create(2, layers: 2, hidden: [16]), (-14, 14)) { Tolerance = 1e-4 },   // kinks: the midpoint rule is second order there
        new("additive coupling, logistic prior", () => new Flow(
            Coupling.WithMlp(Masks.Alternating(2, odd: true), new AdditiveMap(), [16], activation: Conditioners.Activation.Tanh), new StandardLogistic(2)), (-42, 42)) { Entropy = 4 },
        new("NICE", () => Nice.Create(2, hidden: [8]), (-45, 45)) { Tolerance = 1e-4 },                           // kinks, as above
        new("heteroscedastic normal", () => new Heteroscedastic(0.4), (-30, 30)) { Entropy = Log2PiE, Resolution = 1200 },
        new("segment of a ring", () => new RingSegment(), (-3.6, 3.6)),
        new("spiral", () => new Spiral(length: 1, width: 0.3, twist: 1), (-8, 8)) { Entropy = Log2PiE + Math.Log(0.3) },
        new("banana, moved and scaled", () => new PlacedDensity(new Banana(), scale: 0.5, x: 2, y: -1), (-22, 22)) { Entropy = Log2PiE - 2 * Math.Log(2), Resolution = 1200 },
        new("planar variational flow", () => VariationalFlow.Planar(2, length: 6), (-14, 14)),
        new("radial variational flow", () => VariationalFlow.Radial(2, length: 4), (-14, 14)) { Tolerance = 1e-4 },    // a kink at each center
        new("NICE variational flow", () => VariationalFlow.Nice(2, length: 4, hidden: [8]), (-16, 16)) { Tolerance = 1e-4 }, // kinks, as above
        new("flow of a differential equation", () => new Flow(
            new OdeFlow(2, (inputs, outputs) => new Conditioners.Mlp(inputs, outputs, [8], activation: Conditioners.Activation.Tanh)), new StandardNormal(2)), (-10, 10)),
        new("flow on the unit square", () => new Flow(
            new Chain(new Logit(), Coupling.WithMlp(Masks.Half(2, second: true), new AffineMap(), [16], activation: Conditioners.Activation.Tanh)), new StandardNormal(2)), Space.Box(0, 1)) { Tolerance = 1e-4 }, // steep at the edges
        new("inverted flow", () => new Flow(
            Coupling.WithMlp(Masks.Half(2, second: true), new AffineMap(), [16], activation: Conditioners.Activation.Tanh).Inverted, new StandardNormal(2)), (-14, 14)),
    ];

    private static readonly Dictionary<string, DensityCase> ByName = Cases.ToDictionary(one => one.Name);

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    /// <summary>Every law with the names it speaks of, for a theory.</summary>
    public static TheoryData<string, string> Laws => Theories.Of(FlowKit.Laws.DensityLaws.All, Cases);

    private static Tensor Column(int count)
    {
        manual_seed(1);
        return randn(count, dtype: float64);
    }

    private static DensityCase[] Spheres => [.. ((double[])[0, 1e-9, 9.9e-5, 1.1e-4, 0.3, 5, 60, 1e4]).Select(kappa => new DensityCase(
        $"sphere: von Mises-Fisher, kappa = {kappa}", () => new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), kappa), Space.Sphere)
    {
        Entropy = new VonMisesFisher(tensor(new[] { 1.0, -2, 0.5 }), kappa).Entropy,
        Resolution = kappa < 100 ? 64 : 500,
    })];

    /// <summary>The case of that name.</summary>
    public static DensityCase Get(string name) => ByName[name];
}
