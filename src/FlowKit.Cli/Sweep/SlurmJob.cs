namespace FlowKit.Cli;

/// <summary>A job array that was submitted for a sweep.</summary>
/// <param name="Job">The job number.</param>
/// <param name="Runs">The folder of each task, by its place in the array.</param>
internal sealed record SlurmJob(long Job, IReadOnlyList<string> Runs);
