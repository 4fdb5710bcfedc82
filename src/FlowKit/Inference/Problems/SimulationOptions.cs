namespace FlowKit.Inference;

/// <summary>How <see cref="InverseProblem.Simulate"/> works: its seed, threads and cache, and how many failures it bears.</summary>
/// <example><code>
/// var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => [x[0] + x[1] + random.NextNormal()]);
/// var options = new SimulationOptions { Seed = 1, Cache = "sum.simulations", Threads = 2 };
/// Console.WriteLine(problem.Simulate(500, options));    // => 500 simulations
/// Console.WriteLine(problem.Simulate(800, options));    // => 800 simulations, 500 of them from the cache
/// </code></example>
public sealed record SimulationOptions
{
    /// <summary>Decides parameters and noise of every row, whatever the number of rows, threads and interruptions. Simulations to learn from and those to test with need different ones.</summary>
    public long Seed { get; init; }

    /// <summary>A file to which finished rows are written, and from which they are read again; null: none.</summary>
    public string? Cache { get; init; }

    /// <summary>Rows that are written together, >= 1: at most so many are lost for each thread when the process is killed. 1 for a simulator that takes minutes.</summary>
    public int Chunk { get; init; } = 100;

    /// <summary>Simulations at once, >= 1; null: one for each processor. 1 for a simulator that cannot run beside itself.</summary>
    public int? Threads { get; init; }

    /// <summary>The share of rows that may fail, in [0, 1); more is an error.</summary>
    public double MostFailures { get; init; } = 0.1;

    /// <summary>Whether rows that failed according to the cache are simulated again, as after a correction of the simulator.</summary>
    public bool RetryFailures { get; init; }

    /// <summary>Receives progress, a few times a second, on the thread that called; null: nobody does.</summary>
    public IProgress<SimulationProgress>? Progress { get; init; }

    /// <summary>Stops when the rows that are being simulated are done; they are in the cache then. A notebook's stop button works without it.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void Check()
    {
        if (Cache is not null) ArgumentException.ThrowIfNullOrWhiteSpace(Cache);
        ArgumentOutOfRangeException.ThrowIfLessThan(Chunk, 1);
        if (Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(Threads));
        if (!(MostFailures is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(MostFailures), MostFailures, "Expected a share in [0, 1).");
    }
}
