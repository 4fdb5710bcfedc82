using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Integration;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class KlTests
{
    private static readonly Dictionary<string, (Func<Distribution> P, Func<Distribution> Q, QuadratureRule Rule)> Cases = new()
    {
        ["normal, normal"] = (() => new Normal().Fixed(V(1), V(0.5)), () => new Normal().Fixed(V(-0.5), V(2)), QuadratureRule.Interval((-12, 12), 4000)),
        ["normal, standard"] = (() => new Normal().Fixed(V(1, 0), V(0.5, 1.4)), () => new StandardNormal(2), QuadratureRule.Rectangle((-12, 12), (-12, 12))),
        ["standard, normal"] = (() => new StandardNormal(2), () => new Normal().Fixed(V(1, 0), V(0.7, 1.4)), QuadratureRule.Rectangle((-9, 9), (-9, 9))),
        ["full, full"] = (() => Full(0.6), () => Full(-0.3), QuadratureRule.Rectangle((-9, 9), (-9, 9))),
        ["full, factorized"] = (() => Full(0.8), () => new Normal().Fixed(V(1, 0), V(0.7, 1.4)), QuadratureRule.Rectangle((-9, 9), (-9, 9))),
        ["full, standard"] = (() => Full(0.8), () => new StandardNormal(2), QuadratureRule.Rectangle((-9, 9), (-9, 9))),
        ["factorized, full"] = (() => new Normal().Fixed(V(1, 0), V(0.7, 1.4)), () => Full(0.8), QuadratureRule.Rectangle((-12, 12), (-12, 12))),
        ["Laplace, Laplace"] = (() => new Laplace().Fixed(V(1), V(0.5)), () => new Laplace().Fixed(V(-0.5), V(2)), QuadratureRule.Interval((-11, 13), 1_200_000)),
        ["Beta, Beta"] = (() => new Beta().Fixed(V(4), V(3)), () => new Beta().Fixed(V(2.5), V(5)), QuadratureRule.Interval((0, 1), 20_000)),
        ["von Mises, von Mises"] = (() => new VonMises().Fixed(V(4), V(3)), () => new VonMises().Fixed(V(-1), V(0.7)), QuadratureRule.Circle(400)),
        ["von Mises, concentrated"] = (() => new VonMises().Fixed(V(4), V(1e4)), () => new VonMises().Fixed(V(4.01), V(9e3)), QuadratureRule.Circle(20_000)),
        ["uniform, uniform"] = (() => new Uniform(V(0, 0), V(1, 0.5)), () => new Uniform(V(-1, 0), V(2, 1)), QuadratureRule.Rectangle((0, 1), (0, 0.5))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_closed_form_is_the_integral(string name)
    {
        var (p, q, rule) = (F64(Cases[name].P()), F64(Cases[name].Q()), Cases[name].Rule);
        double integral = rule.Integrate(x => (p.LogProb(x).exp() * (p.LogProb(x) - q.LogProb(x))).nan_to_num(nan: 0));
        Assert.Equal(integral, Kl.Divergence(p, q).ToDouble(), 1e-8);
    }

    [Theory, MemberData(nameof(Names))]
    public void It_is_zero_at_equality(string name) => Assert.Equal(0, Kl.Divergence(F64(Cases[name].P()), F64(Cases[name].P())).ToDouble(), 1e-12);

    [Fact]
    public void Masses_have_the_sum()
    {
        var (p, q) = (F64(new Categorical(3).Fixed(V(0.5, 0, 0.5).log().unsqueeze(1))), F64(new Categorical(3).Fixed(V(0.2, 0.3, 0.5).log().unsqueeze(1))));
        Assert.Equal(0.5 * Math.Log(2.5), Kl.Divergence(p, q).ToDouble(), 1e-14);
        Assert.Equal(double.PositiveInfinity, Kl.Divergence(q, p).ToDouble());

        var (a, b) = (F64(new Bernoulli().Fixed(V(0.7))), F64(new Bernoulli().Fixed(V(-1.2))));
        double s = 1 / (1 + Math.Exp(-0.7)), t = 1 / (1 + Math.Exp(1.2));
        Assert.Equal(s * Math.Log(s / t) + (1 - s) * Math.Log((1 - s) / (1 - t)), Kl.Divergence(a, b).ToDouble(), 1e-14);
    }

    [Theory, InlineData(0.5, 0.143841), InlineData(0.9, 0.830366), InlineData(0.95, 1.163951), InlineData(0.99, 1.958518)]
    public void The_best_factorized_normal_misses_a_correlation_by_its_known_gap(double r, double gap)
    {
        var best = F64(new Normal().Fixed(V(0, 0), V(1, 1) * Math.Sqrt(1 - r * r)));
        Assert.Equal(gap, Kl.Divergence(best, F64(Full(r))).ToDouble(), 5e-7);
        var other = F64(new Normal().Fixed(V(0, 0), V(1, 1) * Math.Sqrt(1 - r * r) * 1.01));
        Assert.True(Kl.Divergence(other, F64(Full(r))).ToDouble() > gap);
    }

    [Fact]
    public void Draws_estimate_the_closed_form_within_their_error()
    {
        manual_seed(1);
        var (p, q) = (F64(Full(0.6)), F64(Full(-0.3)));
        var estimate = Kl.MonteCarlo(p, q, draws: 40_001);
        Assert.Equal(40_001, estimate.Count);
        Assert.Equal(Kl.Divergence(p, q).ToDouble(), estimate.Mean, 4.5 * estimate.StandardError);
        Assert.Throws<ArgumentException>("q", () => Kl.MonteCarlo(p, new StandardNormal(3)));
        Assert.Throws<ArgumentException>("q", () => Kl.MonteCarlo(p, FlowKit.Models.Maf.Create(2, contextShape: 1)));
    }

    [Fact]
    public void A_box_that_sticks_out_is_infinitely_far()
    {
        Assert.Equal(double.PositiveInfinity, Kl.Divergence(new Uniform(V(0), V(2)), new Uniform(V(0), V(1))).ToDouble());
    }

    [Fact]
    public void A_conditional_posterior_has_one_a_row_with_gradients()
    {
        manual_seed(1);
        var q = new Normal().Conditional(3, (i, o) => new Mlp(i, o, [8]), 2);
        using (no_grad())
            foreach (var parameter in q.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var c = randn(5, 3);
        var kl = Kl.Divergence(q, new StandardNormal(2), c);
        Assert.Equal([5], kl.shape);
        kl.sum().backward();
        Assert.All(q.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
        Assert.InRange(Distance(Kl.Divergence(q, Full(0), c), kl), 0, 1e-5);
    }

    [Fact]
    public void Only_the_result_outlives_a_call()
    {
        var (p, q) = (new Normal().Learned(2), new StandardNormal(2));
        using var scope = NewDisposeScope();
        long before = LiveTensors;
        Kl.Divergence(p, q);
        Assert.Equal(before + 1, LiveTensors);
    }

    [Fact]
    public void An_unknown_pair_is_refused_with_both_names_and_a_way_out()
    {
        string message = Assert.Throws<NotSupportedException>(() => Kl.Divergence(new Logistic().Learned(1), new StandardNormal(1))).Message;
        Assert.Contains("Logistic", message);
        Assert.Contains("StandardNormal", message);
        Assert.Contains("Objectives.ReverseKl", message);
        Assert.Contains("StudentT", Assert.Throws<NotSupportedException>(() => Kl.Divergence(new StudentT().Learned(1), new StudentT().Learned(1))).Message);
        Assert.Throws<ArgumentException>("q", () => Kl.Divergence(new StandardNormal(1), new StandardNormal(2)));
        Assert.Throws<ArgumentException>("context", () => Kl.Divergence(new StandardNormal(1), new StandardNormal(1), zeros(2, 2)));
    }

    private static MultivariateNormal Full(double r) => new(V(0, 0), V(1, r, r, 1).reshape(2, 2));

    private static Tensor V(params double[] values) => tensor(values, dtype: float64);

    private static Distribution F64(Distribution p)
    {
        p.to(float64);
        return p;
    }

    [Fact]
    public void Both_laws_are_in_evaluation_mode_while_their_divergence_is_estimated()
    {
        // Two ensembles of one network: in training mode each would score by one mask set, the next one at each call.
        manual_seed(1);
        var made = new Conditioners.Made(4, 1, [8], maskSets: 3);
        var (p, q) = (Shaken(new MaskEnsemble(new Bernoulli(), made), 0.6), new MaskEnsemble(new Bernoulli(), made));
        q.to(float64);
        p.train();
        q.train();
        var kl = Kl.MonteCarlo(p, q, draws: 50);
        Assert.Equal((0.0, 0.0), (kl.Mean, kl.StandardError));
        Assert.True(p.training && q.training);
    }
}
