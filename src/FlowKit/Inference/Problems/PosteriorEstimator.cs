using FlowKit.Distributions;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>The posterior of a problem for every observation, as <see cref="InverseProblem.Fit"/> learned it.</summary>
/// <example><code>
/// var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => [x[0] + x[1] + random.NextNormal()]);
/// PosteriorEstimator estimator = problem.Fit(problem.Simulate(1000), options: new() { Steps = 200, LearningRate = 1e-2 });
/// Console.WriteLine(estimator.History.Steps);                                        // => 200
/// Console.WriteLine(estimator.Posterior([0.5]).Sample(100));                         // => [100x2], type = Float32, device = cpu
/// var report = estimator.Calibrate(problem.Simulate(100, new() { Seed = 1 }), draws: 63);
/// Console.WriteLine(report.Ranks.All(ranks => ranks.ChiSquarePValue(8) > 1e-3));     // => True
/// </code></example>
public sealed class PosteriorEstimator
{
    private const long RowsAtOnce = 65_536;

    private readonly InverseProblem problem;
    private readonly Simulations simulations;
    private readonly Lazy<SimulatedRange> range;

    internal PosteriorEstimator(InverseProblem problem, Simulations simulations, Distribution estimator, FitOptions options, int validation)
    {
        (this.problem, this.simulations) = (problem, simulations);
        long d = problem.Dimensions, m = simulations.Observations.size(1), learned = simulations.Count - validation;
        if (estimator.EventShape is not [var events] || events != d) throw new ArgumentException($"estimator is of events {estimator.EventShape}; expected ({d}), the parameters.", nameof(estimator));
        if (estimator.ContextShape is not { IsFixed: true } context || context.Volume != m)
            throw new ArgumentException($"estimator takes {(estimator.ContextShape is { } other ? $"contexts of shape {other}" : "no context")}; expected ({m}), the numbers of an observation, or another shape of as many.", nameof(estimator));
        if (StandardizedContext.IsConstant(simulations.Observations).all().ToBoolean())
            throw new ArgumentException("simulations has the same observation in every row, which tells nothing about parameters.", nameof(simulations));

        var (dtype, device) = estimator.parameters().FirstOrDefault() is { } parameter ? (parameter.dtype, parameter.device) : (get_default_dtype(), CPU);
        (Tensor x, Tensor y) = (simulations.Parameters.to(dtype), simulations.Observations);
        var support = new PriorSupport(problem.Prior);
        support.to(dtype);
        var embedding = new StandardizedContext(y.narrow(0, 0, learned), context);
        var flow = new Flow(new Chain(support, Standardize.Fit(support.Forward(x.narrow(0, 0, learned)).Z)), new EmbeddedDistribution(estimator, embedding, m));
        flow.to(device).to(dtype);
        y = y.to(dtype);
        Dataset data = new(x.to(device), y.to(device));
        History = Trainer.Fit(flow, data.Rows(0, learned), data.Rows(learned, validation), options);
        Model = new InsidePrior(flow, problem.IsInside);
        Unrestricted = flow;
        (Dtype, Device) = (dtype, device);
        range = new(() => new(simulations.Observations));
    }

    /// <summary>How an estimator is trained where nothing is said: at most 4000 steps of 256 simulations, fewer where the validation loss has not improved in 1500, with an average of the weights, which keeps a flow that has seen its simulations often from being too sure.</summary>
    public static FitOptions Options { get; } = new() { Name = "posterior", Steps = 4000, LearningRate = 3e-3, Average = 0.999, EvaluateEvery = 100, Patience = 15 };

    /// <summary>q(x | y), the conditional law of (D) parameters given (M) numbers, each in its own units, for other diagnostics and for <see cref="PosteriorDraws"/>. Under a prior with bounds it is normalized only up to a factor that depends on y; <see cref="Inference.Posterior"/> takes care of it.</summary>
    public Distribution Model { get; }

    /// <summary>The losses of the training, in nats: means of -log q(x | y).</summary>
    public History History { get; }

    /// <summary>q before draws where the prior has no density are refused.</summary>
    internal Distribution Unrestricted { get; }

    internal InverseProblem Problem => problem;

    internal ScalarType Dtype { get; }

    internal Device Device { get; }

    internal int Outputs => (int)simulations.Observations.size(1);

    /// <summary>The posterior given what was observed. Where that lies outside the simulated range, a warning says so on the error stream.</summary>
    /// <param name="observation">y*, M finite numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers, or one is not finite.</exception>
    public Posterior Posterior(double[] observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        if (observation.Length != Outputs) throw new ArgumentException($"observation has {observation.Length} numbers; expected {Outputs}, as the simulator gives.", nameof(observation));
        int bad = Array.FindIndex(observation, number => !double.IsFinite(number));
        if (bad >= 0) throw new ArgumentException($"observation[{bad}] is {observation[bad]}; expected finite numbers.", nameof(observation));
        var posterior = new Posterior(this, [.. observation], range.Value.PValue(observation));
        if (posterior.Warning is { } warning) Console.Error.WriteLine($"'{problem.Name}': {warning}");
        return posterior;
    }

    /// <summary>Whether the posteriors can be trusted, by simulations whose parameters are known.</summary>
    /// <param name="fresh">At least 2, of another seed than those learned from; 500 for a thorough look.</param>
    /// <param name="draws">L >= 4, of each posterior; one less than a multiple of the bins of a histogram of ranks.</param>
    /// <param name="seed">Of the draws; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The simulations are those learned from, or of another problem, or too few.</exception>
    public PosteriorReport Calibrate(Simulations fresh, int draws = 255, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 4);
        if (fresh.Parameters.size(1) != problem.Dimensions || fresh.Observations.size(1) != Outputs)
            throw new ArgumentException($"fresh has {fresh.Parameters.size(1)} parameters and {fresh.Observations.size(1)} observed numbers; expected {problem.Dimensions} and {Outputs}.", nameof(fresh));
        if (fresh.Count < 2) throw new ArgumentException($"fresh has {fresh.Count} simulations; expected at least 2.", nameof(fresh));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (fresh.Parameters[0].eq(simulations.Parameters).all(1).any().ToBoolean())
            throw new ArgumentException($"fresh has simulations that the posterior was learned from; simulate with another {nameof(SimulationOptions.Seed)}.", nameof(fresh));
        Dataset trials = new(fresh.Parameters.to(Dtype).to(Device), fresh.Observations.to(Dtype).to(Device));
        var all = PosteriorDraws.Of(Model, trials.Context!, draws, seed);
        return new(
            problem.ParameterNames, CalibrationRanks.Of(trials.X, all, seed), PosteriorShrinkage.Of(trials.X, all),
            ExpectedCoverage.Tarp(trials.X, all, seed: seed), ExpectedCoverage.HighestDensity(Model.LogProb(trials.X, trials.Context), Densities(all, trials.Context!), seed));
    }

    // log q of each trial's draws, (N, L), in few large calls.
    private Tensor Densities(Tensor draws, Tensor observations)
    {
        var parts = new List<Tensor>();
        for (long start = 0, rows = Math.Max(1, RowsAtOnce / draws.size(1)); start < draws.size(0); start += rows)
        {
            using var part = NewDisposeScope();
            var some = draws.narrow(0, start, Math.Min(rows, draws.size(0) - start));
            var given = observations.narrow(0, start, some.size(0)).repeat_interleave(draws.size(1), 0);
            parts.Add(part.MoveToOuter(Model.LogProb(some.flatten(0, 1), given).view(some.size(0), -1)));
        }
        return cat(parts, dim: 0);
    }
}
