using System.Collections.Concurrent;

namespace FlowKit.Training;

/// <summary>What the program that runs a notebook offers to the trainings inside it: a place to report to, and a way to be stopped.</summary>
/// <remarks>The <c>flowkit</c> command sets both around each cell. A training uses them where its own options name no others.</remarks>
public static class TrainingHost
{
    private static readonly ConcurrentDictionary<string, bool> declaredSettings = new();

    /// <summary>Receives the progress of every training that names no receiver of its own. Null: nobody watches.</summary>
    public static IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>The settings that experiments of this process asked for so far; one that was given and is not among them is a mistake.</summary>
    public static IReadOnlyCollection<string> DeclaredSettings => [.. declaredSettings.Keys.Order()];

    /// <summary>Stops, at their next step, the trainings that began while it was set.</summary>
    public static CancellationToken Cancellation { get; set; }

    /// <summary>What stops the cell that the caller belongs to, where several have cells of their own; null: <see cref="Cancellation"/> does.</summary>
    internal static Func<CancellationToken>? CancellationOfCell { get; set; }

    internal static void NoteDeclared(string name) => declaredSettings[name] = true;
}
