using FlowKit.Conditioners;
using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

/// <summary>Every distribution that takes a context, with one of <see cref="Features"/> features. A new one is one line here, and all laws hold for it.</summary>
public static class ConditionalCatalog
{
    public const long Features = 3;

    private static readonly Dictionary<string, Func<Distribution>> Cases = new()
    {
        ["normal"] = () => Given(new Normal(), 2),
        ["normal, D = 1"] = () => Given(new Normal(), 1),
        ["logistic"] = () => Given(new Logistic(), 2),
        ["skew logistic"] = () => Given(new SkewLogistic(), 2),
        ["Gaussian copula, normal margins"] = () => new ConditionalGaussianCopula(new Normal(), 3, Features, Net),
        ["Gaussian copula, skew margins"] = () => new ConditionalGaussianCopula(new SkewLogistic(), 2, Features, Net),
        ["sinh-arcsinh"] = () => Given(new SinhArcsinh(), 2),
        ["Gaussian copula, sinh-arcsinh margins"] = () => new ConditionalGaussianCopula(new SinhArcsinh(), 3, Features, Net),
        ["Gaussian copula, Student margins"] = () => new ConditionalGaussianCopula(new StudentT(), 2, Features, Net),
        ["Gaussian copula, mixtures as margins"] = () => new ConditionalGaussianCopula(new MixtureFamily(new Normal(), 2), 2, Features, Net),
        ["Gaussian copula, D = 1"] = () => new ConditionalGaussianCopula(new Logistic(), 1, Features, Net),
        ["autoregressive copula flow"] = () => CopulaFlow.Autoregressive(2, bins: 4, hidden: [8], contextShape: Features),
        ["Student t"] = () => Given(new StudentT(), 2),
        ["Beta"] = () => Given(new Beta(), 2),
        ["von Mises"] = () => Given(new VonMises(), 2),
        ["discretized logistic"] = () => Given(new DiscretizedLogistic(), 2),
        ["discretized logistic, 17 levels"] = () => Given(new DiscretizedLogistic(17), 2),
        ["Bernoulli"] = () => Given(new Bernoulli(), 3),
        ["categorical"] = () => Given(new Categorical(4), 2),
        ["categorical, image"] = () => Given(new Categorical(3), 1, 2, 2),
        ["mixture of normals in each element"] = () => Given(new MixtureFamily(new Normal(), 3), 2),
        ["mixture of discretized logistics, D = 1"] = () => Given(new MixtureFamily(new DiscretizedLogistic(17), 3), 1),
        ["multivariate normal"] = () => MultivariateNormal.Conditional(3, Features, Net),
        ["multivariate normal, D = 1"] = () => MultivariateNormal.Conditional(1, Features, Net),
        ["mixture density network"] = () => GaussianMixture.Conditional(2, 3, Features, Net),
        ["mixture density network, D = 1"] = () => GaussianMixture.Conditional(1, 2, Features, Net),
        ["MADE categorical"] = () => new Autoregressive(new Categorical(4), new Made(3, 4, [16], contextShape: Features)),
        ["MADE categorical, D = 1"] = () => new Autoregressive(new Categorical(4), new Made(1, 4, [16], contextShape: Features)),
        ["NADE"] = () => new Autoregressive(new Bernoulli(), new Nade(4, 1, 8, contextShape: Features)),
        ["RNADE"] = () => new Autoregressive(new MixtureFamily(new Normal(), 2), new Nade(3, 6, 8, contextShape: Features, order: Orders.Reverse(3))),
        ["RNADE, D = 1"] = () => new Autoregressive(new Normal(), new Nade(1, 2, 8, contextShape: Features)),
        ["MADE ensemble"] = () => new MaskEnsemble(new Bernoulli(), new Made(3, 1, [16], contextShape: Features, maskSets: 3)),
        ["Laplace"] = () => Given(new Laplace(), 2),
        ["MAF MoG"] = () => Maf.Create(2, layers: 2, hidden: [12], contextShape: Features, @base: new Autoregressive(new MixtureFamily(new Normal(), 2), new Made(2, 6, [12], contextShape: Features))),
        ["MAF with batch normalization"] = () => Maf.Create(3, layers: 2, hidden: [12], contextShape: Features, batchNorm: true),
        ["joint"] = () => new ProductDistribution(Given(new Normal(), 1), new Logistic().Learned(1), Given(new Beta(), 1)),
        ["mixture"] = () => Mixture.Learned(Given(new Normal(), 2), new Logistic().Learned(2)),
        ["tempered"] = () => new Tempered(Given(new Normal(), 2), 0.7),
        ["embedded"] = () => new EmbeddedDistribution(MultivariateNormal.Conditional(2, 2, Net), nn.Sequential(("linear", nn.Linear(Features, 2)), ("tanh", nn.Tanh())), Features),
        ["RealNVP"] = () => RealNvp.Create(2, layers: 3, hidden: [8], contextShape: Features),
        ["conditional INN"] = () => ConditionalInn.Create(2, Features, blocks: 2, hidden: [8]),
        ["INN with noise"] = () => new Inn(4, (int)Features, blocks: 2, hidden: [8], noise: 0.5),
        ["MAF"] = () => Maf.Create(3, layers: 2, hidden: [12], contextShape: Features),
        ["MAF, D = 1"] = () => Maf.Create(1, layers: 2, hidden: [12], contextShape: Features),
        ["IAF"] = () => new Flow(Maf.Create(3, layers: 2, hidden: [12], contextShape: Features).Transform.Inverted, new StandardNormal(3)),
        ["NICE"] = () => Nice.Create(2, hidden: [8], contextShape: Features),
        ["spline flow"] = () => SplineFlow.Create(2, layers: 2, bins: 4, hidden: [8], contextShape: Features),
        ["torus flow"] = () => TorusFlow.Create(2, layers: 2, bins: 4, hidden: [8], contextShape: Features),
        ["torus flow, autoregressive"] = () => TorusFlow.Autoregressive(2, bins: 4, hidden: [8], contextShape: Features),
        ["circle flow"] = () => TorusFlow.Create(1, layers: 2, bins: 4, hidden: [8], contextShape: Features),
        ["recursive flow on the sphere"] = () => SphereFlow.Recursive(2, layers: 2, bins: 4, hidden: [8], contextShape: Features),
        ["recursive flow on the circle"] = () => SphereFlow.Recursive(1, hidden: [8], contextShape: Features),
        ["axes"] = () => new AntipodalDistribution(SphereFlow.Recursive(3, bins: 4, hidden: [8], contextShape: Features)),
        ["flow over a conditional base"] = () => new Flow(new LuLinear(2), Given(new Normal(), 2)),
        ["flow, both conditional"] = () => new Flow(Coupling.WithMlp(Masks.Half(2, second: true), new AffineMap(), [8], contextShape: Features), Given(new Logistic(), 2)),
        ["flow at a temperature"] = () => RealNvp.Create(2, layers: 2, hidden: [8], contextShape: Features).AtTemperature(0.6),
    };

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>The distribution of that name in float64, parameters shaken, in evaluation mode.</summary>
    public static Distribution Create(string name, int seed = 1)
    {
        manual_seed(seed);
        var p = Cases[name]();
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        p.eval();
        return p;
    }

    /// <summary>Contexts, one a row.</summary>
    public static Tensor Context(long rows) => randn([rows, Features], dtype: float64);

    private static Conditional Given(Family family, params long[] eventShape) => family.Conditional(Features, Net, eventShape);

    private static Mlp Net(long inputs, long outputs) => new(inputs, outputs, [8], activation: Activation.Tanh);
}
