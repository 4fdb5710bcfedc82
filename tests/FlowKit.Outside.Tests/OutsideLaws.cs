using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Outside.Tests;

/// <summary>What a user builds from CONTRIBUTING's recipe obeys the laws that ship with the library.</summary>
public class OutsideLaws
{
    private static readonly TransformCase[] Transforms =
    [
        new("ripple", () => new Ripple(3), Normal(3)),
        new("coupling with a map of one's own", () => Coupling.WithMlp([true, false, true], new SinhMap(), [8], contextShape: 2), Normal(3)) { Tolerance = 1e-7 },
        new("MAF with a map and a network of one's own", () => new MaskedAutoregressive(new SinhMap(), new SmallNade(4, 2, hidden: 6)), Normal(4)) { Tolerance = 1e-7 },
        new("affine MAF with a network of one's own", () => new MaskedAutoregressive(new AffineMap(), new SmallNade(3, 2, hidden: 6)), Normal(3)),
        new("integer coupling", () => new IntegerCoupling(5, (i, o) => new Mlp(i, o, [8])), rows => randint(-20, 20, [rows, 5], dtype: float64))
        {
            DataSpace = Space.WholeNumbers(-20, 20), LatentSpace = Space.WholeNumbers(-20, 20), Latents = rows => randint(-20, 20, [rows, 5], dtype: float64),
        },
        new("layer conditioned on a map", () => new Coupling(Masks.Half(2, second: true), new AffineMap(), (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1, contextShape: [3, 8, 8])), Normal(2, 4, 4)),
        new("what leaves under a mixture", () => new FactorOut([4, 2, 2], Mixture), Normal(4, 2, 2)) { UndoesForward = false },
        new("two scales, a mixture between them", () => MultiScale.Factored([1, 4, 4],
            [new Squeeze(1, 4, 4), Channelwise(2)], Mixture), Normal(1, 4, 4)) { UndoesForward = false },
    ];

    private static readonly DensityCase[] Densities =
    [
        new("Laplace", () => new Laplace().Fixed(tensor([1.0]), tensor([0.5])), (-17, 19)) { Entropy = 1, Tolerance = 1e-4 },                                          // a cusp
        new("tilted law on the sphere", () => new Tilted(), Space.Sphere) { Resolution = 32 },
        new("Clayton's pair copula", () => new ClaytonCopula(), Space.Box(0, 1)) { Resolution = 1000, Tolerance = 5e-3 },   // unbounded in a corner
        new("autoregressive normal, NADE", () => new Autoregressive(new Normal(), new SmallNade(2, 2, hidden: 5)), (-16, 16)),
        new("autoregressive Laplace, MADE", () => new Autoregressive(new Laplace(), new Made(2, 2, [8])), (-40, 40)) { Tolerance = 1e-3, Resolution = 1600 },   // a cusp
        new("autoregressive categorical, NADE", () => new Autoregressive(new Categorical(3), new SmallNade(3, 3, hidden: 5)), Space.WholeNumbers(0, 2)),
        new("integer flow", () => new Flow(new IntegerCoupling(2, (i, o) => new Mlp(i, o, [4])), new DiscretizedLogistic().Learned(2)), Space.WholeNumbers(-80, 80, isAll: false)),
    ];

    public static TheoryData<string, string> TransformRows => Rows(TransformLaws.All, Transforms);

    public static TheoryData<string, string> DensityRows => Rows(DensityLaws.All, Densities);

    [Theory, MemberData(nameof(TransformRows))]
    public void Of_transforms(string law, string name) => TransformLaws.All.Single(one => one.Name == law).Check(Transforms.Single(one => one.Name == name));

    [Theory, MemberData(nameof(DensityRows))]
    public void Of_densities(string law, string name) => DensityLaws.All.Single(one => one.Name == law).Check(Densities.Single(one => one.Name == name));

    [Fact]
    public void A_mistake_is_found_and_named()
    {
        var wrong = new TransformCase("wrong", () => new Wrong(), Normal(2));
        Assert.Contains("The forward log-det is that of the autograd Jacobian", Assert.Throws<LawException>(() => TransformLaws.Check(wrong)).Message);
        Assert.Contains("It integrates to one", Assert.Throws<LawException>(() => DensityLaws.Check(new("half of it", () => new StandardNormal(1), (0, 9)))).Message);
    }

    [Fact]
    public void The_copulas_distribution_function_is_the_integral_of_its_density_and_h_its_slope()
    {
        var copula = (ClaytonCopula)Densities.Single(one => one.Name == "Clayton's pair copula").Create();
        foreach (var (u, v) in ((double, double)[])[(0.4, 0.7), (0.9, 0.2)])
        {
            using var box = FlowKit.Integration.QuadratureRule.Rectangle((0, u), (0, v), 2000);
            Assert.Equal(box.Integrate(x => copula.LogProb(x).exp()), copula.Cdf(tensor(new[,] { { u, v } })).ToDouble(), 2e-3);
            var at = tensor(new[,] { { u, v } }).requires_grad_();
            copula.Cdf(at).backward();
            Assert.Equal(at.grad![0, 0].ToDouble(), copula.Given(tensor([u]), tensor([v])).ToDouble(), 1e-12);
        }
    }

    private static Conditional Mixture(Shape kept, Shape leaving) => new MixtureFamily(new Normal(), 2).Conditional(kept, (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1), leaving);

    private static Coupling Channelwise(long channels) => new(Masks.Half(channels, second: true), new AffineMap(), (i, o) => new ConvResidualNet(i, o, width: 4, blocks: 1));

    private static Func<long, Tensor> Normal(params long[] shape) => rows => randn([rows, .. shape], dtype: float64);

    private static TheoryData<string, string> Rows<TCase>(IEnumerable<Law<TCase>> laws, TCase[] cases)
    {
        var rows = new TheoryData<string, string>();
        foreach (var law in laws)
            foreach (var one in cases.Where(law.AppliesTo)) rows.Add(law.Name, one!.ToString()!);
        return rows;
    }

    private sealed class Wrong : Transform
    {
        public Wrong() : base(nameof(Wrong)) => RegisterComponents();

        protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x * 2, SameForAll(0, x));

        protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z / 2, SameForAll(0, z));
    }
}
