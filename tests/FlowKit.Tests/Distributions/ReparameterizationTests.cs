using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Transforms;

namespace FlowKit.Tests.Distributions;

public class ReparameterizationTests
{
    private static readonly Dictionary<string, (Func<Distribution> Make, (double, double) Bounds)> Cases = new()
    {
        ["normal"] = (() => new Normal().Learned(1), (-12, 12)),
        ["logistic"] = (() => new Logistic().Learned(1), (-50, 50)),
        ["skew logistic"] = (() => new SkewLogistic().Learned(1), (-50, 50)),
        ["sinh-arcsinh"] = (() => new SinhArcsinh().Learned(1), (-50, 50)),
        ["Student t"] = (() => new StudentT().Learned(1), (-4000, 4000)),
        ["Beta"] = (() => new Beta().Learned(1), (0, 1)),
        ["multivariate normal"] = (() => MultivariateNormal.Learned(1), (-12, 12)),
        ["tempered"] = (() => new Tempered(new Normal().Learned(1), 0.5), (-12, 12)),
        ["mixture with fixed weights"] = (() => new Mixture([1, 2], new Normal().Learned(1), new Logistic().Learned(1)), (-50, 50)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_through_draws_are_those_of_the_expectation(string name)
    {
        const int batches = 100, size = 400;
        manual_seed(4);
        var (make, bounds) = Cases[name];
        var p = make();
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(rand_like(parameter) + 0.5);
        Assert.True(p.IsReparameterized);

        // E[1 / (1 + (x - 0.3)²)] on a grid, and its gradient.
        var x = tensor(Quadrature.Midpoints(bounds, 40_000), dtype: float64).unsqueeze(1);
        (p.LogProb(x).exp() * H(x)).sum().multiply((bounds.Item2 - bounds.Item1) / 40_000).backward();
        var exact = Gradient(p);

        var seen = new List<Tensor>();
        for (int i = 0; i < batches; i++)
        {
            p.zero_grad();
            H(p.SampleWithLogProb(size).X).mean().backward();
            seen.Add(Gradient(p));
        }
        var all = stack(seen, dim: 0);
        var standardError = all.std(0) / Math.Sqrt(batches);
        var off = (all.mean([0]) - exact).abs() - standardError * 4.5;
        Assert.True(off.max().ToDouble() <= 1e-6, $"seen {string.Join(", ", all.mean([0]).data<double>())}; exact {string.Join(", ", exact.data<double>())}");
    }

    [Fact]
    public void A_choice_is_no_reparameterization()
    {
        Assert.False(new VonMises().Learned(1).IsReparameterized);
        Assert.False(new Categorical(3).Learned(1).IsReparameterized);
        Assert.False(new MixtureFamily(new Normal(), 2).Learned(1).IsReparameterized);
        Assert.False(Mixture.Learned(new StandardNormal(1)).IsReparameterized);
        Assert.False(new ProductDistribution(new Normal().Learned(1), new VonMises().Learned(1)).IsReparameterized);
        Assert.False(new Flow(Permutation.Reverse(2), new Bernoulli().Learned(2)).IsReparameterized);
        Assert.True(new VonMises().Fixed(zeros(1), ones(1)).IsReparameterized);
        Assert.True(FlowKit.Models.RealNvp.Create(2).IsReparameterized);
    }

    private static Tensor H(Tensor x) => ((x.select(1, 0) - 0.3).square() + 1).reciprocal();

    private static Tensor Gradient(Distribution p) =>
        cat([.. p.parameters().Select(parameter => parameter.grad is { IsInvalid: false } grad ? grad.flatten().clone() : zeros_like(parameter).flatten())]);
}
