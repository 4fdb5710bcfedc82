using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class TransformCatalog
{
    // Couplings through every elementwise map, and maps with parameters of their own.
    private static TransformCase[] Elementwise =>
    [
        .. Maps.SelectMany(ThroughEveryLayer),
        new("coupling, spline, SiLU, narrow bound", () => Coupling.WithMlp(Masks.Half(4, second: true), new RationalQuadraticMap(4, TailBound: 1), [8], activation: Activation.SiLU), Normal(4)) { Tolerance = 1e-7 },
        new("coupling, circular spline, angles", () => Torus(3, null), Within(2.5, 5)([3])) { Latents = Within(2.5, 5)([3]), Tolerance = 1e-7 },
        new("coupling, circular spline, angles, context", () => Torus(2, 3), Within(2.5, 5)([2])) { Latents = Within(2.5, 5)([2]), Tolerance = 1e-7 },
        new("angles made one turn", () => new WrapAngles(3), Within(0, Math.Tau)([3])) { Latents = Within(0, Math.Tau)([3]) },
        new("elementwise, spline, image", () => new ElementwiseTransform(new RationalQuadraticMap(4, TailBound: 2), [2, 3, 3]), Normal(2, 3, 3)) { Tolerance = 1e-7 },
        new("elementwise, spline, image, context", () => new ElementwiseTransform(new RationalQuadraticMap(4), [2, 3, 3], contextShape: 2), Normal(2, 3, 3)) { Tolerance = 1e-7 },
        new("elementwise, affine, shared by positions", () => new ElementwiseTransform(new AffineMap(), [2, 3, 3], sharesPositions: true), Normal(2, 3, 3)),
        new("elementwise, spline, shared by positions, context", () => new ElementwiseTransform(new RationalQuadraticMap(4), [2, 2, 3], contextShape: 2, sharesPositions: true), Normal(2, 2, 3)) { Tolerance = 1e-7 },
        new("elementwise, additive", () => new ElementwiseTransform(new AdditiveMap(), [3]), Normal(3)),
        new("elementwise, affine, context, no hidden layer", () => new ElementwiseTransform(new AffineMap(), [3], contextShape: 2, hidden: []), Normal(3)),
        new("softplus", () => new Softplus(), Normal(3)) { Latents = Positive(3) },
        new("softplus, D = 1", () => new Softplus(), Normal(1)) { Latents = Positive(1) },
        new("inverted softplus", () => new Softplus().Inverted, Positive(3)),
        new("tanh", () => new Tanh(), Normal(3)) { Latents = Within(-1, 1)([3]) },
        new("tanh, D = 1", () => new Tanh(), Normal(1)) { Latents = Within(-1, 1)([1]) },
        new("inverted tanh of an image", () => new Tanh().Inverted, Within(-1, 1)([1, 2, 2])),
        new("support of a uniform prior", () => new PriorSupport(Box), Within(0, 2)([2])) { Latents = rows => Normal(2)(rows) / 2, Tolerance = 1e-7 },
        new("support of a prior of blocks", () => new PriorSupport(new ProductDistribution(Box, new StandardNormal(1), new Beta().Fixed(ones(1), ones(1)))), Within(0.1, 0.9)([4])) { Latents = rows => Normal(4)(rows) / 2, Tolerance = 1e-7 },
        new("leaky ReLU", () => new LeakyReLU(0.2), Normal(3)),
        new("leaky ReLU, steep", () => new LeakyReLU(3), Normal(1)),
    ];

    private static (string Name, ElementwiseMap Map, Func<long[], Func<long, Tensor>> Data)[] Maps =>
    [
        ("affine", new AffineMap(), Normal),
        ("spline", new RationalQuadraticMap(), shape => Wide(shape)),
        ("interval spline", new IntervalRationalQuadraticMap(6, Low: -2, High: 1), Within(-2, 1)),
        ("circular spline", new CircularRationalQuadraticMap(6), Within(0, Math.Tau)),
        ("rotated circular spline", new CircularRationalQuadraticMap(6, Rotates: true), Within(2.5, Math.Tau)),   // the other side's seam lies elsewhere
        ("Moebius map", new MoebiusMap(), Within(0, Math.Tau)),
        ("rotated Moebius maps", new MoebiusMap(3, Rotates: true), Within(2.5, Math.Tau)),
        ("rotated non-compact projection", new NonCompactProjectionMap(Rotates: true), Within(2.5, Math.Tau)),
        ("non-compact projections", new NonCompactProjectionMap(2), Within(0, Math.Tau)),
        ("phase shift", new PhaseShift(), Within(2.5, Math.Tau)),
        ("logistic mixture", new LogisticMixtureMap(4), Normal),
        ("gated affine", new GatedAffineMap(), Normal),
    ];

    private static Uniform Box => new(tensor(new[] { -1.0, -0.5 }), tensor(new[] { 3.0, 2.5 }));

    private static Coupling Torus(int angles, Shape? contextShape) => new(
        Masks.Alternating(angles, odd: true), new CircularRationalQuadraticMap(5, Rotates: true), (i, o) => AngleConditioner.Of(i, o, (i, o) => new Mlp(i, o, [8], contextShape, Activation.Tanh)));

    private static IEnumerable<TransformCase> ThroughEveryLayer((string Name, ElementwiseMap Map, Func<long[], Func<long, Tensor>> Data) it)
    {
        double tolerance = it.Map is AffineMap ? 1e-9 : 1e-7;
        if (it.Map is not AffineMap)                                          // its couplings stand among the couplings
        {
            yield return Case($"coupling, {it.Name}", 4, () => Coupling.WithMlp(Masks.Alternating(4, odd: true), it.Map, [8]));
            yield return Case($"coupling, {it.Name}, context", 3, () => Coupling.WithMlp(Masks.Half(3, second: true), it.Map, [8], contextShape: 2, Activation.Tanh));
        }
        yield return Case($"elementwise, {it.Name}, D = 1", 1, () => new ElementwiseTransform(it.Map, [1]));
        yield return Case($"elementwise, {it.Name}", 3, () => new ElementwiseTransform(it.Map, [3]));
        yield return Case($"elementwise, {it.Name}, context", 3, () => new ElementwiseTransform(it.Map, [3], contextShape: 2, hidden: [8]));

        TransformCase Case(string name, long features, Func<Transform> make) =>
            new(name, make, it.Data([features])) { Latents = it.Data([features]), Tolerance = tolerance };
    }

    // Beyond a tail bound of 5 now and then.
    private static Func<long, Tensor> Wide(params long[] shape) => rows => randn([rows, .. shape], dtype: float64) * 4;

    private static Func<long, Tensor> Positive(params long[] shape) => rows => rand([rows, .. shape], dtype: float64) * 3 + 0.1;

    // An interval, away from its ends.
    private static Func<long[], Func<long, Tensor>> Within(double low, double high) => shape => rows => rand([rows, .. shape], dtype: float64) * (0.96 * (high - low)) + (low + 0.02 * (high - low));
}
