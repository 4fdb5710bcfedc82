using System.Globalization;
using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>p(x | y*), the posterior given one observation: a distribution of the D parameters, in their own units. No draw lies where the prior has no density.</summary>
/// <example><code>
/// // x1, x2 ~ N(0, 1), y = x1 + x2 + noise: given y* = 1.5, each has the mean 1.5 / 3.
/// var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => [x[0] + x[1] + random.NextNormal()]);
/// Posterior posterior = problem.Fit(problem.Simulate(2000), options: new() { Steps = 400, LearningRate = 5e-3 }).Posterior([1.5]);
/// var (mode, logProb) = posterior.Map();
/// Console.WriteLine($"{mode.npstr("F1")} {posterior.LogProb(posterior.Sample(500)).max().ToDouble() &lt; logProb + 1e-3}");  // => [0.5, 0.5] True
/// Console.WriteLine(posterior.Warning is null);                                                                            // => True
/// </code></example>
public sealed class Posterior : Distribution
{
    /// <summary>The p-value of <see cref="RangePValue"/> below which an observation is warned about: 1 in 100 simulations is as far from the others.</summary>
    public const double RangeLevel = 0.01;

    private const int DrawsForMass = 10_000;

    private readonly PosteriorEstimator estimator;
    private readonly Lazy<double> logMass;

    internal Posterior(PosteriorEstimator estimator, double[] observation, double rangePValue) : base(nameof(Posterior), estimator.Problem.Dimensions)
    {
        (this.estimator, Observation, RangePValue) = (estimator, observation, rangePValue);
        using var scope = NewDisposeScope();
        SetConstant("observation", tensor(observation, [1, observation.Length], dtype: float64, device: CPU).to(estimator.Dtype).to(estimator.Device));
        logMass = new(LogMass);
        RegisterComponents();
    }

    /// <summary>y*, M numbers.</summary>
    public IReadOnlyList<double> Observation { get; }

    /// <summary>How unusual y* is among the simulations: the share of them that lie at least as far from their nearest neighbor, after whitening. Of 2000 simulations at most that were held back for this.</summary>
    public double RangePValue { get; }

    /// <summary>That y* lies outside the simulated range, where no simulation says what the posterior is; null where it does not. One y* in a hundred that the prior and the simulator themselves produce is warned about.</summary>
    public string? Warning => RangePValue > RangeLevel ? null : string.Create(CultureInfo.InvariantCulture,
        $"the observation lies outside the simulated range: of simulations, {RangePValue:P2} are as far from all others. The posterior is an extrapolation there; look at the prior, at the simulator and at the units.");

    /// <inheritdoc/>
    public override bool IsExact => true;

    /// <inheritdoc/>
    public override bool IsReparameterized => false;

    private Tensor Given => GetConstant("observation");

    /// <summary>The most probable parameters, (D), and log p(x | y*) there, in nats: <see cref="MaximumPosterior"/>. They depend on how the parameters are chosen; the mean of draws does so less.</summary>
    /// <param name="draws">From how many draws the best is taken to start from, >= 2.</param>
    /// <param name="steps">Of the climb, >= 0.</param>
    /// <param name="seed">Of the draws.</param>
    public (Tensor X, double LogProb) Map(int draws = 200, int steps = 200, long seed = 0)
    {
        using var scope = NewDisposeScope();
        var (x, logProb) = MaximumPosterior.Of(estimator.Model, Given, draws, steps, seed);
        return (scope.MoveToOuter(x[0].clone()), logProb.ToDouble() - logMass.Value);
    }

    /// <summary>Simulates draws of the posterior again and asks whether y* could be one of these observations.</summary>
    /// <param name="draws">n >= 8.</param>
    /// <param name="seed">Of the draws and of the noise; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <param name="threads">Simulations at once, >= 1; null: one for each processor.</param>
    /// <exception cref="SimulationException">Half of the simulations or more failed.</exception>
    public PredictiveCheck PredictiveCheck(int draws = 200, long seed = 0, int? threads = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 8);
        if (threads is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(threads));
        using var scope = NewDisposeScope();
        double[][] x = [.. PosteriorDraws.Of(estimator.Model, Given, draws, seed).to(float64).cpu().contiguous().data<double>().ToArray().Chunk((int)Dimensions)];
        var rows = new SimulatedRow[draws];
        Parallel.For(0, draws, new() { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount },
            row => rows[row] = SimulatedRow.Of(estimator.Problem.Simulator, x[row], RandomNumbers.Stream(~seed, row), estimator.Outputs));
        var again = new Simulations(rows, (int)Dimensions, estimator.Outputs, fromCache: 0);
        return again.Failures.Count * 2 < draws
            ? new(again, Observation)
            : throw new SimulationException($"{again.Failures.Count} of {draws} draws of the posterior cannot be simulated; the first: {again.Failures[0].Message}.");
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => estimator.Model.LogProb(x.to(estimator.Dtype), Given) - logMass.Value;

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => estimator.Model.Sample(count, Given);

    // ln of the part of the flow that lies where the prior has density.
    private double LogMass()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var draws = PosteriorDraws.Of(estimator.Unrestricted, Given, DrawsForMass);
        double inside = estimator.Problem.IsInside(draws[0]).to(float64).mean().ToDouble();
        return inside > 0 ? Math.Log(inside) : throw new InvalidOperationException($"Of {DrawsForMass} draws given the observation, none lies where the prior has density, so that its normalizer is not known.");
    }
}
