using System.Collections.Concurrent;
using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Tests.Inference;

public sealed class SimulationTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_row_follows_from_the_seed_and_its_number_alone()
    {
        var problem = Noisy();
        manual_seed(3);
        var expected = randn(2);
        manual_seed(3);
        var one = problem.Simulate(1500, new() { Threads = 1 });
        var four = problem.Simulate(2500, new() { Threads = 4, Chunk = 7 });
        Assert.True(randn(2).allclose(expected));
        AssertSame(one, four, 1500);
        var other = problem.Simulate(1500, new() { Seed = 1 });
        Assert.False(one.Parameters.eq(other.Parameters).any().ToBoolean());
        Assert.False(one.Observations.eq(other.Observations).any().ToBoolean());

        // Parameters are the prior's draws, and noise is independent of row to row.
        Assert.Equal(0, one.Parameters.mean().ToDouble(), 4.5 / Math.Sqrt(3000));
        var noise = one.Observations.select(1, 1);
        Assert.Equal(1, noise.var().ToDouble(), 4.5 * Math.Sqrt(2.0 / 1500));
        Assert.Equal(0, (noise[..^1] * noise[1..]).mean().ToDouble(), 4.5 / Math.Sqrt(1499));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_law()
    {
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextNormal())];
        double error = 4.5 / Math.Sqrt(x.Length);
        Assert.Equal(0, x.Average(), error);
        Assert.Equal(1, x.Average(y => y * y), error * Math.Sqrt(2));
        Assert.Equal(3, x.Average(y => y * y * y * y), error * Math.Sqrt(96));
    }

    [Fact]
    public void A_stopped_run_goes_on_where_it_was_and_simulates_no_finished_row_twice()
    {
        var calls = new ConcurrentBag<double>();
        int count = 0;
        using var stop = new CancellationTokenSource();
        var problem = Noisy(x =>
        {
            calls.Add(x[0]);
            if (Interlocked.Increment(ref count) == 150) stop.Cancel();
        });
        var options = new SimulationOptions { Cache = scratch["cache"], Chunk = 40, Threads = 3 };
        var stopped = Assert.Throws<OperationCanceledException>(() => problem.Simulate(500, options with { Cancellation = stop.Token }));
        Assert.Contains(scratch["cache"], stopped.Message);
        Assert.Equal(stop.Token, stopped.CancellationToken);
        int before = calls.Count;
        Assert.InRange(before, 150, 499);                                      // others go on while one stops them

        var all = problem.Simulate(500, options);
        Assert.Equal(before, all.FromCache);
        Assert.Equal(500, calls.Distinct().Count());
        Assert.Equal(500, calls.Count);
        AssertSame(Noisy().Simulate(500), all, 500);

        Assert.Equal(500, problem.Simulate(500, options).FromCache);
        AssertSame(all, problem.Simulate(123, options), 123);                // the first ones
        Assert.Equal(500, problem.Simulate(700, options).FromCache);
        Assert.Equal(700, calls.Count);
    }

    [Fact]
    public void The_button_that_stops_a_notebook_stops_simulations()
    {
        using var stop = new CancellationTokenSource();
        TrainingHost.Cancellation = stop.Token;
        try
        {
            int calls = 0;
            var problem = Noisy(_ => { if (Interlocked.Increment(ref calls) == 10) stop.Cancel(); });
            var stopped = Assert.Throws<OperationCanceledException>(() => problem.Simulate(100_000, new() { Threads = 2 }));
            Assert.Contains("no cache", stopped.Message);
            Assert.InRange(calls, 10, 99_999);
        }
        finally
        {
            TrainingHost.Cancellation = default;
        }
    }

    [Fact]
    public void Progress_is_told_to_the_end_and_a_receiver_that_throws_loses_no_row()
    {
        var heard = new List<SimulationProgress>();
        var problem = Noisy(_ => Thread.Sleep(1));
        problem.Simulate(800, new() { Threads = 1, Progress = new Receiver(heard.Add) });
        Assert.True(heard.Count > 1);
        Assert.Equal((800, 800, 0, 800), (heard[^1].Done, heard[^1].Count, heard[^1].Failed, heard[^1].Simulated));
        Assert.True(heard.Zip(heard.Skip(1)).All(pair => pair.First.Done <= pair.Second.Done));

        var options = new SimulationOptions { Cache = scratch["cache"], Threads = 2 };
        Assert.Throws<InvalidTimeZoneException>(() => problem.Simulate(3000, options with { Progress = new Receiver(_ => throw new InvalidTimeZoneException()) }));
        Assert.InRange(problem.Simulate(500, options with { Threads = 4 }).FromCache, 50, 500);
    }

    [Fact]
    public void A_row_that_fails_is_kept_aside_and_counted_with_its_message()
    {
        Dictionary<int, Func<double[]?>> failures = new()
        {
            [0] = () => throw new InvalidOperationException("the mesh is tangled"),
            [5] = () => [1, double.NaN],
            [17] = () => [double.NegativeInfinity, 1],
            [18] = () => null,
            [40] = () => [1, 2, 3],
            [41] = () => [],
            [90] = () => throw new OperationCanceledException(),               // not a stop
        };
        var good = Noisy().Simulate(100);
        var numbers = Enumerable.Range(0, 100).ToDictionary(row => good.Parameters[row, 0].ToDouble());
        int calls = 0;
        bool isMended = false;
        var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) =>
        {
            Interlocked.Increment(ref calls);
            int row = numbers[x[0]];
            x[0] = double.NaN;                                                 // its own copy
            return !isMended && failures.TryGetValue(row, out var fail) ? fail()! : [good.Parameters[row, 0].ToDouble(), random.NextNormal()];
        }, "noisy");
        var options = new SimulationOptions { Cache = scratch["cache"], Chunk = 10, Threads = 3 };
        var some = problem.Simulate(100, options);
        Assert.Equal(93, some.Count);
        Assert.Equal([0, 5, 17, 18, 40, 41, 90], some.Failures.Select(failure => failure.Row));
        Assert.Equal(
            ["InvalidOperationException: the mesh is tangled", "y[1] is NaN", "y[0] is -Infinity", "y is null", "y has 3 numbers; expected 2, as in the first row", "y has no numbers", "OperationCanceledException: The operation was canceled."],
            some.Failures.Select(failure => failure.Message));
        Assert.Equal(good.Parameters[5].data<double>().ToArray(), some.Failures[1].Parameters);
        Assert.Equal("93 simulations; 7 failed, the first: InvalidOperationException: the mesh is tangled", some.ToString());
        Assert.True(some.Parameters[0].equal(good.Parameters[1]).all().ToBoolean());

        Assert.Equal(100, calls);
        Assert.Equal(some.ToString().Replace(";", ", 100 of them from the cache;"), problem.Simulate(100, options).ToString());
        Assert.Equal(100, calls);
        isMended = true;
        var mended = problem.Simulate(100, options with { RetryFailures = true });
        Assert.Equal((100, 93, 107), (mended.Count, mended.FromCache, calls));
        Assert.Equal(100, problem.Simulate(100, options).Count);               // the later record counts
        AssertSame(good, problem.Simulate(100, options), 100);
    }

    [Fact]
    public void More_than_a_share_of_failures_is_an_error_that_says_so_and_loses_no_row()
    {
        int calls = 0;
        var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) =>
        {
            Interlocked.Increment(ref calls);
            return x[0] > 0 ? [x[0]] : throw new ArithmeticException("negative energy");
        }, "energy");
        var options = new SimulationOptions { Cache = scratch["cache"], Threads = 2 };
        string message = Assert.Throws<SimulationException>(() => problem.Simulate(1000, options)).Message;
        foreach (string part in new[] { "'energy'", "of 1000", "0.1 allows 100", "ArithmeticException: negative energy", "x = (-", scratch["cache"] }) Assert.Contains(part, message);
        Assert.InRange(calls, 101, 400);

        int before = calls;
        Assert.Throws<SimulationException>(() => problem.Simulate(1000, options));
        Assert.InRange(calls, before, before + 2);                             // what the cache says is enough
        var half = problem.Simulate(1000, options with { MostFailures = 0.7 });
        Assert.InRange(half.Failures.Count, 400, 600);
        Assert.Equal(1000, half.Count + half.Failures.Count);
        Assert.InRange(calls, 1000, 1002);

        Assert.Contains("1 of the 1", Assert.Throws<SimulationException>(() => InverseProblem.FromSimulator(new StandardNormal(1), (_, _) => throw new ArithmeticException()).Simulate(5)).Message);
        Assert.Single(InverseProblem.FromSimulator(new StandardNormal(1), (x, _) => x[0] < 10 ? [1] : []).Simulate(1, new() { MostFailures = 0 }).Observations.data<double>());
    }

    [Fact]
    public void A_prior_that_cannot_be_drawn_from_is_refused_by_name()
    {
        Func<double[], Random, double[]> simulate = (x, _) => x;
        Assert.Contains("cannot be sampled: only a density", Refused(new DensityOnly()).Message);
        Assert.Contains("not finite", Refused(new Nowhere()).Message);
        Assert.Contains("takes a context", Refused(MultivariateNormal.Conditional(2, 1, (i, o) => new Mlp(i, o, []))).Message);
        Assert.Contains("(1, 2, 2)", Refused(new StandardNormal(1, 2, 2)).Message);
        Assert.Throws<ArgumentNullException>("prior", () => InverseProblem.FromSimulator(null!, simulate));
        Assert.Throws<ArgumentNullException>("simulate", () => InverseProblem.FromSimulator(new StandardNormal(1), null!));
        Assert.Throws<ArgumentException>("name", () => InverseProblem.FromSimulator(new StandardNormal(1), simulate, " "));
        Assert.Throws<ArgumentException>("parameterNames", () => InverseProblem.FromSimulator(new StandardNormal(1), simulate, parameterNames: ["a", "b"]));

        ArgumentException Refused(Distribution prior) => Assert.Throws<ArgumentException>("prior", () => InverseProblem.FromSimulator(prior, simulate));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused_by_name()
    {
        var problem = Noisy();
        Assert.Throws<ArgumentOutOfRangeException>("count", () => problem.Simulate(0));
        Assert.Throws<ArgumentOutOfRangeException>("Chunk", () => problem.Simulate(5, new() { Chunk = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Threads", () => problem.Simulate(5, new() { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("MostFailures", () => problem.Simulate(5, new() { MostFailures = 1 }));
        Assert.Throws<ArgumentException>("Cache", () => problem.Simulate(5, new() { Cache = "" }));
        Assert.Throws<ArgumentException>("parameters", () => new Simulations(randn(5), randn(5, 2)));
        Assert.Throws<ArgumentException>("observations", () => new Simulations(randn(5, 1), randn(4, 2)));
        Assert.Throws<ArgumentException>("observations", () => new Simulations(randn(5, 1), randn(5, 2) / 0));
    }

    // y = (x1, noise).
    internal static InverseProblem Noisy(Action<double[]>? call = null, string name = "noisy", long features = 2) =>
        InverseProblem.FromSimulator(new StandardNormal(features), (x, random) =>
        {
            call?.Invoke(x);
            return [x[0], random.NextNormal()];
        }, name);

    internal static void AssertSame(Simulations expected, Simulations actual, int rows)
    {
        Assert.Equal(expected.Parameters[..rows].data<double>().ToArray(), actual.Parameters[..rows].data<double>().ToArray());
        Assert.Equal(expected.Observations[..rows].data<double>().ToArray(), actual.Observations[..rows].data<double>().ToArray());
    }

    private sealed class Receiver(Action<SimulationProgress> hear) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => hear(value);
    }

    private sealed class DensityOnly() : Distribution(nameof(DensityOnly), 2)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => -x.square().sum(1);

        protected override Tensor SampleCore(long count, Tensor? context) => throw new NotSupportedException("only a density");
    }

    private sealed class Nowhere() : Distribution(nameof(Nowhere), 2)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => zeros(x.size(0));

        protected override Tensor SampleCore(long count, Tensor? context) => zeros(count, 2) / 0;
    }
}
