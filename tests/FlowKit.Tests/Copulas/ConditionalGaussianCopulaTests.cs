using FlowKit.Conditioners;
using FlowKit.Copulas;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

/// <summary>Laws of a Gaussian copula and any margins: against normal laws where the margins are normal, quadrature, and two ways to a gradient.</summary>
public class ConditionalGaussianCopulaTests
{
    private static readonly Dictionary<string, Family> Families = new()
    {
        ["normal"] = new Normal(),
        ["logistic"] = new Logistic(),
        ["Student t"] = new StudentT(),
        ["skew logistic"] = new SkewLogistic(),
        ["sinh-arcsinh"] = new SinhArcsinh(),
        ["Laplace"] = new Laplace(),
        ["mixture of normals"] = new MixtureFamily(new Normal(), 2),
    };

    public static TheoryData<string> Margins => [.. Families.Keys];

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void With_normal_margins_it_is_the_normal_law_of_covariance_D_R_D(int features)
    {
        var q = Create(new Normal(), features);
        var (c, x) = (randn(6, 2, dtype: float64), randn(6, features, dtype: float64) * 2);
        var standard = new StandardNormal(features);
        standard.to(float64);
        var (all, entropy, kl, correlation) = (q.LogProb(x, c), q.Entropy(c), Kl.Divergence(q, standard, c), q.Correlation(c));
        for (int row = 0; row < 6; row++)
        {
            var (mean, scale, below) = Outputs(q, c.narrow(0, row, 1), features);
            // R by its definition: L from rows over their norms, one at a time.
            var factor = eye(features, dtype: float64);
            for (int i = 1, at = 0; i < features; at += i++) factor[i].narrow(0, 0, i).copy_(below.narrow(0, at, i));
            for (int i = 0; i < features; i++) factor[i].div_(factor[i].clone().norm());
            var r = factor.mm(factor.t());
            Assert.InRange(Distance(r, correlation[row]), 0, 1e-14);
            Assert.InRange(Distance(r.diagonal(0, 0, 1), ones(features, dtype: float64)), 0, 1e-15);

            var one = new MultivariateNormal(mean, scale.diag().mm(r).mm(scale.diag()));
            one.to(float64);
            Assert.Equal(one.LogProb(x.narrow(0, row, 1)).ToDouble(), all[row].ToDouble(), 1e-10);
            Assert.Equal(one.Entropy().ToDouble(), entropy[row].ToDouble(), 1e-10);
            Assert.Equal(Kl.Divergence(one, standard).ToDouble(), kl[row].ToDouble(), 1e-10);
        }
        if (features > 1) Assert.InRange((correlation - eye(features, dtype: float64)).abs().max().ToDouble(), 0.1, 1);
    }

    [Theory, MemberData(nameof(Margins))]
    public void Its_density_integrates_to_one_and_zero_outputs_are_independent_members(string name)
    {
        var start = new ConditionalGaussianCopula(Families[name], 2, 2, (i, o) => new Mlp(i, o, [4]));
        start.to(float64);
        var z = randn(50, 2, dtype: float64) * 3;
        var member = Families[name].Learned(2);
        member.to(float64);
        InRange(Distance(start.LogProb(z, randn(1, 2, dtype: float64)), member.LogProb(z)), 1e-12);

        var q = Create(Families[name], 2, seed: 5);
        var c = randn(1, 2, dtype: float64);
        // Over normal scores the integral of the copula part and of each margin is one smooth integral: z = F⁻¹(Phi(w)) on a grid of w.
        const int Nodes = 161;
        var w = linspace(-8, 8, Nodes, dtype: float64);
        var theta = Theta(q, c);
        using var none = no_grad();
        var grid = q.Margins.FromNormalScore(stack([w, w], dim: 1), theta.expand(Nodes, -1, 2));                           // (Nodes, 2)
        var logJacobian = (w.square() / -2 - Math.Log(2 * Math.PI) / 2 + Math.Log(0.1)).unsqueeze(1) - q.Margins.LogProb(grid, theta.expand(Nodes, -1, 2));    // ln dz/dw
        var all = stack([grid.select(1, 0).repeat_interleave(Nodes), grid.select(1, 1).repeat(Nodes)], dim: 1);
        var mass = (q.LogProb(all, c) + logJacobian.select(1, 0).repeat_interleave(Nodes) + logJacobian.select(1, 1).repeat(Nodes)).exp().sum();
        Assert.Equal(1, mass.ToDouble(), 1e-9);
    }

