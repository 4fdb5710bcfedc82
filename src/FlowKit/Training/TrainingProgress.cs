namespace FlowKit.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Name">What is being trained, as the notebook calls it.</param>
/// <param name="Step">Optimizer steps done, 1..<paramref name="Steps"/>.</param>
/// <param name="Steps">Optimizer steps planned.</param>
/// <param name="Loss">Mean training loss since the last report; nats per example for a negative log-likelihood.</param>
/// <param name="Validation">The latest validation loss, in the units of the loss, or null before the first evaluation.</param>
/// <param name="Elapsed">Time since the training began.</param>
/// <example><code>
/// var progress = new TrainingProgress("moons", Step: 500, Steps: 2000, Loss: 1.31, Validation: null, Elapsed: TimeSpan.FromSeconds(10));
/// Console.WriteLine(progress.StepsPerSecond);  // => 50
/// Console.WriteLine(progress.Remaining);       // => 00:00:30
/// </code></example>
public sealed record TrainingProgress(string Name, int Step, int Steps, double Loss, double? Validation, TimeSpan Elapsed)
{
    /// <summary>Whether no other report of this training will come: it is done, or stopped before its last step.</summary>
    public bool IsLast { get; init; }

    /// <summary>Optimizer steps per second since the training began; 0 before the clock has moved.</summary>
    public double StepsPerSecond => Elapsed > TimeSpan.Zero ? Step / Elapsed.TotalSeconds : 0;

    /// <summary>Time left at the rate so far; null before the first step.</summary>
    public TimeSpan? Remaining => Step > 0 ? Elapsed / Step * (Steps - Step) : null;
}
