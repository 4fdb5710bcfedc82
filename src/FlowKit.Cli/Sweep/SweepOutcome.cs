namespace FlowKit.Cli;

/// <summary>The outcome of a run that ended by itself.</summary>
/// <param name="Succeeded">Whether the run produced its results; claims that do not hold are results too.</param>
/// <param name="Problem">What went wrong, or null.</param>
/// <param name="IsUsage">Whether the command line was wrong, so that every run must fail.</param>
/// <param name="Seconds">How long it took, since it was last started.</param>
internal sealed record SweepOutcome(bool Succeeded, string? Problem, bool IsUsage, double Seconds);