    [Theory, MemberData(nameof(Margins))]
    public void Normal_scores_go_there_and_back_eight_deviations_out_with_gradients(string name)
    {
        var family = Families[name];
        manual_seed(2);
        var theta = (randn(33, family.ParameterCount, 1, dtype: float64) * 0.5).requires_grad_();
        var w = linspace(-8, 8, 33, dtype: float64).unsqueeze(1).requires_grad_();
        var z = family.FromNormalScore(w, theta);
        Assert.InRange(Distance(family.NormalScore(z, theta), w), 0, 1e-9);
        Assert.True(z.isfinite().all().ToBoolean());

        // dz/dw = phi(w) / f(z), and dz/dtheta by differences.
        var slope = autograd.grad([z.sum()], [w, theta], retain_graph: true);
        var expected = w.square() / -2 - Math.Log(2 * Math.PI) / 2 - family.LogProb(z, theta);
        Assert.InRange(Distance(slope[0].log(), expected), 0, 1e-8);
        for (int i = 0; i < family.ParameterCount; i++)
        {
            var step = zeros_like(theta.detach());
            step.select(1, i).fill_(1e-5);
            var difference = (family.FromNormalScore(w.detach(), theta.detach() + step) - family.FromNormalScore(w.detach(), theta.detach() - step)) / 2e-5;
            var error = (slope[1].select(1, i) - difference).abs() - 1e-6 * difference.abs().clamp_min(1) - z.abs() * 1e-10;       // of rounding, and of the step
            True(error.le(0).all().ToBoolean(), $"the gradient to parameter {i}");
        }
    }

    [Fact]
    public void The_divergence_in_closed_form_is_that_of_draws()
    {
        var q = Create(new Normal(), 3);
        var standard = new StandardNormal(3);
        standard.to(float64);
        var c = randn(1, 2, dtype: float64);
        using var none = no_grad();
        var (z, logQ) = q.SampleWithLogProb(40_000, c);
        var drawn = Estimate.Of(logQ - standard.LogProb(z));
        double exact = Kl.Divergence(q, standard, c).ToDouble();
        Assert.True(exact > 0.2);
        Assert.InRange(drawn.Mean - exact, -4 * drawn.StandardError, 4 * drawn.StandardError);
        Assert.Throws<NotSupportedException>(() => Kl.Divergence(Create(new Logistic(), 3), standard, c));
    }

    [Theory, InlineData("normal"), InlineData("skew logistic"), InlineData("sinh-arcsinh"), InlineData("Student t")]
    public void Gradients_through_draws_are_those_of_the_score_function(string name)
    {
        // d/dtheta E[f(z)] = E[df(z)/dtheta] = E[f(z) d ln q(z) / dtheta], for each number the network gives.
        var family = Families[name];
        long outputs = family.ParameterCount * 2 + 1;
        manual_seed(3);
        var at = randn(1, outputs, dtype: float64) * 0.3;
        int draws = family is StudentT ? 10_000 : 40_000;                      // its quantiles are slow
        var theta = at.repeat(draws, 1).requires_grad_();
        var q = new ConditionalGaussianCopula(family, 2, outputs, (i, o) => new Passing(i, o));
        q.to(float64);

        manual_seed(4);
        var (z, _) = q.SampleWithLogProb(draws, theta);
        var pathwise = autograd.grad([F(z).sum()], [theta])[0];
        var fixedDraws = z.detach();
        var value = F(fixedDraws);
        var score = autograd.grad([((value - value.mean()) * q.LogProb(fixedDraws, theta)).sum()], [theta])[0];
        for (int i = 0; i < outputs; i++)
        {
            var difference = Estimate.Of(pathwise.select(1, i) - score.select(1, i));
            Assert.InRange(difference.Mean, -4 * difference.StandardError, 4 * difference.StandardError);
            Assert.True(Math.Abs(pathwise.select(1, i).mean().ToDouble()) > 4 * difference.StandardError, $"the gradient to output {i} is lost in noise");
        }

        static Tensor F(Tensor z) => (z.select(1, 0) * z.select(1, 1)).tanh() + ((z + 0.5).tanh() + (z.square() + 1).reciprocal() * 3).sum(dim: 1);
    }

