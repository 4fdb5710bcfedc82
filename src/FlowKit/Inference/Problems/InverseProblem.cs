using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>What can be said about parameters x from an observation y, where only a simulator of y given x is at hand: from the prior p(x) and simulations, a flow learns the posterior p(x | y) for every y at once.</summary>
/// <remarks>
/// <para>Neural posterior estimation: the flow q(x | y) maximizes the mean of log q(x | y) over simulations, whose maximum is the posterior. Papamakarios, Murray 2016, arXiv:1605.06376; with conditional INNs Ardizzone et al.
/// 2019, arXiv:1907.02392; Radev et al. 2020, arXiv:2003.06281.</para>
/// <para>In this order: <see cref="Simulate"/>, <see cref="Fit"/>, <see cref="PosteriorEstimator.Calibrate"/> on simulations of another seed, <see cref="PosteriorEstimator.Posterior"/> of what was observed, and its <see cref="Posterior.PredictiveCheck"/>.</para>
/// <para>The simulator is called on several threads at once, each time with a <see cref="Random"/> of its own; a row's parameters and noise follow from the seed and the row's number alone, so that threads, interruptions and
/// the number of rows change nothing. It gives as many numbers each time; much data are to be summarized by it.</para>
/// <para>Draws of the posterior always lie where the prior has density. Where the prior gives a parameter an interval (<see cref="Uniform"/>, <see cref="Beta"/>, as blocks of a <see cref="ProductDistribution"/>, too), the flow
/// learns on the line, in the normal quantiles of its positions there, and reaches the ends up to a millionth. Under other priors with bounds, draws beyond them are drawn again, and
/// the density is divided by the part inside; a posterior that leans on such a bound is better learned in parameters without it, as the logarithm of a positive one.</para>
/// </remarks>
/// <example><code>
/// // A decay: the amount and the rate, from two noisy measurements.
/// var prior = new Uniform(low: tensor(new[] { 1.0, 0.1 }), high: tensor(new[] { 3.0, 2 }));
/// var decay = InverseProblem.FromSimulator(prior, (x, random) => [x[0] + 0.1 * random.NextNormal(), x[0] * Math.Exp(-x[1]) + 0.1 * random.NextNormal()], parameterNames: ["amount", "rate"]);
/// var posteriors = decay.Fit(decay.Simulate(2000), options: new() { Steps = 400, LearningRate = 3e-3 });
/// Posterior posterior = posteriors.Posterior([2, 0.7]);
/// Tensor draws = posterior.Sample(1000);
/// Console.WriteLine($"{draws.mean([0]).npstr("F0")} {prior.LogProb(draws).isfinite().all().ToBoolean()}");  // => [2, 1] True
/// Console.WriteLine(posterior.PredictiveCheck().PValue > 0.01);                                             // => True
/// Figures.Pairs(draws, decay.ParameterNames)
/// </code></example>
public sealed class InverseProblem
{
    internal const int Block = 1024;                      // rows whose parameters are drawn at once
    private const int FewForEach = 50;                    // simulations a number below which a warning is given
    private const double ShareOfValidation = 0.1;

    private InverseProblem(Distribution prior, Func<double[], Random, double[]> simulate, string name, IReadOnlyList<string> parameterNames)
    {
        (Prior, Simulator, Name, ParameterNames, Dimensions) = (prior, simulate, name, parameterNames, (int)prior.Dimensions);
    }

