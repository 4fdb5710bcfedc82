using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Laws;

namespace FlowKit.Tests;

/// <summary>Fits against the truths that the data are drawn from, against the likelihood's own slope, and at the ends of the families.</summary>
public class PairFitTests
{
    private static readonly PairFamily[] Families = new PairFitOptions().Families.ToArray();

    private static PairFamilyTests.Case Of(PairFamily family, params double[] theta) => new(family, theta);

    public static TheoryData<PairFamilyTests.Case> Members =>
    [
        Of(new GaussianCopula(), 0.7), Of(new GaussianCopula(), -0.4), Of(new StudentCopula(), 0.5, 4), Of(new Clayton(), 2), Of(new Clayton(), 0.3), Of(new Gumbel(), 2), Of(new Frank(), 5),
        Of(new Joe(), 2), Of(new BB1(), 0.5, 1.5), Of(new BB7(), 1.5, 1),
    ];

    [Theory, MemberData(nameof(Members))]
    public void The_parameters_come_back_and_no_point_near_them_is_likelier(PairFamilyTests.Case one)
    {
        foreach (int rotation in one.Family is GaussianCopula or StudentCopula ? new[] { 0 } : [0, 90, 180, 270])
        {
            var (truth, x) = Draw(one, rotation);
            var fitted = PairFit.Fit(one.Family, x, rotation);
            var (reached, slopes) = Scores(fitted, x);
            Assert.Equal(rotation, fitted.Rotation);

            // The information matrix gives the standard errors, and the size of the slope that is left.
            var information = slopes.t().mm(slopes);
            var covariance = linalg.inv(information);
            for (int i = 0; i < one.Theta.Length; i++)
                Assert.InRange((fitted.Theta[i] - one.Theta[i]) / Math.Sqrt(covariance[i, i].ToDouble()), -4, 4);
            var slope = slopes.sum(dim: 0);
            Assert.InRange(slope.unsqueeze(0).mm(covariance).mm(slope.unsqueeze(1)).ToDouble(), 0, 1e-3);     // twice the nats to be gained

            double tauInversion = PairFit.Fit(one.Family, x, rotation, PairFitMethod.TauInversion).LogProb(x).sum().ToDouble();
            Assert.True(reached >= tauInversion - 1e-6 && reached >= truth.LogProb(x).sum().ToDouble(), $"turned by {rotation}: {reached} against {tauInversion} by tau");
        }
    }

    [Theory, MemberData(nameof(Members))]
    public void The_inverted_tau_is_that_of_the_data(PairFamilyTests.Case one)
    {
        if (one.Family is BB1 or BB7) return;
        var (_, x) = Draw(one, 0);
        var fitted = PairFit.Fit(one.Family, x, method: PairFitMethod.TauInversion);
        Assert.Equal(KendallTau.Of(x), fitted.Tau, tolerance: 1e-6);
        if (one.Family is StudentCopula) Assert.InRange(fitted.Theta[1], 3.3, 4.9);
    }

    public static TheoryData<PairFamilyTests.Case, int> Truths => new()
    {
        { new(new Clayton(), 2), 0 }, { new(new Clayton(), 2), 90 }, { new(new Gumbel(), 2), 0 }, { new(new Gumbel(), 2), 180 }, { new(new Gumbel(), 2), 270 }, { new(new GaussianCopula(), 0.7), 0 },
        { new(new GaussianCopula(), -0.7), 0 }, { new(new Frank(), 5), 0 }, { new(new Frank(), 5), 90 }, { new(new StudentCopula(), 0.5, 4), 0 }, { new(new Joe(), 2), 0 }, { new(new BB1(), 0.5, 1.5), 180 },
        { new(new BB7(), 1.5, 1), 0 }, { new(new Independence()), 0 },
    };

    [Theory, MemberData(nameof(Truths))]
    public void The_family_that_the_data_come_from_is_chosen(PairFamilyTests.Case one, int rotation)
    {
        var (truth, x) = Draw(one, rotation);
        var selection = PairFit.Select(x);
        var best = Assert.IsType<PairCopula>(selection.Best);
        Assert.Equal((one.Family, rotation), (best.Family, best.Rotation));
        Assert.InRange(best.Tau - truth.Tau, -0.04, 0.04);
        Assert.Equal(KendallTau.Of(x), selection.Tau);
        Assert.Equal(KendallTau.IndependencePValue(selection.Tau, x.size(0)), selection.IndependencePValue);
    }