    [Fact]
    public void Single_precision_and_far_outputs_stay_finite()
    {
        manual_seed(6);
        foreach (var family in Families.Values)
        {
            var q = new ConditionalGaussianCopula(family, 3, family.ParameterCount * 3 + 3, (i, o) => new Passing(i, o));
            var outputs = randn(200, family.ParameterCount * 3 + 3) * 2;
            if (family is StudentT) outputs.narrow(1, 6, 3).abs_();           // nu >= 1
            outputs.narrow(1, family.ParameterCount * 3, 3).mul_(100);        // correlations beyond 0.99
            outputs.requires_grad_();
            var (z, logProb) = q.SampleWithLogProb(200, outputs);
            Assert.Equal(float32, z.dtype);
            Assert.True(logProb.isfinite().all().ToBoolean());
            (z.sum() + logProb.sum()).backward();
            Assert.True(outputs.grad!.isfinite().all().ToBoolean());
        }
        var copula = Create(new Logistic(), 2);
        var x = tensor(new[,] { { double.PositiveInfinity, 0 }, { double.NaN, 0 }, { 1e5, -1e5 } });
        var log = copula.LogProb(x, randn(3, 2, dtype: float64));
        Assert.Equal(double.NegativeInfinity, log[0].ToDouble());
        Assert.True(log[1].isnan().ToBoolean() && log[2].isfinite().ToBoolean());
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("margins", () => new ConditionalGaussianCopula(new Bernoulli(), 2, 2, (i, o) => new Mlp(i, o, [])));
        Assert.Contains("to 7", Assert.Throws<ArgumentException>("conditioner", () => new ConditionalGaussianCopula(new SkewLogistic(), 2, 2, (i, o) => new Mlp(i, o - 1, []))).Message);
        Assert.Throws<ArgumentException>("context", () => Create(new Normal(), 2).Correlation(zeros(1, 3, dtype: float64)));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new ConditionalGaussianCopula(new Normal(), 0, 2, (i, o) => new Mlp(i, o, [])));
    }

    // The outputs of its network, as it reads them.
    private static (Tensor Mean, Tensor Scale, Tensor Below) Outputs(ConditionalGaussianCopula q, Tensor c, int features)
    {
        var all = ((Conditioner)q.named_children().Single().module).Forward(c, null)[0];
        return (all.narrow(0, 0, features), all.narrow(0, features, features).exp(), all.narrow(0, 2 * features, features * (features - 1) / 2));
    }

    private static Tensor Theta(ConditionalGaussianCopula q, Tensor c) =>
        ((Conditioner)q.named_children().Single().module).Forward(c, null).narrow(1, 0, 2 * q.Margins.ParameterCount).view(1, q.Margins.ParameterCount, 2);

    private static ConditionalGaussianCopula Create(Family margins, int features, long seed = 1)
    {
        manual_seed(seed);
        return Shaken(new ConditionalGaussianCopula(margins, features, 2, (i, o) => new Mlp(i, o, [8], activation: Activation.Tanh)), 0.4);
    }

    private static void InRange(double distance, double most) => Assert.InRange(distance, 0, most);

    // The context itself.
    private sealed class Passing(long inputs, long outputs) : Conditioner(nameof(Passing), inputs, outputs, null)
    {
        public override Tensor Forward(Tensor x, Tensor? context) => x.alias();
    }
}