    /// <summary>The problem of that prior and simulator.</summary>
    /// <param name="prior">p(x), of vectors (D), unconditional, continuous; it must be able to draw samples.</param>
    /// <param name="simulate">y, M numbers, from x, D numbers, and a source of random numbers for the noise (<see cref="RandomNumbers.NextNormal"/>). Safe to call from several threads, or see <see cref="SimulationOptions.Threads"/>.
    /// Where it throws or gives NaN or an infinity, the row is kept aside.</param>
    /// <param name="name">Of the problem. A cache of another name is refused: rename the problem when the simulator changes, which a cache cannot see.</param>
    /// <param name="parameterNames">D names; null: x1, x2, ...</param>
    /// <exception cref="ArgumentException">The prior cannot be sampled, is conditional, not of vectors or of whole numbers, draws numbers that are not finite, or the names are not D.</exception>
    public static InverseProblem FromSimulator(Distribution prior, Func<double[], Random, double[]> simulate, string name = "simulator", IReadOnlyList<string>? parameterNames = null)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(simulate);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (prior.EventShape.Count != 1) throw new ArgumentException($"prior is of events {prior.EventShape}; expected vectors of parameters, (D).", nameof(prior));
        if (prior.ContextShape is not null) throw new ArgumentException($"prior takes a context, {prior.ContextShape}; expected an unconditional law.", nameof(prior));
        if (parameterNames is not null && parameterNames.Count != prior.Dimensions) throw new ArgumentException($"{parameterNames.Count} names were given; expected {prior.Dimensions}, one for each parameter.", nameof(parameterNames));
        var problem = new InverseProblem(prior, simulate, name, parameterNames ?? [.. Enumerable.Range(1, (int)prior.Dimensions).Select(d => $"x{d}")]);
        problem.Draw(seed: 0, block: 0);
        return problem;
    }

    /// <summary>p(x).</summary>
    public Distribution Prior { get; }

    /// <summary>What a cache and the progress call it.</summary>
    public string Name { get; }

    /// <summary>D names.</summary>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>Parameters, D.</summary>
    public int Dimensions { get; }

    internal Func<double[], Random, double[]> Simulator { get; }

    /// <summary>Draws parameters from the prior and simulates an observation of each, on several threads.</summary>
    /// <remarks>
    /// With a cache, finished rows are written in chunks: a process that is killed loses no finished chunk, and the same call goes on from there. Fewer rows than are in the cache are its first ones; more are added to
    /// it. A cache of another problem, seed or prior is refused. Where the power fails, chunks that the system had not written yet are recognized and simulated again.
    /// </remarks>
    /// <param name="count">N >= 1, failures included.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="SimulationException">More than a share of the rows failed, or the cache cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what was simulated is in the cache.</exception>
    public Simulations Simulate(int count, SimulationOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        options ??= new();
        options.Check();
        using var run = new SimulationRun(this, count, options);
        return run.Go();
    }

    /// <summary>Learns the posterior by maximum likelihood. A tenth of the simulations, the last ones, decides which weights are kept.</summary>
    /// <remarks>Parameters and observations are standardized by those that are learned from; the posterior is in their own units.</remarks>
    /// <param name="simulations">N > D of this problem.</param>
    /// <param name="estimator">Any conditional law of D real numbers given M, untrained; it sees standardized numbers. Null: a conditional flow of affine couplings, or a mixture density network of 8 components for a single parameter.</param>
    /// <param name="options">How it is trained, checkpoints included; null: <see cref="PosteriorEstimator.Options"/>.</param>
    /// <param name="seed">Of the weights, of the batches and of what the estimator draws; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">There are no more simulations than parameters, a parameter or every number of the observations is constant, or the estimator is of another shape.</exception>
    /// <inheritdoc cref="Trainer.Fit(Distribution, Dataset, Dataset?, FitOptions?)" path="/exception[position() > 1]"/>
    public PosteriorEstimator Fit(Simulations simulations, Distribution? estimator = null, FitOptions? options = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(simulations);
        long parameters = simulations.Parameters.size(1), outputs = simulations.Observations.size(1);
        if (parameters != Dimensions) throw new ArgumentException($"simulations has {parameters} parameters; the prior has {Dimensions}.", nameof(simulations));
        if (simulations.Count <= Dimensions)
            throw new ArgumentException($"simulations has {simulations.Count} rows for {Dimensions} parameters; expected more simulations than parameters, {FewForEach * (Dimensions + outputs)} or more to learn anything.", nameof(simulations));
        if (simulations.Count < FewForEach * (Dimensions + outputs))
            Console.Error.WriteLine($"'{Name}': {simulations.Count} simulations are few for {Dimensions} parameters and {outputs} observed numbers; below {FewForEach * (Dimensions + outputs)} expect a rough posterior. Calibrate tells how rough.");

        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream(seed);
        return new(this, simulations, estimator ?? Default(outputs), options ?? PosteriorEstimator.Options, (int)Math.Max(1, simulations.Count * ShareOfValidation));
    }

    /// <summary>The parameters of rows <see cref="Block"/> * block and following.</summary>
    internal double[][] Draw(long seed, int block)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream(RandomNumbers.Seed(seed, -1L - block));
        try
        {
            var x = Prior.Sample(Block);
            if (!x.is_floating_point()) throw new ArgumentException($"prior draws {Guard.Name(x.dtype)}; expected real parameters.", "prior");
            double[] all = x.to(float64).cpu().contiguous().data<double>().ToArray();
            if (!all.All(double.IsFinite)) throw new ArgumentException("prior draws numbers that are not finite; expected a law of finite parameters.", "prior");
            return [.. all.Chunk(Dimensions)];
        }
        catch (Exception error) when (error is NotSupportedException or NotImplementedException)
        {
            throw new ArgumentException($"prior, {Prior.GetName()}, cannot be sampled: {error.Message}", "prior", error);
        }
    }

    /// <summary>(B, D) to (B), whether the prior has density there. A law that knows no density counts as one without bounds.</summary>
    internal Tensor IsInside(Tensor x)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var mode = new EvaluationMode(Prior);
        var precision = Prior.parameters().FirstOrDefault()?.dtype ?? x.dtype;
        try
        {
            return scope.MoveToOuter(Prior.LogProb(x.to(precision)).gt(double.NegativeInfinity));
        }
        catch (NotSupportedException)
        {
            return scope.MoveToOuter(ones(x.size(0), dtype: @bool, device: x.device));
        }
    }

    private Distribution Default(long outputs) => Dimensions > 1
        ? ConditionalInn.Create(Dimensions, outputs)
        : GaussianMixture.Conditional(1, components: 8, outputs, (inputs, numbers) => new Mlp(inputs, numbers, [64, 64]));
}
