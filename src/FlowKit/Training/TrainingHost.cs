using System.Collections.Concurrent;

namespace FlowKit.Training;

/// <summary>What the program that runs a notebook offers to its trainings: a receiver of progress, and a way to stop them.</summary>
/// <remarks>The <c>flowkit</c> command sets both around each cell. A training uses them where its own options name no others.</remarks>
/// <example><code>
/// class Watch : IProgress&lt;TrainingProgress>
/// {
///     public void Report(TrainingProgress value) { if (value.IsLast) Console.WriteLine($"{value.Name}: {value.Step} of {value.Steps}"); }
/// }
///
/// var host = TrainingHost.Progress;
/// TrainingHost.Progress = new Watch();
/// Trainer.Fit(new Normal().Learned(1), new StandardNormal(1), new() { Name = "scale", Steps = 20 });  // => scale: 20 of 20
/// TrainingHost.Progress = host;
/// </code></example>
public static class TrainingHost
{
    private static readonly ConcurrentDictionary<string, bool> declaredSettings = new();

    /// <summary>Receives the progress of every training that does not name its own receiver. Null: progress is not reported.</summary>
    public static IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>The settings that experiments of this process have requested so far; a provided setting that is not among them is a mistake.</summary>
    public static IReadOnlyCollection<string> DeclaredSettings => [.. declaredSettings.Keys.Order()];

    /// <summary>Stops the trainings that began while it was set, each at its next step.</summary>
    public static CancellationToken Cancellation { get; set; }

    /// <summary>Gives the token of the cell that the caller belongs to, where several cells run at once; null: <see cref="Cancellation"/> applies to all.</summary>
    internal static Func<CancellationToken>? CancellationOfCell { get; set; }

    internal static void NoteDeclared(string name) => declaredSettings[name] = true;
}
