using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Tests.Inference;

public class CalibrationTests
{
    // Every way to put N uniform numbers into the intervals between the points, with its multinomial probability.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void The_probability_of_a_band_is_the_sum_over_all_outcomes(int count)
    {
        double[] points = [0.1, 0.35, 0.6];
        var band = new BinomialBand(points, count);
        foreach (double gamma in new[] { 0, 0.02, 0.1, 0.3, 0.7 })
        {
            double inside = 0;
            for (int a = 0; a <= count; a++)
                for (int b = a; b <= count; b++)
                    for (int c = b; c <= count; c++)
                        if (band.Smallest([a, b, c]) > gamma) inside += Multinomial(count, [a, b - a, c - b, count - c], [0.1, 0.25, 0.25, 0.4]);
            Assert.Equal(inside, band.Coverage(gamma), 1e-12);
        }
        Assert.Equal(Math.Min(1, 2 * Math.Min(Below(count, 1, 0.35), 1 - Below(count, 0, 0.35))), new BinomialBand([0.35], count).Smallest([1]), 1e-12);
    }

    private static double Multinomial(int count, int[] parts, double[] p) =>
        Enumerable.Range(0, parts.Length).Aggregate(Factorial(count), (product, i) => product * Math.Pow(p[i], parts[i]) / Factorial(parts[i]));

    private static double Below(int count, int most, double p) => Enumerable.Range(0, most + 1).Sum(c => Multinomial(count, [c, count - c], [p, 1 - p]));

