using FlowKit.Copulas;
using FlowKit.Distributions;

namespace FlowKit.Tests;

/// <summary>Its estimates; the laws of its distribution function and quantiles are those of all families.</summary>
public class GeneralizedParetoTests
{
    [Theory]
    [InlineData(0.5, 2), InlineData(0, 1), InlineData(1e-6, 1), InlineData(-0.3, 3), InlineData(2, 0.1)]
    public void The_tail_is_the_formula(double xi, double beta)
    {
        var law = new GeneralizedPareto().Fixed(xi: full(1, xi, dtype: float64), beta: full(1, beta, dtype: float64)).to(float64);
        foreach (double y in new[] { 0, 1e-9, 0.01, 0.3, 0.9 })
        {
            double x = y * beta, log = xi == 0 ? -y : -SpecialFunctions.Log1p(xi * y) / xi;
            var at = full(1, 1, x, dtype: float64);
            Assert.Equal(-SpecialFunctions.Expm1(log), law.Cdf(at).ToDouble(), tolerance: 1e-14 * y);
            Assert.Equal(log * (1 + xi) - Math.Log(beta), law.LogProb(at).ToDouble(), tolerance: 1e-14);
        }
        Assert.Equal(double.NegativeInfinity, law.LogProb(full(1, 1, -1e-9, dtype: float64)).ToDouble());
        if (xi < 0) Assert.Equal(double.NegativeInfinity, law.LogProb(full(1, 1, -beta / xi * 1.0001, dtype: float64)).ToDouble());
    }

    [Theory]
    [InlineData(0.5, 2), InlineData(0, 1), InlineData(-0.3, 3), InlineData(1.2, 0.1)]
    public void The_estimate_is_the_best_of_a_grid_and_near_the_truth(double xi, double beta)
    {
        manual_seed(1);
        var y = new GeneralizedPareto().Fixed(xi: full(1, xi), beta: full(1, beta)).to(float64).Sample(2000);
        var fit = GeneralizedPareto.Fit(y);
        Assert.InRange(fit.Xi - xi, -4 * fit.XiStandardError, 4 * fit.XiStandardError);
        Assert.InRange(fit.Beta - beta, -4 * fit.BetaStandardError, 4 * fit.BetaStandardError);
        Assert.Equal(fit.LogLikelihood, At(fit.Xi, fit.Beta), tolerance: 1e-6);

        double best = double.NegativeInfinity, where = 0;
        for (double a = -4; a <= 4; a += 0.25)
            for (double b = -4; b <= 4; b += 0.25)
            {
                double value = At(fit.Xi + a * fit.XiStandardError, fit.Beta + b * fit.BetaStandardError);
                if (value > best) (best, where) = (value, Math.Abs(a) + Math.Abs(b));
            }
        Assert.Equal(fit.LogLikelihood, best, tolerance: 1e-6);
        Assert.Equal(0, where);
        foreach (double step in new[] { -1e-4, 1e-4 })
        {
            Assert.True(At(fit.Xi + step, fit.Beta) < fit.LogLikelihood);
            Assert.True(At(fit.Xi, fit.Beta * (1 + step)) < fit.LogLikelihood);
        }

        double At(double xi, double beta)
        {
            using var scope = NewDisposeScope();
            var inside = y * xi / beta + 1;
            return inside.min().ToDouble() <= 0 ? double.NegativeInfinity : (inside.log().sum() * (-1 / xi - 1)).ToDouble() - y.numel() * Math.Log(beta);
        }
    }

    [Fact]
    public void Standard_errors_are_those_of_repeated_samples()
    {
        manual_seed(2);
        var law = new GeneralizedPareto().Fixed(xi: full(1, 0.4), beta: full(1, 1.5)).to(float64);
        var fits = Enumerable.Range(0, 200).Select(_ => GeneralizedPareto.Fit(law.Sample(500))).ToArray();
        double Spread(Func<GeneralizedParetoFit, double> of) => Estimate.Of([.. fits.Select(of)]).StandardError * Math.Sqrt(200);
        Assert.Equal(1, Spread(fit => fit.Xi) / (1.4 / Math.Sqrt(500)), tolerance: 0.2);                // 4 / √(2 · 200)
        Assert.Equal(1, Spread(fit => fit.Beta) / (1.5 * Math.Sqrt(2.8 / 500)), tolerance: 0.2);
    }

    [Fact]
    public void Uniform_excesses_end_at_the_largest()
    {
        manual_seed(3);
        var y = rand(500, dtype: float64) * 3;
        var fit = GeneralizedPareto.Fit(y);
        Assert.Equal(-1, fit.Xi, tolerance: 0.05);
        Assert.Equal(3, -fit.Beta / fit.Xi, tolerance: 0.1);
        Assert.True(-fit.Beta / fit.Xi >= y.max().ToDouble() * (1 - 1e-9));
        Assert.True(double.IsNaN(fit.XiStandardError));
    }

    [Fact]
    public void Hill_s_index_of_a_Pareto_law_and_of_students_is_the_known_one()
    {
        var index = HillEstimator.OfShare(MarginTests.HeavyDraws(10_000).squeeze(1), 0.01);
        Assert.InRange(index.Mean - 2, -4 * index.StandardError, 4 * index.StandardError);
        Assert.Equal((100L, index.Mean / 10), (index.Count, index.StandardError));
        Assert.Equal(1 / Math.Log(2), HillEstimator.Of(tensor(new[] { 1.0, -7, 2, 2, 0.5 }), k: 2).Mean, 12);   // both of the two largest are twice the third
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("excesses", () => GeneralizedPareto.Fit(ones(3)));
        Assert.Throws<ArgumentException>("excesses", () => GeneralizedPareto.Fit(zeros(30)));
        Assert.Throws<ArgumentException>("excesses", () => GeneralizedPareto.Fit(tensor(new[] { 1.0, 2, 3, -1, 2 })));
        Assert.Throws<ArgumentException>("excesses", () => GeneralizedPareto.Fit(tensor(new[] { 1.0, 2, 3, double.NaN, 2 })));
        Assert.Throws<ArgumentException>("beta", () => new GeneralizedPareto().Fixed(zeros(1), zeros(1)));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => HillEstimator.Of(rand(10), 10));
        Assert.Throws<ArgumentOutOfRangeException>("share", () => HillEstimator.OfShare(rand(10), 0));
        Assert.Throws<ArgumentException>("x", () => HillEstimator.Of(-rand(10), 5));
        Assert.Throws<ArgumentException>("x", () => HillEstimator.Of(ones(10), 5));
        Assert.Throws<ArgumentException>("x", () => HillEstimator.Of(rand(10, 2), 5));
    }
}
