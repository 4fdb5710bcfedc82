using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Integration;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Inference;

public class PosteriorEstimatorTests
{
    private static readonly FitOptions Short = new() { Name = "posterior", Steps = 400, LearningRate = 5e-3, Threads = 1, EvaluateEvery = 50 };
    private static readonly Lazy<PosteriorEstimator> linear = new(() => Linear().Fit(Linear().Simulate(4000), Normal(3), Short with { LearningRate = 2e-2 }));

    [Fact]
    public void The_posterior_of_a_linear_simulator_is_the_exact_one()
    {
        double[] y = [0.8, 0.4, -0.3];
        var (mean, covariance) = Exact(tensor(y).unsqueeze(0));
        var posterior = linear.Value.Posterior(y);
        manual_seed(1);
        var draws = posterior.Sample(20_000).to(float64);
        Assert.InRange((draws.mean([0]) - mean[0]).abs().max().ToDouble(), 0, 0.05);
        Assert.InRange((cov(draws.t()) - covariance).abs().max().ToDouble() / covariance.max().ToDouble(), 0, 0.1);

        // KL(q || p) in nats, in the parameters' own units.
        var difference = posterior.LogProb(draws.to(float32)).to(float64) - new MultivariateNormal(mean[0], covariance).LogProb(draws);
        Assert.InRange(difference.mean().ToDouble(), 0, 0.01);
        var (mode, logProb) = posterior.Map();
        Assert.InRange((mode.to(float64) - mean[0]).abs().max().ToDouble(), 0, 0.05);
        Assert.True(logProb >= posterior.LogProb(draws.to(float32)).max().ToDouble() - 1e-3);
        Assert.Equal(logProb, posterior.LogProb(mode.unsqueeze(0)).ToDouble(), 1e-4);
        Assert.Null(posterior.Warning);
        Assert.Equal(y, posterior.Observation);
    }

    [Fact]
    public void Fresh_simulations_find_the_posterior_calibrated_and_informed()
    {
        var report = linear.Value.Calibrate(Linear().Simulate(200, new() { Seed = 1 }), draws: 63);
        Assert.True(report.IsCalibrated(), report.ToString());
        Assert.All(report.Shrinkage, one => Assert.True(one.Shrinkage.Mean - 4.5 * one.Shrinkage.StandardError > 0.3));
        Assert.Equal(200, report.Tarp.Count);
        Assert.Equal(4, report.ToString().Split('\n').Length);
        Assert.Contains("slope ", report.ToString());

        // A world with twice the noise: the posterior is too narrow for it.
        var noisier = linear.Value.Calibrate(Linear(noise: 1).Simulate(200, new() { Seed = 1 }), draws: 63);
        Assert.False(noisier.IsCalibrated());
        Assert.All(noisier.Shrinkage, one => Assert.True(one.SquaredZScore.Mean > 1.3));
    }

