namespace FlowKit.Inference;

/// <summary>Parameters that a prior drew and what a simulator made of each: what a posterior is learned from.</summary>
/// <example><code>
/// var problem = InverseProblem.FromSimulator(new StandardNormal(3), (x, random) => [x[0] * x[1], x[2] + random.NextNormal()]);
/// Simulations simulations = problem.Simulate(1000);
/// Console.WriteLine(simulations.Parameters);    // => [1000x3], type = Float64, device = cpu
/// Console.WriteLine(simulations.Observations);  // => [1000x2], type = Float64, device = cpu
/// </code></example>
public sealed class Simulations
{
    /// <summary>Simulations that were made elsewhere. The parameters must be draws of the problem's prior, or what is learned is the posterior of another one.</summary>
    /// <param name="parameters">x, (N, D), finite, N >= 1.</param>
    /// <param name="observations">y, (N, M), finite.</param>
    /// <exception cref="ArgumentException">Shapes do not fit each other, or a number is not finite.</exception>
    public Simulations(Tensor parameters, Tensor observations)
    {
        Guard.Number(parameters);
        Guard.Number(observations);
        if (parameters.Dimensions != 2 || parameters.numel() == 0) throw new ArgumentException($"parameters has shape {Guard.Describe(parameters)}; expected (N, D) with N >= 1.", nameof(parameters));
        if (observations.Dimensions != 2 || observations.size(0) != parameters.size(0) || observations.size(1) == 0)
            throw new ArgumentException($"observations has shape {Guard.Describe(observations)}; expected ({parameters.size(0)}, M), a row for each of the parameters.", nameof(observations));
        Guard.Finite(parameters);
        Guard.Finite(observations);
        Parameters = Kept(parameters);
        Observations = Kept(observations);
        Count = (int)parameters.size(0);
    }

    internal Simulations(IReadOnlyList<SimulatedRow> rows, int parameters, int outputs, int fromCache)
    {
        var good = rows.Where(row => row.Observation is not null).ToArray();
        Count = good.Length;
        Parameters = tensor(good.SelectMany(row => row.Parameters).ToArray(), [Count, parameters], dtype: float64, device: CPU).DetachFromDisposeScope();
        Observations = tensor(good.SelectMany(row => row.Observation!).ToArray(), [Count, outputs], dtype: float64, device: CPU).DetachFromDisposeScope();
        Failures = [.. rows.Index().Where(each => each.Item.Observation is null).Select(each => new SimulationFailure(each.Index, each.Item.Parameters, each.Item.Message))];
        FromCache = fromCache;
    }

    /// <summary>x, (N, D), float64, in the order of the rows; those that failed are left out.</summary>
    public Tensor Parameters { get; }

    /// <summary>y, (N, M), float64.</summary>
    public Tensor Observations { get; }

    /// <summary>N, the simulations that are there.</summary>
    public int Count { get; }

    /// <summary>Rows that failed. Without them the prior is the one given that the simulator succeeds, and the posterior is that one's.</summary>
    public IReadOnlyList<SimulationFailure> Failures { get; } = [];

    /// <summary>How many rows, failed ones included, were read from the cache instead of being simulated.</summary>
    public int FromCache { get; }

    /// <summary>How many there are, how many came from the cache, and how many failed.</summary>
    public override string ToString() =>
        $"{Count} simulations{(FromCache > 0 ? $", {FromCache} of them from the cache" : "")}{(Failures.Count > 0 ? $"; {Failures.Count} failed, the first: {Failures[0].Message}" : "")}";

    private static Tensor Kept(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.detach().to(float64).cpu().clone().DetachFromDisposeScope();
    }
}
