using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

public static partial class DensityCatalog
{
    // The named families of distributions. They are smooth, or have edges between cells: a coarser grid does.
    private static DensityCase[] Families => [.. Named.Select(one => one with { Resolution = 200 })];

    private static DensityCase[] Named =>
    [
        Closed("normal, D = 1", () => new Normal().Fixed(V(1), V(2)), (-19, 21)),
        Closed("normal, D = 2", () => new Normal().Fixed(V(1, -1), V(0.5, 1.5)), (-15, 15)),
        new("normal, learned", () => new Normal().Learned(2), (-11, 11)),
        Closed("normal with a floor", () => new Normal { ScaleFloor = 0.1 }.Fixed(V(1, -1), V(0.5, 1.5)), (-15, 15)),
        Closed("logistic, D = 1", () => new Logistic().Fixed(V(-2), V(0.5)), (-30, 26)),
        Closed("logistic, D = 2", () => new Logistic().Fixed(V(-1, 1), V(0.8, 1)), (-44, 44)),
        new("logistic, learned", () => new Logistic().Learned(1), (-52, 52)),
        Closed("skew logistic, D = 1", () => new SkewLogistic().Fixed(V(3), V(-2), V(0.5)), (-16, 26)),
        Closed("skew logistic, D = 2", () => new SkewLogistic().Fixed(V(0.5, 2), V(-1, 1), V(0.5, 0.8)), (-38, 38)),
        new("sinh-arcsinh, D = 1", () => new SinhArcsinh().Fixed(V(0.7), V(1.3), V(-1), V(0.8)), (-9, 21)),
        new("sinh-arcsinh, learned", () => new SinhArcsinh().Learned(2), (-30, 30)),
        Closed("Student t, nu = 5", () => new StudentT().Fixed(V(5), V(1), V(1)), (-400, 400)),
        Closed("Student t, D = 2", () => new StudentT().Fixed(V(8, 100), V(1, -1), V(0.8, 1)), (-50, 50)),
        Closed("Student t, almost normal", () => new StudentT().Fixed(V(1e9), V(0), V(1)), (-9, 9)),
        Closed("generalized Pareto, bounded", () => new GeneralizedPareto().Fixed(V(-0.25), V(1)), Space.Box(0, 4)),
        Closed("Beta, D = 1", () => new Beta().Fixed(V(4), V(3)), Space.Box(0, 1)),
        Closed("Beta, D = 2", () => new Beta().Fixed(V(4, 5), V(3, 8)), Space.Box(0, 1)),
        Closed("Beta, uniform", () => new Beta().Fixed(V(1), V(1)), Space.Box(0, 1)),
        Closed("von Mises, D = 1", () => new VonMises().Fixed(V(4), V(3)), Turn),
        Closed("von Mises, D = 2", () => new VonMises().Fixed(V(-1, 9), V(2, 0.3)), Turn),
        Closed("von Mises, concentrated", () => new VonMises().Fixed(V(3), V(1e4)), Turn),
        Closed("von Mises, almost uniform", () => new VonMises().Fixed(V(3), V(1e-8)), Turn),
        new("von Mises, learned", () => new VonMises().Learned(2), Turn),
        new("mixture of normals in each element", () => new MixtureFamily(new Normal(), 3).Learned(2), (-13, 13)),
        new("mixture of logistics in each element", () => new MixtureFamily(new Logistic(), 2).Learned(1), (-52, 52)),
        new("RNADE", () => new Autoregressive(new MixtureFamily(new Normal(), 3), new Nade(2, 9, 8, activation: Activation.Tanh)), (-16, 16)),
        new("RNADE, reverse order, no rescaling", () => new Autoregressive(new MixtureFamily(new Normal(), 2), new Nade(2, 6, 8, order: Orders.Reverse(2), rescales: false, activation: Activation.SiLU), scaledMeanGradient: true), (-16, 16)),
        new("RNADE, D = 1", () => new Autoregressive(new MixtureFamily(new Normal(), 2), new Nade(1, 6, 8)), (-14, 14)),
        new("MADE of normals", () => new Autoregressive(new Normal(), new Made(2, 2, [12], activation: Activation.Tanh)), (-14, 14)),
        new("MAF over NADE", () => new Flow(new MaskedAutoregressive(new AffineMap(), new Nade(2, 2, 8, activation: Activation.Tanh)), new StandardNormal(2)), (-14, 14)),
        new("MAF MoG", () => Maf.Create(2, layers: 2, hidden: [8], activation: Activation.Tanh, @base: new Autoregressive(new MixtureFamily(new Normal(), 2), new Made(2, 6, [8], activation: Activation.Tanh))), (-16, 16)),
        new("MAF with batch normalization", () => Maf.Create(2, layers: 2, hidden: [8], activation: Activation.Tanh, batchNorm: true), (-14, 14)),
        new("mixture fitted by EM", () => GaussianMixture.Fit(Clusters(), components: 3, starts: 1), (-12, 12)),
        new("normal law fitted", () => MultivariateNormal.Fit(Clusters()), (-14, 14)),
        new("multivariate normal", () => Correlated(), (-16, 16)) { Entropy = Log2PiE + 0.5 * Math.Log(2 * 1.5 - 1.2 * 1.2) },
        new("multivariate normal, D = 1", () => new MultivariateNormal(V(1), V(4).reshape(1, 1)), (-19, 21)) { Entropy = Log2PiE / 2 + Math.Log(2) },
        new("multivariate normal, learned", () => MultivariateNormal.Learned(2), (-12, 12)),
        new("uniform, D = 1", () => new Uniform(V(-1), V(3)), Space.Box(-1, 3)) { Entropy = Math.Log(4) },
        new("uniform, angles", () => Uniform.Angles(2), Space.Box(0, 2 * Math.PI)) { Entropy = 2 * Math.Log(2 * Math.PI) },
        new("uniform, D = 2", () => new Uniform(V(-1, 0.5), V(1, 1)), (-2, 2)) { Entropy = 0 },
        new("mixture", () => new Mixture([1, 3], new Normal().Fixed(V(-2, 0), V(0.6, 1)), Correlated()), (-16, 16)),
        new("mixture, learned", () => Mixture.Learned(new Normal().Learned(1), new Logistic().Fixed(V(3), V(0.3))), (-14, 14)),
        new("mixture with holes", () => new Mixture([0.25, 0.75], new Uniform(V(-2, -2), V(-1, -1)), new Uniform(V(0, 0), V(1, 2))), (-2, 2)),
        new("joint", () => new ProductDistribution(new Beta().Fixed(V(4), V(3)), new Uniform(V(0.25), V(0.5))), (0, 1)),
        new("joint, learned", () => new ProductDistribution(new Normal().Learned(1), new Logistic().Learned(1)), (-52, 52)),
        new("joint, D = 1", () => new ProductDistribution(new StandardNormal(1)), (-9, 9)) { Entropy = Log2PiE / 2 },
        new("tempered normal", () => new Tempered(new StandardNormal(2), 0.5), (-5, 5)) { Entropy = Log2PiE + 2 * Math.Log(0.5) },
        new("tempered logistic", () => new Tempered(new Logistic().Fixed(V(1), V(0.5)), 2), (-39, 41)) { Entropy = 2 },
        new("tempered joint", () => new Tempered(new ProductDistribution(Correlated1(), new Normal().Fixed(V(3), V(1))), 0.7), (-10, 12)),
        new("flow at a temperature", () => RealNvp.Create(2, layers: 2, hidden: [8], activation: Activation.Tanh).AtTemperature(0.7), (-12, 12)),
        new("flow over a learned base", () => new Flow(Permutation.Reverse(2), new MixtureFamily(new Normal(), 2).Learned(2)), (-13, 13)),
    ];

    private static Space Turn => Space.Torus;

    private static DensityCase Closed(string name, Func<Factorized> make, (double Low, double High) bounds) => Closed(name, make, Space.Real(bounds.Low, bounds.High));

    private static DensityCase Closed(string name, Func<Factorized> make, Space space) => new(name, make, space) { Entropy = EntropyOf(make()) };

    private static double EntropyOf(Factorized p)
    {
        p.to(float64);
        return p.Entropy().ToDouble();
    }

    private static MultivariateNormal Correlated() => new(V(1, -2), V(2, 1.2, 1.2, 1.5).reshape(2, 2));

    private static MultivariateNormal Correlated1() => new(V(-1), V(0.8).reshape(1, 1));

    // The same three hundred points for every instance: what is fitted is no parameter that is saved.
    private static Tensor Clusters()
    {
        var i = arange(300, dtype: float64);
        var angle = i.remainder(3) * (Math.Tau / 3);
        return stack([angle.cos() * 2 + (i * 0.7).sin() * 0.6, angle.sin() * 2 + (i * 1.1).cos() * 0.6], dim: 1);
    }

    private static Tensor V(params double[] values) => tensor(values, dtype: float64);
}