    [Fact]
    public void An_observation_outside_the_simulated_range_is_warned_about_and_one_inside_is_not()
    {
        var fresh = Linear().Simulate(500, new() { Seed = 2 }).Observations;
        int warned = 0;
        string told = Told(() => warned = Enumerable.Range(0, 500).Count(row => linear.Value.Posterior(fresh[row].data<double>().ToArray()).Warning is not null));
        Assert.InRange(warned, 1, 5 + 4.5 * Math.Sqrt(5));
        Assert.Equal(warned, told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // y2 is near y1 + y3 / 2 always: each number is usual, all three are not.
        foreach (double[] y in new[] { new[] { 9.0, 9, 9 }, [0, 0, 20], [-1, 2.5, -0.5] })
        {
            Posterior? posterior = null;
            Assert.Contains("lies outside the simulated range: of simulations, 0.0", Told(() => posterior = linear.Value.Posterior(y)));
            Assert.InRange(posterior!.RangePValue, 1.0 / 2001 - 1e-12, 0.001);
        }
        Assert.Equal("", Told(() => linear.Value.Posterior([0.5, 0.5, 0.1])));
    }

    [Fact]
    public void A_predictive_check_passes_what_the_simulator_can_make_and_finds_what_it_cannot()
    {
        _ = linear.Value;                                                                       // its training may be the first to ask for it, and moves the stream
        manual_seed(5);
        var expected = rand(1);
        manual_seed(5);
        var fresh = Linear().Simulate(50, new() { Seed = 3 }).Observations;
        var checks = Enumerable.Range(0, 50).Select(row => linear.Value.Posterior(fresh[row].data<double>().ToArray()).PredictiveCheck(draws: 100, threads: 1)).ToArray();
        Assert.True(rand(1).allclose(expected));
        Assert.True(checks.Count(check => check.PValue < 0.05) <= 2.5 + 4.5 * Math.Sqrt(2.5));
        Assert.InRange(checks.Average(check => check.RootMeanSquare), 0.45, 0.85);            // the noise is 0.5, twice
        Assert.All(checks, check => Assert.Equal([100, 3], check.Replicates.shape));

        PredictiveCheck? odd = null;
        Told(() => odd = linear.Value.Posterior([-1, 4, -0.5]).PredictiveCheck());
        Assert.True(odd!.PValue < 0.02 && odd.PValues.Min() < 0.02, odd.ToString());
        Assert.Equal(3, odd.PValues.Count);

        // A simulator that often fails where the posterior is.
        bool fails = false;
        var fragile = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => fails && random.NextDouble() < 0.3 ? throw new ArithmeticException() : [x[0] + random.NextNormal(), x[1]]);
        var posterior = fragile.Fit(fragile.Simulate(1000), Normal(2), Short with { Steps = 20 }).Posterior([0, 0]);
        fails = true;
        var some = posterior.PredictiveCheck();
        Assert.InRange(some.Failed, 30, 90);
        Assert.Equal(200 - some.Failed, some.Replicates.size(0));
        Assert.Contains("failed", some.ToString());
        var broken = InverseProblem.FromSimulator(new StandardNormal(2), (x, _) => fails ? x : throw new ArithmeticException("no more"));
        var lost = broken.Fit(broken.Simulate(1000), Normal(2), Short with { Steps = 5 }).Posterior([0, 0]);
        fails = false;
        Assert.Contains("200 of 200 draws", Assert.Throws<SimulationException>(() => lost.PredictiveCheck()).Message);
    }