    [Fact]
    public void Candidates_are_in_order_and_carry_the_criteria_of_their_own_log_likelihood()
    {
        var (_, x) = Draw(new(new StudentCopula(), 0.5, 4), 0, count: 800);
        foreach (var criterion in Enum.GetValues<SelectionCriterion>())
        {
            var selection = PairFit.Select(x, new PairFitOptions { Criterion = criterion, Kernel = true });
            Assert.Same(selection.Best, selection.Candidates[0].Copula);
            foreach (var candidate in selection.Candidates)
            {
                double sum = candidate.Copula.LogProb(x).sum().ToDouble(), count = candidate.Copula.DegreesOfFreedom;
                Assert.Equal(sum, candidate.LogLikelihood, tolerance: 1e-9);
                Assert.Equal(2 * count - 2 * sum, candidate.Aic, tolerance: 1e-9);
                Assert.Equal(count * Math.Log(800) - 2 * sum, candidate.Bic, tolerance: 1e-9);
            }
            double[] scores = [.. selection.Candidates.Select(candidate => criterion switch { SelectionCriterion.Aic => candidate.Aic, SelectionCriterion.Bic => candidate.Bic, _ => -candidate.LogLikelihood })];
            Assert.Equal(scores.Order(), scores);
            Assert.Contains(selection.Candidates, candidate => candidate.Copula is KernelCopula);
        }
    }

    [Fact]
    public void Independent_data_stay_independent_with_and_without_the_test()
    {
        manual_seed(11);
        var x = rand(3000, 2, dtype: float64);
        var tested = PairFit.Select(x);
        Assert.IsType<Independence>(((PairCopula)Assert.Single(tested.Candidates).Copula).Family);
        Assert.InRange(tested.IndependencePValue, 0.05, 1);

        // Every family has independence at an end of its range or inside it, and none may fall below it.
        var all = PairFit.Select(x, new PairFitOptions { IndependenceLevel = 0 });
        Assert.IsType<Independence>(((PairCopula)all.Best).Family);
        Assert.All(all.Candidates, candidate => Assert.InRange(candidate.LogLikelihood, -1e-3, 6));
        Assert.Equal(Families.Select(family => family.GetType()).ToHashSet(), all.Candidates.Select(candidate => ((PairCopula)candidate.Copula).Family.GetType()).ToHashSet());
    }

    [Fact]
    public void The_wrong_sign_of_dependence_gives_the_limit_next_to_independence()
    {
        var (_, x) = Draw(new(new GaussianCopula(), -0.6), 0, count: 1000);
        foreach (var family in Families)
            foreach (var method in Enum.GetValues<PairFitMethod>())
            {
                if (family is GaussianCopula or StudentCopula) continue;
                var fitted = PairFit.Fit(family, x, method: method);
                Assert.Equal(0, fitted.Tau, tolerance: 0.02);
                Assert.InRange(fitted.LogProb(x).sum().ToDouble(), -10, 1e-3);
            }
    }

    [Fact]
    public void Data_of_a_gaussian_copula_lead_students_nu_to_large_values()
    {
        var (truth, x) = Draw(new(new GaussianCopula(), 0.6), 0);
        var fitted = PairFit.Fit(new StudentCopula(), x);
        Assert.InRange(fitted.Theta[1], 40, 1e6);
        double gain = (fitted.LogProb(x) - PairFit.Fit(new GaussianCopula(), x).LogProb(x)).sum().ToDouble();
        Assert.InRange(gain, -1e-2, 8);
    }

    [Theory]
    [InlineData(1), InlineData(-1)]
    public void Data_on_a_diagonal_are_fitted_by_finite_members(int sign)
    {
        manual_seed(12);
        var u = rand(300, dtype: float64);
        var x = stack([u, sign > 0 ? u : 1 - u], dim: 1);
        foreach (var method in Enum.GetValues<PairFitMethod>())
        {
            var selection = PairFit.Select(x, new PairFitOptions { Method = method, Kernel = true });
            Assert.Equal(sign, selection.Tau, tolerance: 1e-12);
            Assert.All(selection.Candidates, candidate => Assert.True(double.IsFinite(candidate.LogLikelihood) && double.IsFinite(candidate.Bic), candidate.ToString()));
            Assert.InRange(selection.Best.Tau * sign, 0.98, 1);
            Assert.True(selection.Candidates[0].LogLikelihood > 1000);
        }
    }

    [Theory]
    [InlineData(1e-12), InlineData(1e-300)]
    public void Numbers_next_to_the_edges_do_no_harm(double edge)
    {
        var (_, x) = Draw(new(new Clayton(), 1), 0, count: 200);
        x[0] = tensor(new[] { edge, 1 - 1e-16 });
        x[1] = tensor(new[] { 1 - 1e-16, edge });
        x[2] = tensor(new[] { edge, edge });
        var selection = PairFit.Select(x, new PairFitOptions { Kernel = true });
        Assert.All(selection.Candidates, candidate => Assert.True(double.IsFinite(candidate.LogLikelihood), candidate.ToString()));
    }

    [Fact]
    public void Ties_are_fitted_like_other_data()
    {
        var (_, x) = Draw(new(new Gumbel(), 2), 0, count: 2000);
        var tied = ((x * 20).floor() + 0.5) / 20;
        var selection = PairFit.Select(tied, new PairFitOptions { Kernel = true });
        Assert.InRange(selection.Best.Tau, 0.4, 0.6);
        Assert.All(selection.Candidates, candidate => Assert.True(double.IsFinite(candidate.LogLikelihood)));
    }

