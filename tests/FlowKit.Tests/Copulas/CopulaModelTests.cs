using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Laws;

namespace FlowKit.Tests;

public class CopulaModelTests
{
    private static readonly Tensor R = tensor(new[,] { { 1, 0.7, -0.2 }, { 0.7, 1, 0.1 }, { -0.2, 0.1, 1 } });
    private static readonly double[] Mean = [1, -2, 0.5], Deviation = [0.5, 2, 1];

    [Fact]
    public void Normal_margins_and_a_Gaussian_copula_are_the_multivariate_normal()
    {
        manual_seed(1);
        var (mean, deviation) = (tensor(Mean), tensor(Deviation));
        var normal = new MultivariateNormal(mean, R * deviation * deviation.unsqueeze(1)).to(float64);
        var model = new CopulaModel([.. Mean.Zip(Deviation, (mu, sigma) => new FamilyMargin(new Normal(), mu, Math.Log(sigma)))], new MultivariateGaussianCopula(R)).to(float64);
        var x = mean + deviation * (rand(500, 3, dtype: float64) * 8 - 4);                 // up to four standard deviations
        Expect.Near(model.LogProb(x), normal.LogProb(x), 1e-10, "ln f");
    }

    [Fact]
    public void The_density_integrates_to_1_in_two_dimensions()
    {
        var heavy = TailedMargin.Fit(MarginTests.HeavyDraws(2000));
        var model = new CopulaModel([heavy, new FamilyMargin(new Normal(), 0, 0)], new PairCopula(new Frank(), 4.0)).to(float64);
        // Through x1 = F⁻¹(Phi(z)), where the integrand is bounded; each of its kinks is an end of a piece.
        double mass = 0;
        double[] ends = [-8, -4, Score(heavy.Lower.Share), 0, Score(1 - heavy.Upper.Share), 4, 8];
        var (x2, w2) = Gauss(60, -8, 8);
        for (int i = 0; i + 1 < ends.Length; i++)
        {
            using var scope = NewDisposeScope();
            var (z, w) = Gauss(80, ends[i], ends[i + 1]);
            var x1 = heavy.Quantile(special.ndtr(z));
            var x = stack([x1.unsqueeze(1).expand(-1, 60), x2.expand(80, -1)], dim: 2).flatten(0, 1);
            var jacobian = (z.square() / -2).exp() / Math.Sqrt(2 * Math.PI) / heavy.LogProb(x1.unsqueeze(1)).exp();   // dx1 / dz
            mass += (model.LogProb(x).exp().view(80, 60) * (w * jacobian).unsqueeze(1) * w2).sum().ToDouble();
        }
        Assert.Equal(1, mass, tolerance: 1e-6);

        static (Tensor Points, Tensor Weights) Gauss(int count, double low, double high)
        {
            var rule = new MathNet.Numerics.Integration.GaussLegendreRule(low, high, count);
            return (tensor(rule.Abscissas), tensor(rule.Weights));
        }

        static double Score(double p) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, p);
    }

    [Fact]
    public void Draws_have_the_margins_and_the_copula()
    {
        manual_seed(2);
        Margin[] margins = [TailedMargin.Fit(MarginTests.HeavyDraws(2000)), KernelMargin.Fit(MarginTests.Draws(200)), new FamilyMargin(new Logistic(), 1, 0)];
        var model = new CopulaModel(margins, new MultivariateGaussianCopula(R)).to(float64);
        var x = model.Sample(4000);
        for (int i = 0; i < 3; i++) Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(x.select(1, i), margins[i].Cdf)), 1e-4, 1);
        var fit = MultivariateGaussianCopula.Fit(PseudoObservations.Of(x).Values);
        Expect.Near(fit.Correlation, R, 4 / Math.Sqrt(4000), "the correlations");
        Expect.Near(model.FromUniform(model.ToUniform(x)), x, 1e-7, "F⁻¹(F(x))");
    }

    [Fact]
    public void A_fit_finds_margins_and_copula()
    {
        manual_seed(3);
        var truth = new CopulaModel([new FamilyMargin(new StudentT(), 0, 0, Math.Log(3)), new FamilyMargin(new Normal(), 1, 0), new FamilyMargin(new Logistic(), 0, -1)], new MultivariateGaussianCopula(R)).to(float64);
        var (x, test) = (truth.Sample(2000), truth.Sample(2000));
        double reached = truth.LogProb(test).mean().ToDouble(), independent = truth.Margins.Select((margin, i) => margin.LogProb(test.narrow(1, i, 1)).mean().ToDouble()).Sum();
        foreach (bool through in new[] { false, true })
        {
            var model = CopulaModel.Fit(x, ["a", "b", "c"], new() { Margins = new Dictionary<string, Func<Tensor, Margin>> { ["a"] = x => TailedMargin.Fit(x) }, ThroughMargins = through });
            Assert.Equal(["TailedMargin", "KernelMargin", "KernelMargin"], model.Margins.Select(margin => margin.GetName()));
            Assert.Equal(["a", "b", "c"], model.Names);
            Assert.Null(model.Warning);
            double loss = reached - model.LogProb(test).mean().ToDouble();
            Assert.InRange(loss, 0, 0.06);
            Assert.True(reached - loss > independent + 0.2);
        }
    }

    [Fact]
    public void The_copula_stays_in_double_precision_and_is_what_was_asked_for()
    {
        manual_seed(4);
        var model = CopulaModel.Fit(randn(300, 2, dtype: float64), options: new() { Copula = _ => new PairCopula(new Clayton(), 2.0) }).to(float32);
        Assert.IsType<PairCopula>(model.Copula);
        Assert.Equal((float32, float64), (model.Sample(3).dtype, model.Copula.Sample(3).dtype));
        Assert.Equal(["x1", "x2"], model.Names);
    }

    [Fact]
    public void The_Gaussian_copula_has_its_entropy_and_uniform_margins()
    {
        manual_seed(5);
        var copula = new MultivariateGaussianCopula(R).to(float64);
        var u = copula.Sample(20_000);
        var loss = Estimate.Of([.. copula.LogProb(u).neg().data<double>()]);
        Assert.InRange(loss.Mean - copula.Entropy, -4 * loss.StandardError, 4 * loss.StandardError);
        Assert.Equal(-0.336672, new MultivariateGaussianCopula(tensor(new[,] { { 1, 0.7 }, { 0.7, 1 } })).Entropy, tolerance: 1e-6);
        for (int i = 0; i < 3; i++) Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(u.select(1, i), p => p)), 1e-4, 1);
        var pair = new PairCopula(new GaussianCopula(), 0.7);
        Expect.Near(new MultivariateGaussianCopula(R.narrow(0, 0, 2).narrow(1, 0, 2)).LogProb(u.narrow(1, 0, 2)), pair.LogProb(u.narrow(1, 0, 2)), 1e-9, "ln c of a pair");
        Expect.Near(MultivariateGaussianCopula.Fit(u).Correlation, R, 4 / Math.Sqrt(20_000), "the correlations");
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Margin margin = new FamilyMargin(new Normal(), 0, 0);
        Tensor Of(double r, double one = 1) => tensor(new[,] { { one, r }, { r, 1 } });
        Assert.Throws<ArgumentException>("correlation", () => new MultivariateGaussianCopula(Of(1)));
        Assert.Throws<ArgumentException>("correlation", () => new MultivariateGaussianCopula(Of(0.5, one: 2)));
        Assert.Throws<ArgumentException>("correlation", () => new MultivariateGaussianCopula(tensor(new[,] { { 1, 0.5 }, { 0.4, 1 } })));
        Assert.Throws<ArgumentException>("correlation", () => new MultivariateGaussianCopula(rand(2, 3)));
        Assert.Throws<ArgumentException>("correlation", () => new MultivariateGaussianCopula(Of(double.NaN)));
        Assert.Throws<ArgumentException>("u", () => MultivariateGaussianCopula.Fit(rand(2, 2)));
        Assert.Throws<ArgumentException>("u", () => MultivariateGaussianCopula.Fit(ones(10, 2)));
        Assert.Throws<ArgumentException>("u", () => MultivariateGaussianCopula.Fit(rand(10, 1).expand(10, 2)));
        Assert.Throws<ArgumentException>("copula", () => new CopulaModel([margin], new MultivariateGaussianCopula(Of(0.5))));
        Assert.Throws<ArgumentException>("names", () => new CopulaModel([margin, margin], new MultivariateGaussianCopula(Of(0.5)), ["a"]));
        Assert.Throws<ArgumentException>("margins", () => new CopulaModel([], new MultivariateGaussianCopula(Of(0.5))));
        Assert.Throws<ArgumentException>("options", () => CopulaModel.Fit(rand(100, 2), ["a", "b"], new() { Margins = new Dictionary<string, Func<Tensor, Margin>> { ["c"] = x => KernelMargin.Fit(x) } }));
        Assert.Contains("column 'b'", Assert.Throws<ArgumentException>("x", () => CopulaModel.Fit(rand(100, 2), ["a", "b"],
            new() { Margins = new Dictionary<string, Func<Tensor, Margin>> { ["b"] = x => TailedMargin.Fit(x) } })).Message);
        Assert.Contains("'b' of x holds NaN in 1 of 3 rows", Assert.Throws<ArgumentException>("x", () => CopulaModel.Fit(tensor(new[,] { { 1, 2 }, { 2, double.NaN }, { 3, 4 } }), ["a", "b"])).Message);
        Assert.Contains("'x2'", CopulaModel.Fit(cat([rand(100, 1, dtype: float64), (rand(100, 1, dtype: float64) * 9).round()], dim: 1)).Warning);
    }
}