    [Fact]
    public void Draws_lie_inside_a_box_and_the_density_there_is_one()
    {
        // The noise is wider than the box: posteriors lean on its walls.
        var box = new Uniform(tensor(new[] { 0.0, 1000 }), tensor(new[] { 2.0, 1010 }));
        var problem = InverseProblem.FromSimulator(box, (x, random) => [x[0] + random.NextNormal(), (x[1] - 1000) / 5 + random.NextNormal()]);
        var posterior = problem.Fit(problem.Simulate(2000), ConditionalInn.Create(2, 2, blocks: 2, hidden: [16]), Short).Posterior([2.5, 0]);
        var draws = posterior.Sample(50_000);
        Assert.True(box.LogProb(draws).isfinite().all().ToBoolean());
        Assert.True(posterior.LogProb(draws).isfinite().all().ToBoolean());
        Assert.Equal(1, Quadrature.Integrate(x => posterior.LogProb(x.to(float32)).exp(), (0, 2), (1000, 1010)), 0.01);
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], posterior.LogProb(tensor(new[,] { { -0.01f, 1005 }, { 1, 1011 } })).to(float64).data<double>().ToArray());

        // x0 ~ N(2.5, 1) cut to [0, 2] has the mean 1.36.
        Assert.Equal(1.36, draws.select(1, 0).mean().ToDouble(), 0.08);
    }

    [Fact]
    public void Draws_lie_where_any_other_prior_has_density_and_what_remains_is_normalized()
    {
        var problem = InverseProblem.FromSimulator(new HalfNormal(), (x, random) => [x[0] + 0.5 * random.NextNormal(), x[1] + 0.5 * random.NextNormal()]);
        var estimator = problem.Fit(problem.Simulate(2000), Normal(2), Short with { Steps = 50 });       // a normal law does not fit: a good part of it lies outside
        var posterior = estimator.Posterior([0, 0.2]);
        Assert.InRange(estimator.Unrestricted.Sample(2000, tensor(new[,] { { 0f, 0.2f } })).lt(0).any(1).to(float64).mean().ToDouble(), 0.1, 0.9);
        var draws = posterior.Sample(20_000);
        Assert.True(draws.ge(0).all().ToBoolean());
        Assert.Equal(1, Quadrature.Integrate(x => posterior.LogProb(x.to(float32)).exp(), (0, 6), (0, 6)), 0.03);
        Assert.True(posterior.LogProb(tensor(new[,] { { -0.1f, 1 } })).isneginf().all().ToBoolean());
        var (mode, logProb) = posterior.Map();
        Assert.True(mode.ge(0).all().ToBoolean());
        Assert.True(logProb >= posterior.LogProb(draws).max().ToDouble() - 1e-3);
        Assert.Equal(50, estimator.Calibrate(problem.Simulate(50, new() { Seed = 1 }), draws: 15).HighestDensity.Count);
    }

    [Fact]
    public void One_parameter_is_learned_too()
    {
        // |x| is observed: two answers.
        var problem = InverseProblem.FromSimulator(new StandardNormal(1), (x, random) => [Math.Abs(x[0]) + 0.1 * random.NextNormal(), 5]);       // the second number never changes
        var draws = problem.Fit(problem.Simulate(3000), options: Short).Posterior([1, 5]).Sample(4000);
        Assert.InRange(draws.mean().ToDouble(), -0.2, 0.2);
        Assert.Equal(1, draws.abs().mean().ToDouble(), 0.1);
    }

    [Fact]
    public void Any_conditional_law_can_be_the_estimator()
    {
        var problem = Linear();
        var simulations = problem.Simulate(2000);
        var (mean, _) = Exact(tensor(new[,] { { 0.8, 0.4, -0.3 } }));
        Distribution[] laws = [Normal(3), Maf.Create(2, layers: 2, hidden: [16], contextShape: 3), new EmbeddedDistribution(RealNvp.Create(2, layers: 2, hidden: [16], contextShape: 4), nn.Sequential(nn.Flatten(), nn.Linear(3, 4)), 3, 1)];
        laws[0].to(float64);
        foreach (var law in laws)
        {
            var posterior = problem.Fit(simulations, law, Short with { Steps = 250, LearningRate = 1e-2 }).Posterior([0.8, 0.4, -0.3]);
            var draws = posterior.Sample(4000);
            Assert.InRange((draws.to(float64).mean([0]) - mean[0]).abs().max().ToDouble(), 0, 0.12);
            var (mode, logProb) = posterior.Map(steps: 20);
            Assert.Equal(logProb, posterior.LogProb(mode.unsqueeze(0)).ToDouble(), 1e-4);
        }
        Assert.Equal(float64, problem.Fit(simulations, laws[0], Short with { Steps = 0 }).Posterior([0, 0, 0]).Sample(2).dtype);
        foreach (var (law, words) in new (Distribution, string)[] { (RealNvp.Create(3, contextShape: 3), "(3); expected (2)"), (RealNvp.Create(2, contextShape: 2), "(2); expected (3)"), (RealNvp.Create(2), "no context") })
            Assert.Contains(words, Assert.Throws<ArgumentException>("estimator", () => problem.Fit(simulations, law, Short)).Message);
    }

    [Fact]
    public void A_fit_follows_from_its_seed_and_goes_on_from_its_checkpoint()
    {
        using var scratch = new Scratch();
        var simulations = Linear().Simulate(500);
        manual_seed(9);
        var expected = rand(1);
        manual_seed(9);
        var options = Short with { Steps = 30 };
        var first = Linear().Fit(simulations, options: options);
        Assert.True(rand(1).allclose(expected));
        var again = Linear().Fit(simulations, options: options);
        var other = Linear().Fit(simulations, options: options, seed: 1);
        Assert.Equal(first.History.Train, again.History.Train);
        Assert.NotEqual(first.History.Train, other.History.Train);

        using var stop = new CancellationTokenSource();
        options = options with { Checkpoint = new(scratch["fit"], Every: 5) };
        Assert.Throws<TrainingStoppedException>(() => Linear().Fit(simulations, options: options with { Cancellation = stop.Token, AfterStep = point => { if (point.Step == 17) stop.Cancel(); } }));
        int steps = 0;
        var resumed = Linear().Fit(simulations, options: options with { AfterStep = _ => steps++ });
        Assert.Equal(13, steps);
        Assert.Equal(first.History.Train, resumed.History.Train);
        Assert.Equal(first.History.Validation, resumed.History.Validation);
    }

    [Fact]
    public void Too_few_simulations_are_an_error_and_few_are_a_warning()
    {
        var problem = Linear();
        Assert.Contains("2 rows for 2 parameters", Assert.Throws<ArgumentException>("simulations", () => problem.Fit(problem.Simulate(2))).Message);
        Assert.Contains("'line': 40 simulations are few", Told(() => problem.Fit(problem.Simulate(40), options: Short with { Steps = 2 })));
        Assert.Equal("", Told(() => problem.Fit(problem.Simulate(250), options: Short with { Steps = 2 })));
        Assert.Throws<ArgumentException>("simulations", () => problem.Fit(new(randn(300, 3), randn(300, 3))));
        Assert.Contains("same observation in every row", Assert.Throws<ArgumentException>("simulations", () => problem.Fit(new(randn(300, 2), ones(300, 3)))).Message);
        Assert.Contains("constant in features 1", Assert.Throws<ArgumentException>(() => problem.Fit(new(cat([randn(300, 1), ones(300, 1)], dim: 1), randn(300, 3)))).Message);
        Assert.Equal(200, problem.Fit(new(randn(300, 2), randn(300, 3)), options: Short with { Steps = 2 }).Posterior([0, 0, 0]).Sample(200).size(0));
    }

    [Fact]
    public void What_is_no_observation_or_no_fresh_simulation_is_refused_by_name()
    {
        var estimator = linear.Value;
        Assert.Contains("2 numbers; expected 3", Assert.Throws<ArgumentException>("observation", () => estimator.Posterior([1, 2])).Message);
        Assert.Contains("observation[1] is NaN", Assert.Throws<ArgumentException>("observation", () => estimator.Posterior([1, double.NaN, 2])).Message);
        Assert.Throws<ArgumentException>("observation", () => estimator.Posterior([1, 2, double.PositiveInfinity]));
        Assert.Throws<ArgumentNullException>("observation", () => estimator.Posterior(null!));
        Assert.Contains("learned from", Assert.Throws<ArgumentException>("fresh", () => estimator.Calibrate(Linear().Simulate(100))).Message);
        Assert.Throws<ArgumentException>("fresh", () => estimator.Calibrate(SimulationTests.Noisy().Simulate(100, new() { Seed = 1 })));
        Assert.Throws<ArgumentException>("fresh", () => estimator.Calibrate(Linear().Simulate(1, new() { Seed = 1 })));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => estimator.Calibrate(Linear().Simulate(9, new() { Seed = 1 }), draws: 3));
        Assert.Throws<ArgumentOutOfRangeException>("draws", () => estimator.Posterior([0, 0, 0]).PredictiveCheck(draws: 7));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => estimator.Posterior([0, 0, 0]).PredictiveCheck(threads: 0));
        Assert.Throws<ArgumentException>("x", () => estimator.Posterior([0, 0, 0]).LogProb(zeros(5, 3)));
    }

    private static ConditionalMultivariateNormal Normal(long outputs) => MultivariateNormal.Conditional(2, outputs, (i, o) => new Mlp(i, o, []));

    private static InverseProblem Linear(double noise = 0.5) => InverseProblem.FromSimulator(
        new StandardNormal(2), (z, random) => [z[0] + noise * random.NextNormal(), z[0] + 0.5 * z[1] + noise * random.NextNormal(), z[1] + noise * random.NextNormal()], "line", ["offset", "slope"]);

    private static (Tensor Mean, Tensor Covariance) Exact(Tensor y) => new LinearGaussian(tensor(new[,] { { 1.0, 0 }, { 1, 0.5 }, { 0, 1 } }), noise: 0.5).Posterior(y);

    private static string Told(Action run)
    {
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        try
        {
            run();
        }
        finally
        {
            Console.SetError(before);
        }
        return told.ToString();
    }

    private sealed class HalfNormal() : Distribution(nameof(HalfNormal), 2)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => (-x.square().sum(1) / 2).masked_fill(x.lt(0).any(1), double.NegativeInfinity);

        protected override Tensor SampleCore(long count, Tensor? context) => randn(count, 2).abs();
    }
}
