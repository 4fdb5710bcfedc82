namespace FlowKit.Inference;

/// <summary>Where a run of simulations stands.</summary>
/// <param name="Name">What is simulated.</param>
/// <param name="Done">Rows that are there, those from the cache included.</param>
/// <param name="Count">Rows asked for.</param>
/// <param name="Failed">How many of those done have failed.</param>
/// <param name="Simulated">Rows that this run simulated.</param>
/// <param name="Elapsed">Time since it began.</param>
/// <example><code>
/// var progress = new SimulationProgress("pendulum", Done: 600, Count: 1000, Failed: 2, Simulated: 500, Elapsed: TimeSpan.FromSeconds(10));
/// Console.WriteLine(progress.Remaining);  // => 00:00:08
/// </code></example>
public sealed record SimulationProgress(string Name, int Done, int Count, int Failed, int Simulated, TimeSpan Elapsed)
{
    /// <summary>Time left at the rate so far; null before the first row.</summary>
    public TimeSpan? Remaining => Simulated > 0 ? Elapsed / Simulated * (Count - Done) : null;
}
