namespace FlowKit.Training;

/// <summary>What the program that runs a notebook offers to the trainings inside it: a place to report to, and a way to be stopped.</summary>
/// <remarks>The <c>flowkit</c> command sets both around each cell. A training uses them where its own options name no others.</remarks>
public static class TrainingHost
{
    /// <summary>Receives the progress of every training that names no receiver of its own. Null: nobody watches.</summary>
    public static IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops every training of the process at its next step.</summary>
    public static CancellationToken Cancellation { get; set; }
}