    [Fact]
    public void Without_rotations_only_the_families_themselves_are_tried()
    {
        var (_, x) = Draw(new(new Clayton(), 2), 180, count: 500);
        var unturned = PairFit.Select(x, new PairFitOptions { Rotations = false });
        Assert.All(unturned.Candidates, candidate => Assert.Equal(0, ((PairCopula)candidate.Copula).Rotation));
        Assert.Equal(Families.Length, unturned.Candidates.Count);

        x.select(1, 0).neg_().add_(1);
        Assert.Equal(4, PairFit.Select(x, new PairFitOptions { Rotations = false }).Candidates.Count);      // Independence, Gaussian, Student and Frank at 90 degrees
        Assert.Throws<ArgumentException>("options", () => PairFit.Select(x, new PairFitOptions { Rotations = false, Families = [new Clayton()] }));
    }

    [Fact]
    public void Threads_that_fit_at_the_same_time_do_not_disturb_each_other()
    {
        var data = Enumerable.Range(0, 6).Select(i => Draw(new(new StudentCopula(), 0.1 * i, 3 + i), 0, count: 400).X).ToArray();
        string Told(Tensor x) => string.Join(" ", PairFit.Select(x, new PairFitOptions { IndependenceLevel = 0, Kernel = true }).Candidates.Select(candidate => $"{candidate.LogLikelihood:F6}"));
        string[] alone = [.. data.Select(Told)];
        var together = new string[data.Length];
        Parallel.For(0, data.Length, i => together[i] = Told(data[i]));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_by_name()
    {
        manual_seed(13);
        var good = rand(50, 2, dtype: float64);
        Tensor With(double value, int column = 0)
        {
            var x = good.clone();
            x[3, column] = value;
            return x;
        }
        foreach (var bad in new[] { good[..9], With(double.NaN), With(0), With(1, 1), With(1.5), With(-0.1), rand(50, 3), rand(50), stack([good.select(1, 0), full(50, 0.5, dtype: float64)], dim: 1) })
        {
            Assert.Throws<ArgumentException>("x", () => PairFit.Select(bad));
            Assert.Throws<ArgumentException>("x", () => PairFit.Fit(new Clayton(), bad));
        }
        Assert.Throws<ArgumentNullException>("x", () => PairFit.Select(null!));
        Assert.Throws<ArgumentNullException>("family", () => PairFit.Fit(null!, good));
        Assert.Throws<ArgumentOutOfRangeException>("rotation", () => PairFit.Fit(new Clayton(), good, rotation: 45));
        Assert.Throws<ArgumentOutOfRangeException>("method", () => PairFit.Fit(new Clayton(), good, method: (PairFitMethod)7));
        Assert.Throws<ArgumentException>("options", () => PairFit.Select(good, new PairFitOptions { Families = [] }));
        Assert.Throws<ArgumentException>("options", () => PairFit.Select(good, new PairFitOptions { Families = [null!] }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => PairFit.Select(good, new PairFitOptions { IndependenceLevel = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => PairFit.Select(good, new PairFitOptions { Criterion = (SelectionCriterion)7 }));
    }

    [Theory]
    [InlineData(0.1), InlineData(1), InlineData(4), InlineData(31.5), InlineData(1e6)]
    public void The_table_of_students_law_agrees_with_the_law(double nu)
    {
        var table = StudentScores.Of(nu);
        var p = cat([linspace(Math.Log(nu < 1 ? 1e-25 : 1e-290), -0.7, 60, dtype: float64).exp(), linspace(0.5, 0.99, 20, dtype: float64), 1 - linspace(-35, -5, 20, dtype: float64).exp()]);
        var theta = stack([zeros(1, dtype: float64), zeros(1, dtype: float64), tensor(new[] { Math.Log(nu) })], dim: 1);
        var exact = new StudentT().Quantile(p, theta);
        Expect.Near(table.Quantile(p) / exact.abs().clamp_min(0.01), exact / exact.abs().clamp_min(0.01), 1e-11, "quantiles");
        Expect.Near(table.LogCdf(exact), new StudentT().LogCdf(exact, theta), 1e-10, "ln of the distribution function");
        Assert.True(table.Quantile(tensor(new[] { double.NaN })).isnan().ToBoolean() && table.LogCdf(tensor(new[] { double.NaN })).isnan().ToBoolean());
    }

    private static (PairCopula Truth, Tensor X) Draw(PairFamilyTests.Case one, int rotation, int count = 5000)
    {
        manual_seed(rotation + 1);
        var truth = one.Turned(rotation);
        return (truth, truth.Sample(count));
    }

    // The log-likelihood, and each pair's slope by the parameters, (N, P).
    private static (double LogLikelihood, Tensor Slopes) Scores(PairCopula copula, Tensor x)
    {
        Tensor At(int i, double by) => new PairCopula(copula.Family, [.. copula.Theta.Select((value, k) => k == i ? value + by : value)]) { Rotation = copula.Rotation }.LogProb(x);
        var slopes = copula.Theta.Select((value, i) => 1e-5 * Math.Max(1, Math.Abs(value)) is var step ? (At(i, step) - At(i, -step)) / (2 * step) : null!).ToArray();
        return (copula.LogProb(x).sum().ToDouble(), stack(slopes, dim: 1));
    }
}