    private static double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * i);

    [Theory]
    [InlineData(100, 20, 0.95)]
    [InlineData(2000, 1000, 0.9)]
    public void The_band_holds_curves_of_uniform_ranks_as_often_as_it_says_and_the_p_value_agrees(int trials, int draws, double confidence)
    {
        var random = new Random(1);
        const int runs = 2000;
        var bands = new Dictionary<int, IReadOnlyList<(double Low, double High)>>();
        int inside = 0, rejected = 0;
        double error = 0;
        for (int run = 0; run < runs; run++)
        {
            var curve = CoverageCurve.Cumulative([.. Enumerable.Range(0, trials).Select(_ => random.NextInt64(draws + 1))], draws);
            var band = bands.TryGetValue(0, out var known) ? known : bands[0] = curve.Band(confidence);
            bool isInside = curve.Observed.Zip(band).All(pair => pair.First.Mean >= pair.Second.Low - 1e-12 && pair.First.Mean <= pair.Second.High + 1e-12);
            if (isInside) inside++;
            if (run < 400)
            {
                error += curve.Error * Math.Sqrt(trials) / 400;
                if (curve.PValue <= 1 - confidence) rejected++;
                else Assert.True(isInside);
            }
        }
        double se = Math.Sqrt(confidence * (1 - confidence) / runs);
        Assert.InRange((double)inside / runs, confidence - 4.5 * se, confidence + 0.015 + 4.5 * se);                      // counts are whole: the band is a little wide
        Assert.InRange(rejected / 400.0, 0, 1 - confidence + 4.5 * Math.Sqrt(confidence * (1 - confidence) / 400));
        Assert.InRange(error, 0.2, 0.4);
    }

    [Fact]
    public void Ranks_curves_and_errors_are_counted_by_hand()
    {
        var truth = tensor(new[] { 0.5, 2.5, 9, -1 }, [4, 1]);
        var draws = tensor(new double[] { 1, 2, 3 }, [1, 3, 1]).expand(4, 3, 1);
        var ranks = Assert.Single(CalibrationRanks.Of(truth, draws));
        Assert.Equal([0, 2, 3, 0], ranks.Ranks);
        Assert.Equal(3, ranks.Draws);
        Assert.Equal([2, 0, 1, 1], ranks.Histogram(4));
        Assert.Equal([2, 2], ranks.Histogram(2));
        Assert.Equal([0.25, 0.5, 0.75], ranks.Cumulative.Nominal);
        Assert.Equal([0.5, 0.5, 0.75], ranks.Cumulative.Observed.Select(inside => inside.Mean));
        Assert.Equal(Math.Sqrt(0.25 / 3), ranks.Cumulative.Observed[0].StandardError, 1e-15);
        Assert.Equal([0.5], ranks.Central.Nominal);                           // between the smallest and the largest of three draws
        Assert.Equal([0.25], ranks.Central.Observed.Select(inside => inside.Mean));
        Assert.Equal(0.25, ranks.Central.Error, 1e-15);
        Assert.Equal(0, ranks.Cumulative.Error, 1e-15);
        Assert.Equal(0.25 / 3, ranks.Cumulative.Excess, 1e-15);
        Assert.Equal(0.572406704, ranks.ChiSquarePValue(4), 1e-6);            // chi-square 2 with 3 degrees of freedom
    }

    [Fact]
    public void Equal_numbers_are_ranked_at_random()
    {
        var ranks = Assert.Single(CalibrationRanks.Of(zeros(4000, 1), zeros(4000, 9, 1)));
        Assert.True(ranks.ChiSquarePValue(10) > 1e-4);
        Assert.Equal(ranks.Ranks, CalibrationRanks.Of(zeros(4000, 1), zeros(4000, 9, 1))[0].Ranks);
    }

    private static readonly LinearGaussian Model = new(tensor(new[,] { { 1.0, 0 }, { 1, 0.5 }, { 0, 1 } }), noise: 0.5);

    // Truths, and draws of normal posteriors with the exact mean and covariance but for a shift and a scale, in standard deviations.
    internal static (Tensor Truth, Tensor Draws, Tensor Observed) Trials(double scale = 1, double shift = 0, int trials = 500, int draws = 255, int seed = 1)
    {
        manual_seed(seed);
        var z = randn(trials, 2, float64);
        var x = z.mm(tensor(new[,] { { 1.0, 1, 0 }, { 0, 0.5, 1 } })) + randn(trials, 3, float64) * 0.5;
        var (mean, covariance) = Model.Posterior(x);
        var cholesky = linalg.cholesky(covariance);
        return (z, mean.unsqueeze(1) + (randn(trials, draws, 2, float64) * scale + shift).matmul(cholesky.t()), x);
    }

    [Fact]
    public void The_exact_posterior_passes_and_wrong_ones_are_caught()
    {
        foreach (int seed in new[] { 1, 2, 3 })
        {
            var (truth, draws, _) = Trials(seed: seed);
            var ranks = CalibrationRanks.Of(truth, draws);
            Assert.Equal(2, ranks.Count);
            Assert.All(ranks, one => Assert.InRange(one.ChiSquarePValue(), 1e-4, 1));
            Assert.All(ranks, one => Assert.InRange(one.Cumulative.PValue, 1e-4, 1));
            Assert.All(ranks, one => Assert.InRange(one.Central.PValue, 1e-4, 1));
            Assert.All(ranks, one => Assert.InRange(one.Central.Error, 0, 0.04));
            Assert.InRange(ExpectedCoverage.Tarp(truth, draws).PValue, 1e-4, 1);
        }

        var (z, narrow, _) = Trials(scale: 0.7);
        Assert.All(CalibrationRanks.Of(z, narrow), one => Assert.InRange(one.ChiSquarePValue(), 0, 1e-5));
        Assert.All(CalibrationRanks.Of(z, narrow), one => Assert.InRange(one.Central.PValue, 0, 1e-5));
        Assert.All(CalibrationRanks.Of(z, narrow), one => Assert.InRange(one.Central.Excess, -1, -0.05));
        Assert.InRange(ExpectedCoverage.Tarp(z, narrow).PValue, 0, 1e-5);

        var (_, shifted, _) = Trials(shift: 0.7);
        Assert.All(CalibrationRanks.Of(z, shifted), one => Assert.InRange(one.ChiSquarePValue(), 0, 1e-5));
        Assert.All(CalibrationRanks.Of(z, shifted), one => Assert.InRange(one.Cumulative.PValue, 0, 1e-5));
        Assert.InRange(ExpectedCoverage.Tarp(z, shifted).PValue, 0, 1e-5);
    }

    // For x = N(0, 1) given nothing and a wrong scale s, the central interval of probability q holds 2 Phi(s Phi^-1((1 + q) / 2)) - 1.
    [Fact]
    public void The_calibration_curve_of_a_narrow_normal_law_is_its_closed_form()
    {
        manual_seed(3);
        const int trials = 4000;
        var curve = CalibrationRanks.Of(randn(trials, 1), randn(trials, 499, 1) * 0.7)[0].Central;
        foreach (var (q, inside) in curve.Nominal.Zip(curve.Observed))
        {
            double exact = special.erf(special.erfinv(tensor(q, dtype: float64)) * 0.7).ToDouble();
            Assert.Equal(exact, inside.Mean, 4.5 * Math.Sqrt(exact * (1 - exact) / trials) + 0.004);                      // the quantiles of 499 draws are a little off
        }
    }

    [Fact]
    public void The_prior_is_calibrated()
    {
        manual_seed(4);
        var (truth, draws) = (randn(500, 2), randn(500, 99, 2));
        Assert.All(CalibrationRanks.Of(truth, draws), one => Assert.InRange(one.Cumulative.PValue, 1e-4, 1));
        Assert.InRange(ExpectedCoverage.Tarp(truth, draws).PValue, 1e-4, 1);
    }

    [Fact]
    public void Reference_points_beside_the_posterior_show_a_lost_correlation_and_constant_parameters_count_for_nothing()
    {
        manual_seed(5);
        var truth = cat([randn(800, 1).expand(800, 2), ones(800, 1)], dim: 1);
        var draws = cat([randn(800, 99, 2), ones(800, 99, 1)], dim: 2);       // right margins, no correlation
        Assert.All(CalibrationRanks.Of(truth, draws).Take(2), one => Assert.InRange(one.Cumulative.PValue, 1e-4, 1));
        var curve = ExpectedCoverage.Tarp(truth, draws, references: tensor(new[] { 3f, -3, 1 }).expand(800, 3));
        Assert.InRange(curve.PValue, 0, 1e-5);
    }

    [Fact]
    public void Highest_density_regions_of_an_exact_conditional_law_hold_what_they_say()
    {
        manual_seed(6);
        var law = new Normal().Conditional(1, (inputs, outputs) => new Mlp(inputs, outputs, []), 2);
        using (no_grad()) foreach (var parameter in law.parameters()) parameter.copy_(randn_like(parameter) * 0.5);
        var y = randn(400, 1);
        var exact = ExpectedCoverage.HighestDensity(law, new Dataset(law.Sample(400, y), y), draws: 199);
        Assert.Equal(400, exact.Count);
        Assert.InRange(exact.PValue, 1e-4, 1);

        using (no_grad()) law.parameters().Last()[2..].sub_(0.4);             // ln of the scales
        var narrow = ExpectedCoverage.HighestDensity(law, new Dataset(randn(400, 2) * 3, y), draws: 199);
        Assert.InRange(narrow.PValue, 0, 1e-5);
        Assert.True(narrow.Excess < 0);
    }

    [Fact]
    public void The_density_levels_of_normal_draws_are_their_radii()
    {
        manual_seed(7);
        var (truth, draws) = (randn(300, float64), randn(300, 49, float64));
        var byDensity = ExpectedCoverage.HighestDensity(truth.square() * -0.5, draws.square() * -0.5);
        var byRadius = CalibrationRanks.Of(truth.abs().unsqueeze(1), draws.abs().unsqueeze(2))[0].Cumulative;
        Assert.Equal(byRadius.Observed, byDensity.Observed);
    }

    [Fact]
    public void Draws_of_many_posteriors_are_those_of_each_and_the_random_numbers_go_on()
    {
        var law = MultivariateNormal.Conditional(2, 1, (inputs, outputs) => new Mlp(inputs, outputs, []));
        using (no_grad()) law.parameters().First()[..2].fill_(1000);          // the mean is 1000 times the observation
        var y = arange(3).to(float32).unsqueeze(1);
        manual_seed(8);
        var expected = randn(2);
        manual_seed(8);
        var draws = PosteriorDraws.Of(law, y, draws: 40_000);                  // more than one call's rows
        Assert.Equal([3, 40_000, 2], draws.shape);
        Assert.True((draws.mean([1]) - y * 1000).abs().max().ToDouble() < 0.05);
        Assert.True(randn(2).allclose(expected));
        Assert.True(PosteriorDraws.Of(law, y, draws: 5, seed: 2).allclose(PosteriorDraws.Of(law, y, draws: 5, seed: 2)));
        Assert.Equal([0, 5, 2], PosteriorDraws.Of(law, y[..0], draws: 5).shape);
    }

    [Fact]
    public void Trials_that_do_not_fit_are_refused_by_name()
    {
        var (truth, draws) = (randn(5, 2), randn(5, 9, 2));
        Assert.Contains("L >= 2", Assert.Throws<ArgumentException>("draws", () => CalibrationRanks.Of(truth, draws[.., ..1])).Message);
        Assert.Contains("(5, L, 2)", Assert.Throws<ArgumentException>("draws", () => CalibrationRanks.Of(truth, randn(9, 5, 2))).Message);
        Assert.Contains("N >= 2", Assert.Throws<ArgumentException>("truth", () => CalibrationRanks.Of(truth[..1], draws[..1])).Message);
        Assert.Throws<ArgumentException>("truth", () => CalibrationRanks.Of(randn(5), draws));
        Assert.Throws<ArgumentException>("truth", () => CalibrationRanks.Of(truth * double.NaN, draws));
        Assert.Throws<ArgumentException>("draws", () => ExpectedCoverage.Tarp(truth, draws / 0));
        Assert.Throws<ArgumentException>("references", () => ExpectedCoverage.Tarp(truth, draws, randn(5, 3)));
        Assert.Throws<ArgumentException>("draws", () => ExpectedCoverage.HighestDensity(randn(5), randn(4, 9)));
        Assert.Throws<ArgumentException>("truth", () => ExpectedCoverage.HighestDensity(randn(5) * double.NaN, randn(5, 9)));
        Assert.Throws<ArgumentException>("draws", () => ExpectedCoverage.HighestDensity(randn(5), randn(5, 9) - double.PositiveInfinity));
        Assert.Throws<ArgumentException>("posterior", () => PosteriorDraws.Of(new StandardNormal(2), truth, 5));
        Assert.Throws<ArgumentException>("trials", () => ExpectedCoverage.HighestDensity(MultivariateNormal.Conditional(2, 1, (i, o) => new Mlp(i, o, [])), new Dataset(truth), 5));
        var ranks = CalibrationRanks.Of(truth, draws)[0];
        Assert.Throws<ArgumentOutOfRangeException>("bins", () => ranks.Histogram(11));
        Assert.Throws<ArgumentOutOfRangeException>("bins", () => ranks.ChiSquarePValue(1));
        Assert.Throws<ArgumentOutOfRangeException>("confidence", () => ranks.Central.Band(1));
    }
}
