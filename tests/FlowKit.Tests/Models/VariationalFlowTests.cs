using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class VariationalFlowTests
{
    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<Shape?, Flow>> Makers = new()
    {
        ["planar"] = context => VariationalFlow.Planar(3, length: 4, context),
        ["radial"] = context => VariationalFlow.Radial(3, length: 4, context),
        ["NICE"] = context => VariationalFlow.Nice(3, length: 4, contextShape: context),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void It_starts_near_a_standard_normal_with_and_without_context(string kind)
    {
        foreach (bool conditional in (bool[])[false, true])
        {
            manual_seed(1);
            var q = Makers[kind](conditional ? 2 : null);
            var c = conditional ? randn(50, 2) : null;
            var x = randn(50, 3);
            Assert.InRange(Distance(q.LogProb(x, c), new StandardNormal(3).LogProb(x)), 0, 0.3);
            Assert.True(q.IsReparameterized);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_log_density_of_a_draw_is_that_of_the_inverses(string kind)
    {
        manual_seed(2);
        var q = Makers[kind](2);
        q.to(float64);
        using (no_grad())
            foreach (var parameter in q.parameters()) parameter.add_(randn_like(parameter) * 0.2);
        var c = randn(30, 2, float64);
        var (x, logQ) = q.SampleWithLogProb(30, c);
        Assert.InRange(Distance(q.LogProb(x, c), logQ), 0, 1e-9);
    }

    // LOTUS, without a Jacobian: the mean over the flow's density, by quadrature, is that over the base's draws.
    [Fact]
    public void An_expectation_under_the_flow_is_one_under_its_base()
    {
        const int draws = 200_000;
        manual_seed(3);
        var q = VariationalFlow.Planar(2, length: 3);
        q.to(float64);
        using (no_grad())
            foreach (var parameter in q.parameters()) parameter.add_(randn_like(parameter) * 0.5);
        Func<Tensor, Tensor> h = z => z.select(1, 0).cos() + z.select(1, 1).square();
        double exact = FlowKit.Integration.Quadrature.Integrate(z => q.LogProb(z).exp() * h(z), (-16, 16), (-16, 16), 500);
        var values = h(q.Transform.Inverse(q.Base.Sample(draws)).X);
        Assert.Equal(exact, values.mean().ToDouble(), 4.5 * values.std().ToDouble() / Math.Sqrt(draws));
    }

    [Fact]
    public void A_warm_up_fits_the_ring_with_two_modes_and_its_KL_is_never_negative()
    {
        manual_seed(4);
        var (target, q) = (PlaneEnergy.U1, VariationalFlow.Planar(2, length: 8));
        var warmUp = new Annealing(From: 0.01, Until: 0.5);
        Trainer.Fit(q, t => Objectives.ReverseKl(q, target.LogDensity, draws: 128, targetWeight: warmUp.At(t)),
            new FitOptions { Steps = 600, LearningRate = 1e-2, GradientClip = 100, Threads = 1 });
        using var none = no_grad();
        var (x, logQ) = q.SampleWithLogProb(20_000);
        var kl = logQ - target.LogProb(x);
        double error = kl.std().ToDouble() / Math.Sqrt(20_000);
        Assert.InRange(kl.mean().ToDouble(), -4 * error, 0.3);
        Assert.Equal(0.5, x.select(1, 0).gt(0).to(float64).mean().ToDouble(), 0.1);
    }

    // The same draws serve both bounds: for each x they grow with the draws up to chance, and their mean stays below the exact evidence.
    [Fact]
    public void Bounds_by_a_planar_posterior_grow_with_the_draws_up_to_the_exact_evidence()
    {
        manual_seed(5);
        var truth = new LinearGaussian(weights: randn(8, 3), noise: 1);
        var vae = truth.WithPosterior(VariationalFlow.Planar(3, length: 4, contextShape: 8));
        Trainer.Fit(vae, truth.Marginal.Sample(500), options: new() { Steps = 300, LearningRate = 2e-2, Threads = 1 });
        using var none = no_grad();
        var x = truth.Marginal.Sample(2000);
        var exact = truth.Marginal.LogProb(x);
        var last = vae.Elbo(x, draws: 4);
        NotAbove(last, exact);
        foreach (int draws in (int[])[2, 8, 32])
        {
            var next = vae.ImportanceWeighted(x, draws);
            NotAbove(last, next);
            NotAbove(next, exact);
            last = next;
        }
        Assert.InRange((exact - last).mean().ToDouble(), -0.05, 0.3);

        static void NotAbove(Tensor low, Tensor high)
        {
            var difference = high - low;
            Assert.True(difference.mean().ToDouble() > -4.5 * difference.std().ToDouble() / Math.Sqrt(difference.size(0)));
        }
    }

    [Fact]
    public void Sizes_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => VariationalFlow.Planar(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => VariationalFlow.Nice(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => VariationalFlow.Radial(2, 0));
    }
}
